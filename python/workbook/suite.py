"""`test`: the project's whole test suite, from a fresh machine to one line that says whether all is well.

It installs what it needs (the `dev` group, Debian's packages where it may, cargo's tools) and runs every step even if
one before it failed, so that one run tells everything.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook import groups
from workbook.cargo import cargo
from workbook.course import CourseError

if TYPE_CHECKING:
    from workbook.notebook import Notebook

ROOT = groups.ROOT
CARGO_DENY = "0.20.2"
# Chapters and solutions compile without a word; the exercises are broken on purpose and are not default members.
STRICT = ("--", "-D", "warnings")
PATIENCE = 60.0
"""Seconds after which a quiet step says that it is still at work."""
KEPT = 30
"""Lines of a failing command that are said again at the end, where a log is read first."""

# A worker of pytest for each core; a file's tests stay together (`tests/conftest.py`), for they share what it builds.
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadgroup", "--no-loadscope-reorder")

# Program, Debian's package, what needs it.
PROGRAMS = (
    ("chromium", "chromium", "the tests that open the web book and the notebooks in a browser"),
    ("tmux", "tmux", "the tests that watch the screen"),
    ("git", "git", "the tests that clone the course"),
    ("npm", "npm", "the tests that read exported quizzes with a grammar of GIFT"),
    ("bwrap", "bubblewrap", "the tests that grade a class in a sandbox"),
    ("node", "nodejs", "the exercises that are modules for the browser"),
)

USAGE = """\
usage: python3 workbook test [--list] [--only STEP]... [-- PYTEST ARGUMENTS]

Runs the whole test suite and installs what it needs. --only runs some steps, --list names them;
what stands after -- goes to pytest, which then runs the tests one after the other and not on all
cores: `python3 workbook test --only pytest -- -k launcher`."""


@dataclass(frozen=True)
class Step:
    """One part of the suite. `commands` is called when its turn comes, and may first install what they need."""

    name: str
    about: str
    commands: Callable[[], Sequence[Sequence[str | Path]]]


@dataclass(frozen=True)
class Result:
    name: str
    passed: bool
    seconds: float
    # The last lines of every command that failed; in a terminal they are on the screen and not kept.
    said: tuple[str, ...] = ()


def steps(pytest_arguments: Sequence[str] = ()) -> list[Step]:
    """The suite, in its order: what is quick and tells most comes first."""
    python = groups.python()

    def module(*words: str | Path) -> list[str | Path]:
        return [python, "-m", *words]

    return [
        Step(
            "format",
            "rustfmt and ruff would change nothing",
            lambda: [[cargo(), "fmt", "--check"], module("ruff", "format", "--check", ".")],
        ),
        Step(
            "lint",
            "clippy, ruff and mypy find nothing",
            lambda: [
                *([cargo(), "clippy", "--locked", "--all-targets", *unit, *STRICT] for unit in _units()),
                module("ruff", "check", "."),
                module("mypy"),
            ],
        ),
        Step(
            "deny",
            "licences, versions and sources of all crates (advisories: in the public workflow, they need a database)",
            lambda: [[_deny(), "--locked", "check", "licenses", "bans", "sources"]],
        ),
        Step(
            "rust",
            "the chapters with every sample of their lessons, and the solutions",
            lambda: [*_models(), *([cargo(), "test", "--locked", "--no-fail-fast", *unit] for unit in _units())],
        ),
        Step(
            "claims",
            "what the chapters claim can still be measured",
            lambda: [module("workbook", "claims", "--quick")],
        ),
        Step("rules", "the author's rules hold for every exercise", lambda: [module("workbook", "author", "check")]),
        Step(
            "solutions",
            "every solution passes as a learner's answer would, and in the sandbox that grades a class",
            lambda: [module("workbook", "verify", "--solutions"), module("pytest", *_in_the_sandbox())],
        ),
        Step(
            "notebooks",
            "every notebook prints what it is said to print, and no turn is right before it is done",
            _notebooks,
        ),
        Step(
            "torch",
            "the optional chapter on LibTorch, which no other step builds: the same rules as for all others",
            _torch,
        ),
        Step(
            "pytest",
            "the runner, the launcher, the quizzes' truth, the book in a browser",
            lambda: _pytest(module("pytest", *(pytest_arguments or SIDE_BY_SIDE))),
        ),
    ]


def main(args: Sequence[str]) -> int:
    """Runs the suite or some of its steps. Returns 0 if all passed, 1 if not, 2 for a wrong call."""
    before, _, after = _split(args)
    wanted: list[str] = []
    everything = steps(after)
    names = [step.name for step in everything]
    words = iter(before)
    for word in words:
        if word == "--list":
            for step in everything:
                print(f"{step.name:10} {step.about}")
            return 0
        elif word in ("-h", "--help"):
            print(USAGE)
            return 0
        elif word == "--only" or word.startswith("--only="):
            name = word.partition("=")[2] or next(words, "")
            if name not in names:
                print(f"There is no step '{name}'. The steps are: {', '.join(names)}.", file=sys.stderr)
                return 2
            wanted.append(name)
        else:
            print(f"'{word}' is not understood.\n{USAGE}", file=sys.stderr)
            return 2
    chosen = [step for step in everything if not wanted or step.name in wanted]
    return run(chosen)


def _split(args: Sequence[str]) -> tuple[list[str], bool, list[str]]:
    words = list(args)
    if "--" not in words:
        return words, False, []
    cut = words.index("--")
    return words[:cut], True, words[cut + 1 :]


def run(chosen: Sequence[Step]) -> int:
    """Prepares the machine, runs the steps, and closes with a table and one line for machines."""
    # A shell's background job ignores Ctrl-C and all that it starts inherits that; some tests are about Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.perf_counter()
    results: list[Result] = []
    preparing = [Step("prepare", "what the suite needs of this machine", lambda: _prepare(chosen))]
    for step in (*preparing, *chosen):
        results.append(_run_step(step))
    for result in results:
        if result.said:
            print(f"\n== {result.name}: the last that was said", *result.said, sep="\n", flush=True)
    print("\nThe suite", flush=True)
    for result in results:
        print(f"  {'passed' if result.passed else 'FAILED'}  {result.name:10} {result.seconds:7.1f} s")
    print(f"  in all             {time.perf_counter() - started:7.1f} s")
    failed = [result.name for result in results if not result.passed]
    if failed:
        again = " ".join(f"--only {name}" for name in failed if name != "prepare")
        print(f"  again: python3 workbook test {again}".rstrip())
    # Alone on its line, and last: whoever runs this in CI looks for it.
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


def _run_step(step: Step) -> Result:
    print(f"\n== {step.name}: {step.about}", flush=True)
    started = time.perf_counter()
    passed = True
    said: list[str] = []
    with _heartbeat(step.name):
        try:
            # Every command of a step, too: a fault that rustfmt finds must not hide one that ruff would find.
            for command in step.commands():
                begun = time.perf_counter()
                passed = _call(command, said) and passed
                # Most commands are about one chapter: so a log tells what each of them adds.
                print(f"   {time.perf_counter() - begun:.1f} s", flush=True)
        except CourseError as error:
            print(error, flush=True)
            said.append(str(error))
            passed = False
    seconds = time.perf_counter() - started
    print(f"== {step.name}: {'passed' if passed else 'FAILED'} after {seconds:.1f} s", flush=True)
    return Result(step.name, passed, seconds, tuple(said))


def _call(command: Sequence[str | Path], said: list[str]) -> bool:
    """Runs one command; if it fails, the last lines of what it printed are added to `said`."""
    words = [str(word) for word in command]
    line = f"$ {shlex.join([Path(words[0]).name, *words[1:]])}"
    print(line, flush=True)
    try:
        if sys.stdout.isatty():
            # Its colours and progress bars go straight to the screen.
            return subprocess.call(words, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL) == 0
        last: deque[str] = deque(maxlen=KEPT)
        with subprocess.Popen(
            words,
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout
            for text in process.stdout:
                print(text, end="", flush=True)
                last.append(text.rstrip("\n"))
        if process.returncode != 0:
            said += [line, *last]
        return process.returncode == 0
    except OSError as error:
        said.append(f"{words[0]} does not start: {error.strerror}.")
        print(said[-1], flush=True)
        return False


def _environment() -> dict[str, str]:
    """What every step runs in: no colours or progress bars in a log, and Python's lines as they come."""
    # Nothing is compiled a second time, so cargo need not keep what would make that quick.
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "CARGO_INCREMENTAL": "0"}
    if os.name == "posix":
        # So that a lesson's sample which must not compile fails with the very code that it names.
        env["RUSTDOC"] = str(ROOT / ".ci" / "rustdoc")
    if not sys.stdout.isatty():
        env |= {"CARGO_TERM_PROGRESS_WHEN": "never"}
    return env


@contextmanager
def _heartbeat(name: str) -> Iterator[None]:
    """Says now and then that a step goes on: CI takes silence for a standstill."""
    done = threading.Event()
    started = time.perf_counter()

    def beat() -> None:
        while not done.wait(PATIENCE):
            print(f"   {name}: {time.perf_counter() - started:.0f} s so far", flush=True)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _prepare(chosen: Sequence[Step]) -> list[list[str | Path]]:
    """Installs what the chosen steps need. Raises `CourseError` for what only the user can install."""
    groups.ensure("dev")
    if not any(step.name in ("notebooks", "pytest", "rules", "solutions") for step in chosen):
        return []
    missing = [(program, package, why) for program, package, why in PROGRAMS if not _found(program)]
    if not missing:
        return []
    packages = [package for _, package, _ in missing]
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        print(f"Installing Debian's packages {', '.join(packages)}.", flush=True)
        env = {**_environment(), "DEBIAN_FRONTEND": "noninteractive"}
        quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        for command in ([*quiet, "update"], [*quiet, "install", "-y", "--no-install-recommends", *packages]):
            # What apt says is only of use when it fails; its code alone does not tell, so the programs are asked again.
            answer = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if answer.returncode != 0:
                print(answer.stderr.strip(), flush=True)
        missing = [entry for entry in missing if not _found(entry[0])]
    if missing:
        needs = "; ".join(f"{program} (for {why})" for program, _, why in missing)
        how = f"Debian and Ubuntu: `sudo apt install {' '.join(package for _, package, _ in missing)}`"
        raise CourseError(f"These programs are missing: {needs}. Install them ({how}), then run the tests again.")
    return []


def _found(program: str) -> bool:
    from workbook import tools

    if program == "chromium":
        return tools.chromium() is not None
    # Sandboxes are Linux's alone.
    return shutil.which(program) is not None or (program == "bwrap" and sys.platform != "linux")


def _units() -> list[list[str]]:
    """What cargo is asked for in one call: each chapter with its solutions, and the crates that no chapter is.

    Asked for everything at once, cargo builds each library with the features that anybody wants, and once more for the
    exercises of a chapter that wants fewer. So the suite builds what a learner builds, and builds it once.
    """
    from workbook import course

    loaded = course.load(ROOT)
    units = [["-p", item.crate, "-p", f"{item.package}-solutions"] for item in loaded.chapters if not item.group]
    between = [
        tomllib.loads(path.read_text("utf-8")) for path in [ROOT / "data/Cargo.toml", *ROOT.glob("crates/*/Cargo.toml")]
    ]
    return [*units, [word for manifest in between for word in ("-p", manifest["package"]["name"])]]


def _models() -> list[list[str | Path]]:
    """Fetches what the chapters' tests run; a test that needs a model does not skip."""
    from workbook import course

    loaded = course.load(ROOT)
    wanted = {name for chapter in loaded.chapters for name in chapter.models}
    wanted |= {name for item in loaded.exercises for name in item.models}
    return [[groups.python(), "-m", "workbook", "fetch", *sorted(wanted)]] if wanted else []


def _torch() -> list[list[str | Path]]:
    """Everything that the other steps leave out, for each chapter that is a workspace of its own."""
    from workbook import course, needs

    commands: list[list[str | Path]] = []
    for chapter in (chapter for chapter in course.load(ROOT).chapters if chapter.group):
        needs.provide(chapter, ())
        place = ["--manifest-path", f"{chapter.workspace}/Cargo.toml"]
        shared = ["--locked", *place, "--target-dir", "target"]
        judge: list[str | Path] = [groups.python(), "-m", "workbook"]
        commands += [
            [cargo(), "fmt", "--check", *place],
            [cargo(), "clippy", *shared, "--all-targets", *STRICT],
            [cargo(), "test", *shared, "--no-fail-fast"],
            [*judge, "author", "check", chapter.name],
            [*judge, "verify", "--solutions", chapter.name],
            [groups.python(), "-m", "pytest", *_in_the_sandbox(chapter.name)],
        ]
    return commands


def _in_the_sandbox(*chapters: str) -> list[str | Path]:
    """The proof that the grader's sandbox holds the chapters' solutions; by default of all that are not optional."""
    from workbook import course

    names = chapters or tuple(item.name for item in course.load(ROOT).chapters if not item.group)
    proof = ROOT / "tests" / "sandbox_proof.py"
    return ["-q", *(f"{proof}::test_solutions_pass_and_starters_do_not[{name}]" for name in names)]


def _kernels() -> list[Notebook]:
    """All notebooks, when everything that they run on is here."""
    from workbook import course, notebook, notebook_run

    notebooks = notebook.load(course.load(ROOT))
    notebook_run.prepare(notebooks)
    return notebooks


def _notebooks() -> list[list[str | Path]]:
    notebooks = _kernels()
    solved = [ROOT / item.solved_path for item in notebooks]
    proofs = [ROOT / "tests" / name for name in ("notebook_proof.py", "lab_proof.py")]
    return [[groups.python(), "-m", "pytest", "--nbval", *solved, *proofs]]


def _pytest(command: Sequence[str | Path]) -> list[Sequence[str | Path]]:
    """Alone, too, the tests have what they start and import: kernels of both kinds, the compiled module, a cluster, and
    chapter 16's pages, so that the site that is tested has them."""
    from workbook import course, wasm

    _kernels()
    groups.ensure("cluster")
    wasm.build(course.load(ROOT))
    return [command]


def _deny() -> Path:
    from workbook import tools

    return tools.ensure_tool("cargo-deny", CARGO_DENY, minutes=5)
