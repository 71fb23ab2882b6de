"""The author's rules: a course that keeps them all, each rule broken once, and what is then said."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course_copy import COUNT, MEAN, SCALE, Copy, processes
from workbook import author
from workbook.author import Fault
from workbook.course import Chapter, Course

CHAPTER = "01_tensors"
REGISTRY = f"chapters/{CHAPTER}/chapter.toml"
LESSON = f"chapters/{CHAPTER}/README.md"
QUIZ = f"quizzes/{CHAPTER}.toml"
MASTER = f"solutions/{CHAPTER}/{SCALE}.rs"
CHECKS = f"chapters/{CHAPTER}/checks/{SCALE}.rs"
WRONG = f"chapters/{CHAPTER}/wrong/{SCALE}.toml"
STARTER = f"exercises/{CHAPTER}/{SCALE}.rs"
BUILT = {"target", ".author", ".workbook"}


def faults(copy: Copy) -> list[str]:
    return [str(fault) for fault in author.check(copy.course())]


def snapshot(root: Path) -> dict[Path, bytes]:
    found = {}
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in BUILT]
        found.update({Path(folder, name): Path(folder, name).read_bytes() for name in files})
    return found


def put_back(root: Path, before: dict[Path, bytes]) -> None:
    """The course as it was. Files that are as they were keep their time stamps, and cargo its builds."""
    now = snapshot(root)
    for path in set(now) - set(before):
        path.unlink()
    for path, content in before.items():
        if now.get(path) != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for folder, _, _ in sorted(os.walk(root), reverse=True):
        if not BUILT & set(Path(folder).relative_to(root).parts) and not any(Path(folder).iterdir()):
            Path(folder).rmdir()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, templates: dict[int, Path]) -> Copy:
    """A course that keeps every rule, built once."""
    copy = Copy(Path(shutil.copytree(templates[1], tmp_path_factory.mktemp("author") / "a cöurse")))
    assert faults(copy) == []
    return copy


@pytest.fixture
def kept(made: Copy) -> Iterator[Copy]:
    """The same, and put back after the test."""
    before = snapshot(made.root)
    yield made
    put_back(made.root, before)


# --- each rule, broken once -------------------------------------------------------------------------------------------

Break = Callable[[Copy], None]


def edit(relative: str, old: str, new: str, *, sync: bool = False) -> Break:
    def broken(copy: Copy) -> None:
        copy.edit(relative, old, new)
        if sync:
            author.sync(copy.course())

    return broken


def append(relative: str, text: str, *, sync: bool = False) -> Break:
    def broken(copy: Copy) -> None:
        path = copy.root / relative
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        if sync:
            author.sync(copy.course())

    return broken


def remove(relative: str) -> Break:
    return lambda copy: (copy.root / relative).unlink()


def add(relative: str, text: str = "") -> Break:
    def broken(copy: Copy) -> None:
        path = copy.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return broken


def swap(relative: str, one: str, other: str) -> Break:
    def broken(copy: Copy) -> None:
        path = copy.root / relative
        text = path.read_text(encoding="utf-8")
        assert one in text and other in text
        path.write_text(text.replace(one, "\0").replace(other, one).replace("\0", other), encoding="utf-8")

    return broken


def blocks(code: str) -> Break:
    """The wrong answer `add`, given other code."""
    return edit(WRONG, '"*value += factor;"', f'"{code}"')


STALE = "is not what its source says; 'workbook author sync' writes it anew"
ORPHAN = "belongs to no exercise"
NO_CHAPTER = "belongs to no chapter"

# What is broken, how, and every fault that is then reported, in order, as regular expressions.
READ: dict[str, tuple[Break, list[str]]] = {
    # Generated files.
    "an exercise that is not its starter": (append(STARTER, "// mine\n"), [f"{STARTER}: {STALE}"]),
    "an exercise that is missing": (remove(STARTER), [f"{STARTER}: is missing; 'workbook author sync' writes it"]),
    "an exercises' manifest edited by hand": (
        append(f"exercises/{CHAPTER}/Cargo.toml", "# mine\n"),
        [f"exercises/{CHAPTER}/Cargo.toml: {STALE}"],
    ),
    "a solutions' manifest without a target": (
        edit(f"solutions/{CHAPTER}/Cargo.toml", f'[[test]]\nname = "{SCALE}"\npath = "{SCALE}.rs"\n\n', ""),
        [f"solutions/{CHAPTER}/Cargo.toml: {STALE}"],
    ),
    "the book's table of contents": (append("chapters/SUMMARY.md", "more\n"), [f"chapters/SUMMARY.md: {STALE}"]),
    "the project's table of chapters": (edit("README.md", "0.7 h", "0.8 h"), [f"README.md: {STALE}"]),
}

# What the compiler decides.
COMPILED: dict[str, tuple[Break, list[str]]] = {
    "another error code": (
        edit(REGISTRY, 'fails = "E0382"', 'fails = "E0499"'),
        [
            f"{REGISTRY}: '{COUNT}': the starter should fail with E0499 and nothing else. It came to 'compile'; "
            "causes: E0382",
            f"'{COUNT}': the shortcut todo_deleted should fail with E0499",
        ],
    ),
    "another check": (
        edit(REGISTRY, 'fails = ["scales_each_value"]', 'fails = ["keeps_their_number"]'),
        [
            f"{REGISTRY}: '{SCALE}': the starter should fail with keeps_their_number and nothing else. "
            "It came to 'check'; causes: scales_each_value",
            "the shortcut todo_deleted should fail with keeps_their_number",
        ],
    ),
    "one check more than fails": (
        edit(REGISTRY, 'fails = ["scales_each_value"]', 'fails = ["scales_each_value", "keeps_their_number"]'),
        ["the starter should fail with keeps_their_number and scales_each_value", "the shortcut todo_deleted"],
    ),
    "an error without a code": (
        edit(MASTER, "// let _ = *value * factor;", '// compile_error!("not yet");', sync=True),
        ["the starter should fail with scales_each_value and nothing else", "the shortcut todo_deleted"],
    ),
    "a starter that passes": (
        edit(MASTER, "// let _ = *value * factor;", "// *value = factor * *value;", sync=True),
        [
            f"{REGISTRY}: '{SCALE}': the starter passes, and scales_each_value should reject it",
            "the shortcut todo_deleted passes",
        ],
    ),
    "a solution that fails": (
        edit(MASTER, "        *value *= factor;", "        *value += factor;"),
        [rf"{MASTER}: the solution does not pass. .*: twice .* wanted \[6.0, -2.0\], got \[5.0, 1.0\]"],
    ),
    "a solution that does not compile": (
        edit(MASTER, "        *value *= factor;", "        *value *= factors;"),
        [rf"{MASTER}: the solution does not pass. .*E0425 at line 8: "],
    ),
    "a solution that is not formatted": (
        edit(MASTER, "        *value *= factor;", "        *value *=  factor;"),
        [rf"{MASTER}:\d+: is not formatted as rustfmt has it"],
    ),
    "a starter that is not formatted": (
        edit(MASTER, "// let _ = *value * factor;", "// let _ = *value  * factor;", sync=True),
        [rf"{STARTER}:\d+: is not formatted as rustfmt has it"],
    ),
    "a warning of clippy on the solution": (
        edit(MASTER, "        *value *= factor;", "        *value = *value * factor;"),
        [rf"{MASTER}: clippy on the solution: .*\(clippy::assign_op_pattern\)"],
    ),
    "a warning of the compiler on the solution": (
        edit(MASTER, "        *value *= factor;", "        let unused = 1;\n        *value *= factor;"),
        [rf"{MASTER}: clippy on the solution: .*\(unused_variables\)"],
    ),
    "a wrong answer that passes": (
        blocks("*value = factor * *value;"),
        [f"{WRONG}: '{SCALE}': the wrong add passes, and scales_each_value should reject it"],
    ),
    "a wrong answer rejected by something else": (
        blocks("*value += factors;"),
        ["the wrong add should be rejected by scales_each_value. It came to 'compile'; causes: E0425"],
    ),
    "checks that nobody calls": (
        # A check of the same name in the file itself is not the course's.
        edit(CHECKS, "#[test]\nfn keeps_their_number", "#[cfg(any())]\n#[test]\nfn keeps_their_number"),
        [
            "the starter should fail with",
            f"{MASTER}: the solution does not pass. .*keeps_their_number",
            "the wrong add should be rejected by",
            "the shortcut todo_deleted should fail with",
        ],
    ),
}

READ |= {
    # The registry.
    "a hint that is repeated": (
        edit(REGISTRY, '"Look at the parameter\'s type."', '"Where does the product go?"'),
        [f"{REGISTRY}: '{MEAN}' repeats a hint of '{SCALE}'"],
    ),
    "a keyed hint that repeats": (
        edit(REGISTRY, 'hint = "A mean only reads."', 'hint = "Where does the product go?"'),
        [f"{REGISTRY}: '{MEAN}' repeats a hint of '{SCALE}'"],
    ),
    "a need that nobody taught": (
        edit(REGISTRY, "needs = []", 'needs = ["write"]'),
        [f"{REGISTRY}: '{COUNT}' needs 'write', which no earlier exercise teaches"],
    ),
    "a need of what it teaches itself": (
        edit(REGISTRY, "needs = []", 'needs = ["move"]'),
        [f"{REGISTRY}: '{COUNT}' needs 'move', which no earlier exercise teaches"],
    ),
    "a concept that is not declared": (
        edit(REGISTRY, 'teaches = ["any"]', 'teaches = ["less"]'),
        [
            f"{REGISTRY}: '{MEAN}' teaches 'less', which \\[concepts\\] does not declare",
            f"{REGISTRY}: concept 'any' is declared, and no exercise teaches it",
        ],
    ),
    "a concept taught twice": (
        edit(REGISTRY, 'teaches = ["any"]', 'teaches = ["write"]'),
        [
            f"{REGISTRY}: '{MEAN}' teaches 'write', which an earlier exercise taught",
            f"{REGISTRY}: concept 'any' is declared, and no exercise teaches it",
            r"\[concepts\] and the exercises teach in different orders",
        ],
    ),
    "minutes that do not suffice": (
        edit(REGISTRY, "minutes = 40", "minutes = 14"),
        [f"{REGISTRY}: minutes = 14, but the exercises alone take 15", f"README.md: {STALE}"],
    ),
    "a cause that is none": (
        edit(REGISTRY, 'on = "E0600"', 'on = "no_such_check"'),
        [
            f"{REGISTRY}: '{SCALE}' names 'no_such_check': no error code",
            f"{WRONG}: 'not_a_number': no hint is keyed to 'E0600'",
        ],
    ),
    "a place left in the registry": (
        edit(REGISTRY, '"Where does the product go?"', '"FILL IN: a nudge."'),
        [rf"{REGISTRY}:\d+: still says 'FILL IN'"],
    ),
    # The master and its checks.
    "a master that is missing": (remove(MASTER), [f"{MASTER}: .*No such file"]),
    "markers that are broken": (
        edit(MASTER, "        // [end]\n", ""),
        [f"{MASTER}: 9: this block is never closed: `// \\[end\\]` is missing"],
    ),
    "no place to work": (
        edit(
            MASTER,
            "        // [starter]\n        // let _ = *value * factor;\n        // [solution]\n"
            "        *value *= factor;\n        // [end]\n",
            "        *value *= factor;\n",
        ),
        [
            f"{MASTER}: has no place to work",
            f"{WRONG}: 'add' fills 1 blocks, the master has 0",
            "'not_a_number' fills 1",
        ],
    ),
    "no TODO": (
        edit(MASTER, "        // TODO: Put the product where the value stands.\n", ""),
        [f"{MASTER}:8: no `// TODO: …` comment directly above this block"],
    ),
    "nothing to change": (
        edit(MASTER, "// let _ = *value * factor;", "// *value *= factor;"),
        [f"{MASTER}:9: starter and solution are the same"],
    ),
    "a place left in the master": (
        edit(MASTER, "//! Every value is multiplied", "//! FILL IN: every value is multiplied"),
        [f"{MASTER}: still says 'FILL IN'"],
    ),
    "no task": (edit(MASTER, "//! # Scale in place\n//!\n", "\n"), [f"{MASTER}:1: does not open with `//! `"]),
    "another file's checks": (
        edit(MASTER, f"checks/{SCALE}.rs", f"checks/{COUNT}.rs"),
        [f"{MASTER}: does not end with the two lines that bring in the checks:\n#"],
    ),
    "checks that are missing": (remove(CHECKS), [f"{CHECKS}: is missing"]),
    "checks without a purpose": (
        edit(CHECKS, "//! What `scale_in_place` demands", "// What `scale_in_place` demands"),
        [f"{CHECKS}:1: does not open with `//! ` and what it demands"],
    ),
    "a check that no sandbox can take": (
        edit(CHECKS, "fn scales_each_value() {", "fn scales_each_value() -> () {"),
        [f"{CHECKS}: cannot be graded in the sandbox. The check 'scales_each_value' must be a plain"],
    ),
    "no checks": (
        add(CHECKS, "//! Nothing.\n"),
        [f"{CHECKS}: holds no `#\\[test\\]`"] + [f"{REGISTRY}: '{SCALE}' names 'scales_each_value'"] * 2,
    ),
    # Wrong answers.
    "only one wrong answer": (
        lambda copy: copy.edit(WRONG, (copy.root / WRONG).read_text(encoding="utf-8").split("\n\n")[1], ""),
        [f"{WRONG}: .*{SCALE}.toml:1: field 'wrong': list should have at least 2 items"],
    ),
    "no wrong answers": (remove(WRONG), [f"{WRONG}: .*{SCALE}.toml is missing"]),
    "a wrong answer without a keyed hint": (
        edit(REGISTRY, '[[exercises.when]]\non = "E0600"\nhint = "A value has no such sign."\n', ""),
        [f"{WRONG}: 'not_a_number': no hint is keyed to 'E0600', which rejects it"],
    ),
    "a wrong answer for another master": (
        edit(WRONG, 'blocks = ["*value += factor;"]', 'blocks = ["*value += factor;", ""]'),
        [f"{WRONG}: 'add' fills 2 blocks, the master has 1"],
    ),
    "two wrong answers of one name": (
        edit(WRONG, 'name = "not_a_number"', 'name = "add"'),
        [f"{WRONG}: 2 wrong answers are called 'add'"],
    ),
    "a place left in a wrong answer": (
        edit(WRONG, 'tempting = "A slip of the hand."', 'tempting = "FILL IN: why."'),
        [f"{WRONG}: 'add' still says 'FILL IN'"],
    ),
    # Files that nothing knows.
    "a stray exercise": (add(f"exercises/{CHAPTER}/old.rs"), [f"exercises/{CHAPTER}/old.rs: {ORPHAN}"]),
    "a stray solution": (add(f"solutions/{CHAPTER}/old.rs"), [f"solutions/{CHAPTER}/old.rs: {ORPHAN}"]),
    "stray checks": (
        add(f"chapters/{CHAPTER}/checks/old.rs"),
        [f"chapters/{CHAPTER}/checks/old.rs: {ORPHAN}"],
    ),
    "stray wrong answers": (
        add(f"chapters/{CHAPTER}/wrong/old.toml"),
        [f"chapters/{CHAPTER}/wrong/old.toml: {ORPHAN}"],
    ),
    "a stray quiz": (add("quizzes/02_old.toml"), [f"quizzes/02_old.toml: {NO_CHAPTER}"]),
    "a stray notebook": (
        add("notebooks/02_old.ipynb", "{}"),
        ["notebooks/02_old.ipynb: has no master in solutions/notebooks/"],
    ),
    "a stray folder of exercises": (add("exercises/02_old/a.rs"), [f"exercises/02_old: {NO_CHAPTER}"]),
    "a stray folder of solutions": (add("solutions/02_old/a.rs"), [f"solutions/02_old: {NO_CHAPTER}"]),
    "a chapter without a registry": (add("chapters/02_old/README.md"), ["chapters/02_old: has no chapter.toml"]),
    # The lesson.
    "no lesson": (remove(LESSON), [f"{LESSON}: is missing"]),
    "a heading that is missing": (
        edit(LESSON, "## Write through a loan", "## Write"),
        [f"{LESSON}: has no heading 'Write through a loan', where \\[concepts\\] says 'write' is taught"],
    ),
    "headings in another order": (
        swap(LESSON, "## Write through a loan", "## Ask for less"),
        [f"{LESSON}: its headings and \\[concepts\\] are in different orders"],
    ),
    "an exercise that is not mentioned": (
        edit(LESSON, f"Now do `{SCALE}`.", "Now do the next."),
        [f"{LESSON}: never sends the reader to the exercise `{SCALE}`"],
    ),
    "exercises mentioned in another order": (
        swap(LESSON, f"Now do `{SCALE}`.", f"Now do `{MEAN}`."),
        [f"{LESSON}: sends the reader to the exercises in another order than chapter.toml lists them"],
    ),
    "too few words": (
        edit(
            LESSON,
            "A model reads its weights more often than it writes them. " * 42 + "\n\nNow do `mean",
            "Now do `mean",
        ),
        [f"{LESSON}: has \\d+ words; a lesson has 1200 to 2500"],
    ),
    "too many words": (append(LESSON, "word " * 1_500), [f"{LESSON}: has \\d+ words; a lesson has 1200 to 2500"]),
    "code does not count as words": (append(LESSON, "\n```rust\n" + "// word\n" * 2_000 + "```\n"), []),
    "another title": (
        edit(LESSON, "# The tensors\n", "# Tensors\n"),
        [f"{LESSON}: its first heading is not the chapter's title, 'The tensors'"],
    ),
    # The quiz.
    "no quiz": (remove(QUIZ), [f"{QUIZ}: is missing"]),
    "a quiz that is broken": (
        edit(QUIZ, "answer.lineNumber = 4", "answer.lineNumber = 0"),
        [rf"{QUIZ}: {QUIZ}:\d+: field 'questions\[1\].answer.lineNumber'"],
    ),
    "a quiz that is wrong": (
        edit(QUIZ, "answer.lineNumber = 4", "answer.lineNumber = 3"),
        ["item 'moved': the error is said to be at line 3, the compiler says E0382 at line 4"],
    ),
    "a quiz about something else": (
        edit(QUIZ, 'concept = "move"', 'concept = "any"'),
        ["no item asks about the chapter's concept 'move'"],
    ),
    # Manifests.
    "a version of its own": (
        append(f"chapters/{CHAPTER}/Cargo.toml", '\n[dev-dependencies]\nserde = "1"\n'),
        [f"chapters/{CHAPTER}/Cargo.toml: 'serde' names a version of its own; versions stand in the root's Cargo.toml"],
    ),
    "a dependency that the workspace has not": (
        append(f"chapters/{CHAPTER}/Cargo.toml", "\n[dependencies]\nserde.workspace = true\n"),
        [f"chapters/{CHAPTER}/Cargo.toml: 'serde' is not in \\[workspace.dependencies\\]"],
    ),
    "another package's name": (
        edit(f"chapters/{CHAPTER}/Cargo.toml", 'name = "tensors"', 'name = "tensor"'),
        [f"chapters/{CHAPTER}/Cargo.toml: is not the package 'tensors'"],
    ),
    "a chapter without a manifest": (
        remove(f"chapters/{CHAPTER}/Cargo.toml"),
        [f"chapters/{CHAPTER}/Cargo.toml: is missing"],
    ),
}


@pytest.mark.parametrize("rule", COMPILED)
def test_a_rule_broken_in_code_is_reported_and_nothing_else(kept: Copy, rule: str) -> None:
    reported(kept, *COMPILED[rule])


@pytest.mark.parametrize("rule", READ)
def test_a_rule_broken_elsewhere_is_reported_and_nothing_else(
    kept: Copy, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None of these changes what is compiled; to build and run it each time would take minutes.
    monkeypatch.setattr(author, "_behaviour", lambda *_: [])
    reported(kept, *READ[rule])


def reported(kept: Copy, broken: Break, expected: list[str]) -> None:
    before = snapshot(kept.root)
    broken(kept)
    assert snapshot(kept.root) != before, "nothing was broken"
    found = faults(kept)
    assert len(found) == len(expected), "\n".join(found)
    for text, pattern in zip(found, expected, strict=True):
        assert re.search(pattern, text, re.DOTALL), f"{pattern}\n{text}"


def test_put_back_the_course_keeps_every_rule(kept: Copy) -> None:
    """What the tests above have left behind, if anything, is seen here."""
    assert faults(kept) == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('    "`*value *= factor;` writes through it.",\n', "", "exercises[2].hints"),
        ('"`*value *= factor;` writes through it."', '" "', "exercises[2].hints[3]"),
        ("minutes = 40", 'minutes = "forty"', "minutes"),
    ],
)
def test_a_registry_that_cannot_be_read_ends_the_check(kept: Copy, old: str, new: str, field: str) -> None:
    kept.edit(REGISTRY, old, new)
    reply = kept.call("author", "check")
    assert reply.code == 2
    assert re.search(rf"{REGISTRY}:\d+: field '{re.escape(field)}': ", reply.err)


def test_the_command_prints_its_faults_and_a_summary(kept: Copy) -> None:
    reply = kept.call("author", "check")
    assert reply.code == 0
    judged = r"01_tensors: 3 exercises judged in \d+\.\d s\n"
    assert re.fullmatch(rf"{judged}3 exercises, 0 faults, \d+\.\d s\n", reply.out)
    (kept.root / QUIZ).unlink()
    reply = kept.call("author", "check", "tensors")
    assert reply.code == 1
    assert re.fullmatch(rf"{judged}{QUIZ}: is missing\n3 exercises, 1 faults, \d+\.\d s\n", reply.out)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_check_that_is_interrupted_leaves_at_once_and_nothing_behind(kept: Copy, ending: signal.Signals) -> None:
    # One answer that runs for two minutes, and others that wait for its place.
    edit(REGISTRY, "limit = 2", "limit = 120")(kept)
    blocks("loop { std::hint::black_box(&value); }")(kept)
    checking = subprocess.Popen(
        kept.command("author", "check"), env=kept.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 200
        while not any("__wrong_add" in command for command in checks_running(kept)):
            assert time.monotonic() < deadline and checking.poll() is None
            time.sleep(0.02)
        checking.send_signal(ending)
        _, said = checking.communicate(timeout=60)
    finally:
        checking.kill()
    assert checking.returncode == 128 + ending
    assert b"Traceback" not in said
    assert checks_running(kept) == []


def checks_running(copy: Copy) -> list[str]:
    return [command for command in processes(str(copy.root)) if "--exact" in command]


# --- sync and new -----------------------------------------------------------------------------------------------------


def test_sync_writes_what_differs_and_keeps_what_it_replaces(kept: Copy) -> None:
    backups = kept.root / ".workbook" / "backup"
    shutil.rmtree(backups, ignore_errors=True)
    mine = kept.solution(SCALE)
    kept.write(SCALE, mine)
    (kept.root / "chapters" / "SUMMARY.md").unlink()
    reply = kept.call("author", "sync")
    assert reply.code == 0
    assert reply.out == f"wrote {STARTER}\nwrote chapters/SUMMARY.md\n"
    assert kept.path(SCALE).read_text(encoding="utf-8") == kept.starter(SCALE)
    assert [path.read_text(encoding="utf-8") for path in backups.iterdir()] == [mine]
    assert kept.call("author", "sync").out == ""


def test_a_new_exercise_is_green_once_its_places_are_filled(kept: Copy) -> None:
    reply = kept.call("author", "new", "tensors", "best_score")
    assert reply.code == 0
    written = re.findall(r"(?m)^wrote (\S+)$", reply.out)
    master, checks, wrong, registry = written
    assert [master, checks, wrong] == [
        f"solutions/{CHAPTER}/best_score.rs",
        f"chapters/{CHAPTER}/checks/best_score.rs",
        f"chapters/{CHAPTER}/wrong/best_score.toml",
    ]
    assert registry == REGISTRY
    assert (kept.root / f"exercises/{CHAPTER}/best_score.rs").is_file()

    # Whatever is found is a place to fill, but for the lesson, which only its author can write.
    left = faults(kept)
    lesson = f"{LESSON}: never sends the reader to the exercise `best_score`"
    assert left.count(lesson) == 1
    assert len(left) > 8 and all("still says 'FILL IN'" in text for text in left if text != lesson), left

    for relative in written:
        path = kept.root / relative
        lines = path.read_text(encoding="utf-8").splitlines()
        # Each place gets words of its own: hints must not repeat each other.
        lines = [line.replace("FILL IN", f"Said in line {number}") for number, line in enumerate(lines)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    append(LESSON, "\nNow do `best_score`.\n")(kept)
    assert kept.call("author", "sync").code == 0
    assert faults(kept) == []
    assert kept.call("run", "best_score", "--json").data["failed_checks"] == [
        "finds_the_largest_anywhere",
        "works_below_zero",
    ]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Best", "'Best' cannot be a file's name"),
        ("../best", "'../best' cannot be a file's name"),
        (SCALE, f"There is an exercise '{SCALE}' already"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(kept: Copy, name: str, problem: str) -> None:
    before = snapshot(kept.root)
    reply = kept.call("author", "new", "tensors", name)
    assert reply.code == 2
    assert problem in reply.err
    assert snapshot(kept.root) == before


def test_new_touches_no_file_that_is_there(kept: Copy) -> None:
    add(f"chapters/{CHAPTER}/checks/best_score.rs", "mine")(kept)
    before = snapshot(kept.root)
    reply = kept.call("author", "new", "tensors", "best_score")
    assert reply.code == 2
    assert f"chapters/{CHAPTER}/checks/best_score.rs exists already; it was not touched." in reply.err
    assert snapshot(kept.root) == before


# --- more than one chapter --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, templates: dict[int, Path]) -> Copy:
    return Copy(Path(shutil.copytree(templates[3], tmp_path_factory.mktemp("author") / "three cöurse")))


@pytest.fixture
def chapters(course: Copy) -> Iterator[Copy]:
    before = snapshot(course.root)
    yield course
    put_back(course.root, before)


def test_three_chapters_keep_the_rules_and_one_can_be_checked_alone(chapters: Copy) -> None:
    assert faults(chapters) == []
    append("chapters/02_layers/README.md", "word " * 1_500)(chapters)
    append("chapters/03_models/README.md", "word " * 1_500)(chapters)
    reply = chapters.call("author", "check", "02")
    assert reply.code == 1
    assert re.fullmatch(
        r"02_layers: 3 exercises judged in [\d.]+ s\n"
        r"chapters/02_layers/README.md: has \d+ words; .*\n3 exercises, 1 faults, .* s\n",
        reply.out,
    )


def test_an_exercise_may_need_what_an_earlier_chapter_taught_but_no_later_one(chapters: Copy) -> None:
    chapters.edit("chapters/02_layers/chapter.toml", 'needs = ["move"]', 'needs = ["any", "write_models"]')
    problem = f"'{COUNT}_layers' needs 'write_models', which no earlier exercise teaches"
    assert [fault.problem for fault in author._order(chapters.course())] == [problem]


def test_names_are_unique_in_the_whole_course(chapters: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(author, "_behaviour", lambda *_: [])
    root, old, new = chapters.root, f"{COUNT}_layers", COUNT
    for relative in ("chapters/02_layers/chapter.toml", "chapters/02_layers/README.md"):
        path = root / relative
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    chapters.edit(f"solutions/02_layers/{old}.rs", f"checks/{old}.rs", f"checks/{new}.rs")
    (root / f"exercises/02_layers/{old}.rs").unlink()
    for folder, suffix in (
        ("solutions/02_layers", "rs"),
        ("chapters/02_layers/checks", "rs"),
        ("chapters/02_layers/wrong", "toml"),
    ):
        (root / folder / f"{old}.{suffix}").rename(root / folder / f"{new}.{suffix}")
    author.sync(chapters.course())
    problem = f"2 exercises are called '{COUNT}'; names are unique in the course"
    assert faults(chapters) == [f"chapters/*/chapter.toml: {problem}"]


def test_concepts_and_packages_are_unique_in_the_whole_course(chapters: Copy) -> None:
    registry = chapters.root / "chapters/02_layers/chapter.toml"
    registry.write_text(registry.read_text(encoding="utf-8").replace("write_layers", "write"), encoding="utf-8")
    for folder in ("chapters", "exercises", "solutions"):
        (chapters.root / folder / "03_models").rename(chapters.root / folder / "03_tensors")
    found = [fault.problem for fault in author._names(chapters.course())]
    assert found == ["concept 'write' is declared 2 times", "2 chapters would be the package 'tensors'"]


def test_a_chapters_own_crate_may_have_a_name_of_its_own(chapters: Copy) -> None:
    chapters.edit("chapters/03_models/chapter.toml", "[concepts]", 'crate = "models-chapter"\n\n[concepts]')
    assert chapters.course().chapter("models").crate == "models-chapter"
    where = "chapters/03_models/Cargo.toml: is not the package 'models-chapter'"
    assert where in [str(fault) for fault in author._registry(chapters.course(), chapters.course().chapters[2])]
    chapters.edit("chapters/03_models/Cargo.toml", 'name = "models"', 'name = "models-chapter"')
    assert not list(author._registry(chapters.course(), chapters.course().chapters[2]))


def test_markers_broken_in_one_chapter_do_not_hide_the_others_faults(
    chapters: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []

    def behaviour(_: Course, chapter: Chapter) -> list[Fault]:
        compiled.append(chapter.name)
        return []

    monkeypatch.setattr(author, "_behaviour", behaviour)
    chapters.edit(f"solutions/01_tensors/{SCALE}.rs", "        // [end]\n", "")
    append("chapters/03_models/README.md", "word " * 1_500)(chapters)
    found = faults(chapters)
    assert len(found) == 2
    assert "chapters/03_models/README.md: has" in found[0] and "is never closed" in found[1]
    assert compiled == ["02_layers", "03_models"]
