"""Small courses for the tests: one chapter or several, three exercises each, quick to build and free to break.

A copy takes its settings from the real course's root, and its lessons, masters, checks and quizzes from here, so that
no test depends on what a chapter of the course says. Its folder's name has a space and a letter beyond ASCII.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from workbook import author
from workbook import course as courses
from workbook.course import Course

ROOT = Path(__file__).resolve().parents[1]

COUNT = "count_first"
"""The exercise whose starter does not compile: E0382."""

SCALE = "scale_in_place"
"""The exercise whose starter compiles and fails a check."""

MEAN = "mean_of_any"
"""The exercise whose starter passes its checks and fails by a lint."""

REGISTRY = """\
title = "The TOPIC"
summary = "What a TOPIC is made of."
minutes = 40

[concepts]
moveSUF = "Give it away"
writeSUF = "Write through a loan"
anySUF = "Ask for less"

[[exercises]]
name = "count_firstSUF"
title = "Count before you give"
minutes = 5
teaches = ["moveSUF"]
needs = [NEEDS]
fails = "E0382"
hints = [
    "Who has the weights after the first line?SUF",
    "The last line asks for what was given away.SUF",
    "`(weights.len(), weights)` counts first.SUF",
]
why = "Counted while they are still here."

[[exercises.when]]
on = "E0382"
hint = "The value was moved in the line above.SUF"

[[exercises.when]]
on = "counts_the_weights"
hint = "A constant is right for one layer only.SUF"

[[exercises.when]]
on = "keeps_the_weights"
hint = "The weights themselves must come back.SUF"

[[exercises]]
name = "scale_in_placeSUF"
title = "Scale in place"
minutes = 5
teaches = ["writeSUF"]
needs = ["moveSUF"]
fails = ["scales_each_value"]
limit = 2
hints = [
    "Where does the product go?SUF",
    "`value` is a loan for writing.SUF",
    "`*value *= factor;` writes through it.SUF",
]
why = "It writes where the value stands."

[[exercises.when]]
on = "scales_each_value"
hint = "The product must be written back.SUF"

[[exercises.when]]
on = "E0600"
hint = "A value has no such sign.SUF"

[[exercises]]
name = "mean_of_anySUF"
title = "The mean of any slice"
minutes = 5
teaches = ["anySUF"]
needs = ["writeSUF"]
fails = ["clippy::ptr_arg"]
lints = ["clippy::ptr_arg"]
hints = [
    "Who else has numbers in a row?SUF",
    "Look at the parameter's type.SUF",
    "`values: &[f32]` takes them all.SUF",
]
why = "A slice asks for no more than is needed."

[[exercises.when]]
on = "clippy::ptr_arg"
hint = "Arrays have a mean too.SUF"

[[exercises.when]]
on = "means_what_it_says"
hint = "Divide by how many there are.SUF"

[[exercises.when]]
on = "E0308"
hint = "A mean only reads.SUF"
"""

MASTERS = {
    COUNT: """\
//! # Count before you give
//!
//! A layer hands its weights on, and says how many there are.

/// The number of weights, and the weights.
fn report(weights: Vec<f32>) -> (usize, Vec<f32>) {
    // TODO: Count the weights while they are still here.
    // [starter]
    // let kept = weights;
    // (weights.len(), kept)
    // [solution]
    (weights.len(), weights)
    // [end]
}
""",
    SCALE: """\
//! # Scale in place
//!
//! Every value is multiplied, and no second buffer is made.

/// Multiplies each of `values` by `factor`.
fn scale(values: &mut [f32], factor: f32) {
    for value in values {
        // TODO: Put the product where the value stands.
        // [starter]
        // let _ = *value * factor;
        // [solution]
        *value *= factor;
        // [end]
    }
}
""",
    MEAN: """\
//! # The mean of any slice
//!
//! Vectors have a mean, and so have arrays and parts of either.

/// The mean of `values`.
// TODO: Ask for less, so that more callers can be served.
// [starter]
// fn mean(values: &Vec<f32>) -> f32 {
//     values.iter().sum::<f32>() / values.len() as f32
// }
// [solution]
fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}
// [end]
""",
}

FOOTER = """
#[path = "../../chapters/CHAPTER/checks/NAME.rs"]
mod checks;
"""

CHECKS = {
    COUNT: """\
//! What `count_first` demands: the right number, and the weights.

use super::report;

#[test]
fn counts_the_weights() {
    let got = report(vec![0.5; 3]).0 + report(vec![]).0;
    let want = 3;
    assert_eq!(got, want, "weights of two layers");
}

#[test]
fn keeps_the_weights() {
    let got = report(vec![0.5, 1.5]).1;
    let want = [0.5, 1.5];
    assert_eq!(got, want);
}
""",
    SCALE: """\
//! What `scale_in_place` demands: all values are scaled, and none is lost.

use super::scale;

#[test]
fn keeps_their_number() {
    let mut values = vec![1.0; 4];
    scale(&mut values, 2.0);
    assert_eq!(values.len(), 4);
}

// Twice the value, at the place where it stood.
#[test]
fn scales_each_value() {
    let mut got = vec![3.0, -1.0];
    scale(&mut got, 2.0);
    let want = [6.0, -2.0];
    assert_eq!(got, want, "twice [3.0, -1.0]");
}
""",
    MEAN: """\
//! What `mean_of_any` demands: the mean.

use super::mean;

#[test]
fn means_what_it_says() {
    let values = vec![1.0, 2.0, 6.0];
    let got = mean(&values);
    let want = 3.0;
    assert_eq!(got, want, "mean of [1.0, 2.0, 6.0]");
}
""",
}

WRONG = {
    COUNT: """\
[[wrong]]
name = "a_constant"
tempting = "It is what the first layer has."
rejected_by = "counts_the_weights"
blocks = ["(4, weights)"]

[[wrong]]
name = "nothing_left"
tempting = "An empty list compiles."
rejected_by = "keeps_the_weights"
blocks = ["(weights.len(), Vec::new())"]
""",
    SCALE: """\
[[wrong]]
name = "add"
tempting = "A slip of the hand."
rejected_by = "scales_each_value"
blocks = ["*value += factor;"]

[[wrong]]
name = "not_a_number"
tempting = "Another slip."
rejected_by = "E0600"
blocks = ["*value = *value * !factor;"]
""",
    MEAN: '''\
[[wrong]]
name = "one_too_many"
tempting = "Counting from one."
rejected_by = "means_what_it_says"
blocks = [
    """
fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / (values.len() + 1) as f32
}
""",
]

[[wrong]]
name = "take_them"
tempting = "A signature without a sign."
rejected_by = "E0308"
blocks = [
    """
fn mean(values: Vec<f32>) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}
""",
]
''',
}

TRACING = '''
[[questions]]
id = "movedSUF"
type = "Tracing"
concept = "moveSUF"
prompt.program = """
fn main() {
    let weights = vec![0.5_f32];
    let taken = weights;
    println!("{} {}", taken.len(), weights.len());
}
"""
answer.doesCompile = false
answer.code = "E0382"
answer.lineNumber = 4
context = "They were moved one line above."
'''

CHOICE = """
[[questions]]
id = "choiceSUF-N"
type = "MultipleChoice"
concept = "writeSUF"
prompt.prompt = "Question N: which loan writes?"
prompt.distractors = ["The shared one", "None"]
answer.answer = "The exclusive one"
context = "Writer N is alone."
"""

SHORT = """
[[questions]]
id = "shortSUF-N"
type = "ShortAnswer"
concept = "anySUF"
prompt.prompt = "Question N: what does a slice not own?"
answer.answer = "its elements"
context = "It shows them, for the Nth time."
"""

MANIFEST = """\
[package]
name = "PACKAGE"
description = "A chapter for the tests."
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true
"""

README = """\
# A course for the tests

<!-- chapters: written by 'author sync' -->
<!-- end of chapters -->
"""

TOPICS = ("tensors", "layers", "models")


@dataclass
class Reply:
    """What a command of the runner said, and how it left."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass
class Copy:
    """A small course and ways to use it as a learner does."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def chapter(self) -> str:
        return f"01_{TOPICS[0]}"

    def course(self) -> Course:
        return courses.load(self.root)

    def environment(self, **more: str) -> dict[str, str]:
        """The caller's, less what would decide where cargo builds, how a terminal looks, or when Python writes."""
        unwanted = ("CARGO_TARGET_DIR", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONUNBUFFERED")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        ours = {"WORKBOOK_ROOT": str(self.root), "PYTHONPATH": str(ROOT / "python"), "PYTHONUTF8": "1"}
        return {**kept, **ours, **self.env, **more}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "workbook", *arguments]

    def call(self, *arguments: str, **more: str) -> Reply:
        """Runs one command away from any terminal, in a folder that is not the course's."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.root.parent,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Reply(done.returncode, done.stdout, done.stderr)

    def path(self, name: str) -> Path:
        """The learner's file."""
        return self.course().file(self.course().exercise(name).path)

    def solution(self, name: str) -> str:
        return author.read_master(self.course(), self.course().exercise(name)).solution()

    def starter(self, name: str) -> str:
        return author.read_master(self.course(), self.course().exercise(name)).starter()

    def write(self, name: str, text: str) -> Path:
        path = self.path(name)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def solve(self, *names: str) -> None:
        for name in names:
            self.write(name, self.solution(name))

    def body(self, name: str, code: str) -> Path:
        """The solution with `code` in its one block."""
        master = author.read_master(self.course(), self.course().exercise(name))
        return self.write(name, master.filled([code]))

    def edit(self, relative: str, old: str, new: str) -> None:
        """Replaces a text that stands exactly once in a file of the course."""
        path = self.root / relative
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{relative} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def lay_down(root: Path, chapters: int = 1) -> Copy:
    """Writes a course of some chapters, generated files and lock included."""
    copy = Copy(root)
    _write(root / "Cargo.toml", _workspace())
    for name in ("rust-toolchain.toml", "rustfmt.toml"):
        shutil.copyfile(ROOT / name, root / name)
    _write(root / "README.md", README)
    _write(root / "chapters" / "introduction.md", "# Introduction\n")
    for number, topic in enumerate(TOPICS[:chapters], start=1):
        _chapter(root, number, topic)
    author.sync(copy.course())
    # What laying down has backed up is none of the learner's.
    shutil.rmtree(root / ".workbook")
    subprocess.run(
        ["cargo", "generate-lockfile", "--offline", "--quiet"],
        cwd=root,
        env=copy.environment(),
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return copy


def _workspace() -> str:
    """The real root's settings, without its dependencies: there is nothing to build but the exercises."""
    manifest = tomlkit.parse((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    for members in ("members", "default-members"):
        for absent in ("crates/*", "data"):
            manifest["workspace"][members].remove(absent)
    manifest["workspace"]["dependencies"] = tomlkit.table()
    return tomlkit.dumps(manifest)


def _chapter(root: Path, number: int, topic: str) -> None:
    name = f"{number:02}_{topic}"
    suffix = "" if number == 1 else f"_{topic}"
    before = "" if number == 1 else '"move"'
    folder = root / "chapters" / name

    def filled(text: str) -> str:
        return text.replace("SUF", suffix).replace("TOPIC", topic).replace("NEEDS", before)

    _write(folder / "chapter.toml", filled(REGISTRY))
    _write(folder / "README.md", lesson(topic, suffix))
    _write(folder / "Cargo.toml", MANIFEST.replace("PACKAGE", topic))
    _write(folder / "src" / "lib.rs", '#![doc = include_str!("../README.md")]\n')
    _write(root / "solutions" / name / "Cargo.toml", MANIFEST.replace("PACKAGE", f"{topic}-solutions"))
    for plain in MASTERS:
        exercise = plain + suffix
        footer = FOOTER.replace("CHAPTER", name).replace("NAME", exercise)
        _write(root / "solutions" / name / f"{exercise}.rs", MASTERS[plain] + footer)
        _write(folder / "checks" / f"{exercise}.rs", CHECKS[plain])
        _write(folder / "wrong" / f"{exercise}.toml", WRONG[plain])
    _write(root / "quizzes" / f"{name}.toml", filled(quiz()))


def lesson(topic: str, suffix: str) -> str:
    """A lesson with the headings and the number of words that the author's rules ask for."""
    prose = "A model reads its weights more often than it writes them. " * 42
    parts = [f"# The {topic}\n"]
    for heading, name in (("Give it away", COUNT), ("Write through a loan", SCALE), ("Ask for less", MEAN)):
        parts.append(f"## {heading}\n\n{prose}\n\nNow do `{name}{suffix}`.\n")
    return "\n".join(parts)


def quiz() -> str:
    """Ten items of three kinds, about every concept."""
    items = [TRACING]
    items += [CHOICE.replace("N:", f"{n}:").replace("-N", f"-{n}") for n in range(1, 7)]
    items += [SHORT.replace("N:", f"{n}:").replace("-N", f"-{n}") for n in range(7, 10)]
    return "".join(items).lstrip()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def alive(pid: int) -> bool:
    """True if the process is there and is no zombie that waits for init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def processes(marker: str) -> list[str]:
    """The commands of all processes on this machine that name `marker`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if marker in command:
                found.append(command)
    return found
