"""The runner beside rustlings: from a save to the verdict, and one call from its start to its end.

Both get the same exercise, in temporary folders: ours a copy of the course, theirs a community set made by
`rustlings dev new`, whose one file holds the exercise and its checks. Three edits are measured, each with a content
that was not there before: one that does not compile, one that fails a check, one that passes. Before anything is timed,
both must say the same of all three.

    python benchmarks/runner.py [--edits 30] [--large] [--cold] [--json FILE]

benchmarks/README.md says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))

from workbook import course as courses  # noqa: E402
from workbook import exercise, measure, tools, verdict  # noqa: E402
from workbook.course import Course, Exercise  # noqa: E402

RUSTLINGS = "6.5.0"

# What a learner calls `python3`: not a virtual environment's, and not a version manager's shim.
PYTHON = getattr(sys, "_base_executable", None) or sys.executable

EDITS = ("does not compile", "fails a check", "passes")
PATIENCE = 180.0
"""Seconds to wait for a verdict; the first builds the dependencies."""

# The chapters to come, so far as cargo has to resolve them; never built.
HEAVY = """
[package]
name = "all-chapters"
version = "0.0.0"
edition = "2024"

[dependencies]
axum = "0.8"
burn = "0.22"
candle-transformers = "0.11"
linfa-clustering = "0.8"
polars = { version = "0.55", features = ["lazy", "parquet", "csv", "strings"] }
tokenizers = "0.22"
tokio = { version = "1", features = ["full"] }
"""


class Unfair(Exception):
    """The two sides did not do the same, or one of them did not answer: there is nothing to compare."""


@dataclass(frozen=True)
class Runner:
    """One side: how it is called, what it edits, and how its verdict reads on the screen, by edit."""

    name: str
    folder: Path
    file: Path
    texts: dict[str, str]
    watch: list[str]
    once: list[str]
    marks_watching: dict[str, str]
    marks_once: dict[str, str]

    def save(self, edit: str, serial: int) -> None:
        """Writes the edit's text into the file, as editors do; `serial` makes it one that was never compiled."""
        self.file.write_text(f"{self.texts[edit]}// edit {serial}\n", encoding="utf-8", newline="\n")


@dataclass
class Samples:
    """Seconds of one measurement of one side."""

    measured: str
    edit: str
    runner: str
    seconds: list[float] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        ordered = sorted(self.seconds)
        return {
            "measured": self.measured,
            "edit": self.edit,
            "runner": self.runner,
            "samples": len(ordered),
            "minimum": round(ordered[0], 4),
            "median": round(statistics.median(ordered), 4),
            "p95": round(ordered[math.ceil(0.95 * len(ordered)) - 1], 4),
        }


class Terminal:
    """A program in a terminal of 120 by 40, and when what appeared on it."""

    def __init__(self, command: Sequence[str], folder: Path, env: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.child: Any = pexpect.spawn(
            command[0], list(command[1:]), cwd=str(folder), env=env, dimensions=(40, 120), timeout=PATIENCE
        )
        self.text = ""

    def wait_for(self, mark: str) -> float:
        """The time at which text that matches `mark` had appeared since the last `settle`."""
        deadline = time.perf_counter() + PATIENCE
        while not re.search(mark, self.text):
            if not self._read(deadline - time.perf_counter()):
                raise Unfair(f"{self.child.command} never showed {mark!r}. It showed:\n{self.text[-3000:]}")
        return time.perf_counter()

    def wait_for_end(self) -> float:
        while self._read(PATIENCE):
            pass
        ended = time.perf_counter()
        self.child.wait()
        return ended

    def settle(self, seconds: float) -> None:
        """Waits until nothing has appeared for so long, and forgets what was there."""
        while self._read(seconds):
            pass
        self.text = ""

    def _read(self, seconds: float) -> bool:
        try:
            chunk = self.child.read_nonblocking(1 << 16, timeout=max(0.0, seconds))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.text = verdict.strip_ansi(self.text + chunk.decode("utf-8", "replace"))
        return True

    def close(self) -> None:
        self.child.close(force=True)


# --- the two sides ----------------------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """The caller's, with a terminal, and without what would send either side's builds elsewhere."""
    unwanted = ("CARGO_TARGET_DIR", "NO_COLOR", "COLUMNS", "LINES", "WORKBOOK_ROOT", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "TERM": "xterm-256color"}


def copy_course(place: Path, *, with_venv: bool = True) -> Path:
    """The course as it stands here, without what git ignores; builds, progress and set-up are its own."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8").stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, place / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    if with_venv and (ROOT / ".venv").is_dir():
        shutil.copytree(ROOT / ".venv", place / ".venv", symlinks=True)
    return place


def enlarge(root: Path) -> None:
    """Gives the workspace's lock the packages of all chapters, as the finished course has them."""
    folder = root / "chapters" / "99_all"
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(HEAVY.lstrip(), encoding="utf-8")
    (folder / "src" / "lib.rs").write_text("", encoding="utf-8")
    subprocess.run(["cargo", "update", "--workspace", "--quiet"], cwd=root, env=environment(), check=True)


def locked_packages(root: Path) -> dict[str, str]:
    packages = tomllib.loads((root / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    return {package["name"]: package["version"] for package in packages}


def texts(course: Course, item: Exercise) -> dict[str, str]:
    """The learner's file for each edit: the starter, a wrong answer that compiles, the solution."""
    master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
    wrong = tomllib.loads(course.file(item.wrong).read_text(encoding="utf-8"))["wrong"]
    compiles = next((answer for answer in wrong if re.fullmatch(r"[a-z]\w*", answer["rejected_by"])), None)
    if compiles is None or not item.fails[0].startswith("E"):
        raise Unfair(
            f"{item.name} will not do: its starter must fail to compile, and a wrong answer must fail a check."
        )
    return dict(zip(EDITS, (master.starter(), master.filled(compiles["blocks"]), master.solution()), strict=True))


def suitable(course: Course) -> Exercise:
    """The first exercise that has all three edits."""
    for item in course.exercises:
        with contextlib.suppress(Unfair):
            texts(course, item)
            return item
    raise Unfair("No exercise has a starter that does not compile and a wrong answer that fails a check.")


def workbook(course: Course, item: Exercise) -> Runner:
    marks = dict(zip(EDITS, ("✗ does not compile", "✗ compiles, but", "✓ passes"), strict=True))
    launcher = [PYTHON, str(course.root / "workbook")]
    return Runner(
        name="workbook",
        folder=course.root,
        file=course.file(item.path),
        texts=texts(course, item),
        watch=[*launcher, "watch", item.name],
        once=[*launcher, "run", item.name],
        marks_watching=marks,
        marks_once=marks,
    )


def rustlings(program: Path, place: Path, course: Course, item: Exercise) -> Runner:
    """A community set of two exercises; the second stays pending, so that the set is never all done."""
    env = environment()
    subprocess.run([program, "dev", "new", str(place), "--no-git"], env=env, check=True, stdout=subprocess.DEVNULL)
    names = (item.name, "later")
    hint = '\n\n[[exercises]]\nname = "NAME"\nhint = "None."\n'
    info = "format_version = 1" + "".join(hint.replace("NAME", name) for name in names)
    (place / "info.toml").write_text(info, encoding="utf-8")
    (place / "exercises" / "later.rs").write_text("fn main() {}\n", encoding="utf-8")
    manifest = (place / "Cargo.toml").read_text(encoding="utf-8").rstrip()
    # As few bytes to write and link as ours, and the same versions.
    settings = "\n[profile.dev]\ndebug = 0\n\n[profile.test]\ndebug = 0\n"
    (place / "Cargo.toml").write_text(f"{manifest}\n{dependencies(course, item)}{settings}", encoding="utf-8")
    checks = course.file(item.checks).read_text(encoding="utf-8")
    contents = {edit: inlined(text, checks) for edit, text in texts(course, item).items()}
    file = place / "exercises" / f"{item.name}.rs"
    file.write_text(contents[EDITS[0]], encoding="utf-8")
    subprocess.run([program, "dev", "update"], cwd=place, env=env, check=True, stdout=subprocess.DEVNULL)
    # Here and not in the first run: the wait for another cargo's download must not look like a runner that hangs.
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=place, env=env, check=True)
    failed = (r"error\[E\d{4}\]", r"test result: FAILED")
    return Runner(
        name="rustlings",
        folder=place,
        file=file,
        texts=contents,
        watch=[str(program)],
        once=[str(program), "run", item.name],
        marks_watching=dict(zip(EDITS, (*failed, "Exercise done ✓"), strict=True)),
        marks_once=dict(zip(EDITS, (*failed, "✓ Successfully ran"), strict=True)),
    )


def inlined(text: str, checks: str) -> str:
    """The exercise as rustlings has them: one file, the checks in a module of its own, and a `main`."""
    own = text.splitlines()[:-2]
    return "\n".join([*own, "#[cfg(test)]", "mod checks {", checks, "}", "", "fn main() {}"]) + "\n"


def dependencies(course: Course, item: Exercise) -> str:
    """What the exercise's package depends on, in the versions of the course's lock."""
    manifest = tomllib.loads(course.file(item.path).with_name("Cargo.toml").read_text(encoding="utf-8"))
    shared = tomllib.loads((course.root / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["dependencies"]
    versions = locked_packages(course.root)
    lines = []
    for name in manifest.get("dependencies", {}):
        how = shared[name] if isinstance(shared[name], dict) else {"version": shared[name]}
        entries = {"path": str(course.root / how["path"])} if "path" in how else {"version": f"={versions[name]}"}
        entries |= {key: how[key] for key in ("default-features", "features") if key in how}
        lines.append(f"{name} = {{ {', '.join(f'{key} = {json.dumps(value)}' for key, value in entries.items())} }}")
    return "\n".join(lines) + "\n"


# --- what is measured -------------------------------------------------------------------------------------------------


def compare(sides: Sequence[Runner]) -> None:
    """Both must reject and accept the same three files, by exit code; or there is nothing to time."""
    # The pass comes first: after one, rustlings' watch would show the next exercise.
    for number, edit in enumerate(reversed(EDITS)):
        for side in sides:
            side.save(edit, number)
            terminal = Terminal(side.once, side.folder, environment())
            terminal.wait_for(side.marks_once[edit])
            terminal.wait_for_end()
            code = terminal.child.exitstatus
            if (code == 0) != (edit == "passes"):
                raise Unfair(f"{side.name} exits {code} for the edit that {edit}:\n{terminal.text[-3000:]}")


def watching(sides: Sequence[Runner], edits: int, pause: float, say: Callable[[str], None]) -> list[Samples]:
    """Save to verdict, both watching all the time; each edit differs in kind from the one before it."""
    found = {(edit, side.name): Samples("watch: save to verdict", edit, side.name) for edit in EDITS for side in sides}
    with contextlib.ExitStack() as stack:
        terminals = {}
        for side in sides:
            side.save("passes", -1)
            terminals[side.name] = Terminal(side.watch, side.folder, environment())
            stack.callback(terminals[side.name].close)
            terminals[side.name].wait_for(side.marks_watching["passes"])
        for number in range(edits * len(EDITS)):
            edit = EDITS[number % len(EDITS)]
            for side in turn(sides, number):
                terminal = terminals[side.name]
                terminal.settle(pause)
                started = time.perf_counter()
                side.save(edit, 1000 + number)
                found[edit, side.name].seconds.append(terminal.wait_for(side.marks_watching[edit]) - started)
            progress(say, "watching", number, edits)
    return list(found.values())


def one_shot(sides: Sequence[Runner], edits: int, say: Callable[[str], None]) -> list[Samples]:
    """A call in a fresh process, from its start to its verdict and to its end; cargo alone for scale."""
    kinds = ("one shot: start to verdict", "one shot: start to exit")
    names = [side.name for side in sides]
    found = {(kind, edit, name): Samples(kind, edit, name) for kind in kinds for edit in EDITS for name in names}
    bare = {edit: Samples(kinds[1], edit, "cargo test") for edit in EDITS}
    ours = sides[0]
    for number in range(edits * len(EDITS)):
        edit = EDITS[number % len(EDITS)]
        for side in turn(sides, number):
            side.save(edit, 5000 + number)
            terminal = Terminal(side.once, side.folder, environment())
            shown = terminal.wait_for(side.marks_once[edit])
            ended = terminal.wait_for_end()
            found[kinds[0], edit, side.name].seconds.append(shown - terminal.started)
            found[kinds[1], edit, side.name].seconds.append(ended - terminal.started)
        ours.save(edit, 9000 + number)
        bare[edit].seconds.append(cargo_test(ours))
        progress(say, "one shot", number, edits)
    return [*found.values(), *bare.values()]


def cargo_test(side: Runner) -> float:
    package = tomllib.loads(side.file.with_name("Cargo.toml").read_text(encoding="utf-8"))["package"]["name"]
    command = ["cargo", "test", "--quiet", "-p", package, "--test", side.file.stem]
    terminal = Terminal(command, side.folder, environment())
    return terminal.wait_for_end() - terminal.started


def starting(side: Runner, runs: int) -> list[Samples]:
    """What the launcher costs: a call that ends at once, through it, without it, and Python doing nothing."""
    python = side.folder / ".venv" / "bin" / "python"
    program = side.folder / "python" / "workbook" / "__main__.py"
    call = ["run", "no-such-exercise"]
    commands = {
        "python, doing nothing": [PYTHON, "-I", "-c", "pass"],
        "the runner alone": [str(python), "-I", "-X", "utf8", str(program), *call],
        "the launcher and the runner": [PYTHON, str(side.folder / "workbook"), *call],
    }
    found = {name: Samples("warm start", "", name) for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, env=environment(), capture_output=True)
            found[name].seconds.append(time.perf_counter() - started)
    return list(found.values())


def cold(place: Path, say: Callable[[str], None]) -> Samples:
    """A fresh copy in an empty home, one command, until the first verdict; packages come from the registries."""
    say("cold: a copy in an empty home")
    root = copy_course(place / "course", with_venv=False)
    home = place / "home"
    home.mkdir()
    real = Path.home()
    env = {**environment(), "HOME": str(home), "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(real / ".rustup"))}
    for name in ("CARGO_HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"):
        env.pop(name, None)
    settings = Path(os.environ.get("CARGO_HOME", real / ".cargo")) / "config.toml"
    if settings.exists():
        # Where this machine gets its crates from; nothing that was downloaded.
        (home / ".cargo").mkdir()
        shutil.copyfile(settings, home / ".cargo" / "config.toml")
    result = Samples("cold: first command to first verdict", "", "workbook")
    started = time.perf_counter()
    process = subprocess.Popen(
        [PYTHON, str(root / "workbook")],
        cwd=root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdout
    said = []
    with process:
        for line in process.stdout:
            said.append(line)
            if re.search(r"does not compile|compiles, but|passes its checks, but| passes ", line):
                result.seconds.append(time.perf_counter() - started)
                break
        else:
            raise Unfair("The cold start came to no verdict:\n" + "".join(said[-30:]))
    return result


def turn(sides: Sequence[Runner], number: int) -> Iterator[Runner]:
    """The sides in an order that changes, so that neither is always measured after the other."""
    yield from sides if number // len(EDITS) % 2 == 0 else reversed(sides)


def progress(say: Callable[[str], None], what: str, number: int, edits: int) -> None:
    if (number + 1) % (len(EDITS) * 5) == 0:
        say(f"{what}: {(number + 1) // len(EDITS)} of {edits} edits of each kind")


# --- the report -------------------------------------------------------------------------------------------------------


def report(data: dict[str, Any]) -> str:
    about = data["about"]
    machine, versions = about["machine"], about["versions"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, load {machine['load']}; {machine['system']}",
        f"{versions['rust']}; {versions['python']}; rustlings {versions['rustlings']}",
        f"exercise {data['exercise']}; {data['locked_packages']} packages in Cargo.lock"
        + ("" if data["replay"] else "; WORKBOOK_REPLAY=0"),
        "",
        f"{'milliseconds':<50} {'min':>6} {'median':>7} {'p95':>6}   to rustlings",
    ]
    title = ""
    for row in data["results"]:
        if row["measured"] != title:
            title = row["measured"]
            lines += ["", title]
        label = f"  {row['edit']:<18}{row['runner']}" if row["edit"] else f"  {row['runner']}"
        figures = [round(1000 * row[name]) for name in ("minimum", "median", "p95")]
        ratio = "" if row["ratio"] is None else f"   {row['ratio']:.2f}"
        lines.append(f"{label:<50} {figures[0]:>6} {figures[1]:>7} {figures[2]:>6}{ratio}")
    return "\n".join(lines)


def with_ratios(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds each median's ratio to rustlings', where there is one."""
    peers = {(row["measured"], row["edit"]): row["median"] for row in rows if row["runner"] == "rustlings"}
    for row in rows:
        peer = peers.get((row["measured"], row["edit"]))
        row["ratio"] = round(row["median"] / peer, 3) if peer and row["runner"] != "rustlings" else None
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The runner beside rustlings.")
    parser.add_argument("--edits", type=int, default=30, metavar="N", help="edits of each kind (default 30)")
    parser.add_argument("--exercise", metavar="NAME", help="default: the first that has all three edits")
    parser.add_argument("--pause", type=float, default=0.7, metavar="S", help="quiet seconds before each save")
    parser.add_argument("--large", action="store_true", help="with the lock of the whole course")
    parser.add_argument("--no-replay", action="store_true", help="with cargo at every save (WORKBOOK_REPLAY=0)")
    parser.add_argument("--cold", action="store_true", help="also a cold start; downloads packages")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    if options.edits < 1:
        parser.error("--edits must be at least 1")
    if options.no_replay:
        os.environ["WORKBOOK_REPLAY"] = "0"

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    program = tools.ensure_tool("rustlings", RUSTLINGS, minutes=1)
    with tempfile.TemporaryDirectory(prefix="rust-for-ai-") as name:
        place = Path(name).resolve()
        try:
            data = run(options, program, place, say)
        except Unfair as problem:
            say(f"Nothing was measured. {problem}")
            return 1
    print(report(data))
    if options.json:
        options.json.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    return 0


def run(options: argparse.Namespace, program: Path, place: Path, say: Callable[[str], None]) -> dict[str, Any]:
    root = copy_course(place / "course")
    if options.large:
        enlarge(root)
    course = courses.load(root)
    item = course.exercise(options.exercise) if options.exercise else suitable(course)
    sides = (workbook(course, item), rustlings(program, place / "rustlings", course, item))
    compilers = {
        subprocess.run(["rustc", "--version"], cwd=side.folder, capture_output=True, check=True).stdout
        for side in sides
    }
    if len(compilers) != 1:
        raise Unfair(f"The sides would use different compilers: {compilers}")
    say(f"comparing what both say of {item.name}; the first builds take a moment")
    compare(sides)
    samples = watching(sides, options.edits, options.pause, say)
    samples += one_shot(sides, options.edits, say)
    samples += starting(sides[0], 20)
    if options.cold:
        samples.append(cold(place / "cold", say))
    about = measure.surroundings(course)
    about["versions"]["rustlings"] = RUSTLINGS
    return {
        "about": about,
        "exercise": item.name,
        "locked_packages": len(locked_packages(root)),
        "replay": not options.no_replay,
        "results": with_ratios([found.row() for found in samples]),
    }


if __name__ == "__main__":
    sys.exit(main())
