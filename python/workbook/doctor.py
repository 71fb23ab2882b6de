"""`doctor`: what this machine has, what it lacks, and how to get it.

Every answer comes from trying the thing (the linker links, the folder is written to), not from its name on the PATH.
Only the network is left alone: a set-up or a build that needs it says so itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook import groups
from workbook.course import Course, CourseError, find_root, load

ENOUGH_DISK = 2.0
"""GB that a build of the chapters may take; less is worth a warning before it fails half-way."""


@dataclass(frozen=True)
class Check:
    """One line of the report. `found` is a version or a fact, empty when there is nothing."""

    name: str
    ok: bool
    found: str
    needed_for: str
    how_to_get: str


# Without these no exercise can be worked through; everything else costs a part.
REQUIRED = ("python", "environment", "cargo", "rustc", "linker", "folder", "disk", "course", "exercises")


def main(course: Course | None, as_json: bool, plain: bool = False) -> int:
    """Prints the report. Returns 0 if the exercises can be worked through here, else 1."""
    checks = examine(course)
    ready = all(check.ok for check in checks if check.name in REQUIRED)
    if as_json:
        print(json.dumps({"checks": [asdict(check) for check in checks], "ready": ready}, indent=2))
    else:
        _show(checks, ready, plain)
    return 0 if ready else 1


def examine(course: Course | None = None) -> list[Check]:
    """Runs every check, side by side where they are processes of their own."""
    root = course.root if course else find_root()
    questions: list[Callable[[], list[Check]]] = [
        _python,
        lambda: _rust(root),
        lambda: [_linker(root)],
        lambda: _programs(root),
        lambda: [_folder(root), _disk(root)],
        lambda: _course(course, root),
        _groups,
        lambda: [_kernel()],
        _models,
        lambda: [_terminal()],
    ]
    with ThreadPoolExecutor(len(questions)) as pool:
        answers = [pool.submit(question) for question in questions]
        return [check for answer in answers for check in answer.result()]


def _python() -> list[Check]:
    version = platform.python_version()
    launcher = groups.launcher()
    ready = launcher.is_ready()
    return [
        Check(
            "python",
            launcher.python_problem(sys.version_info) is None,
            f"{version} ({platform.system()} {platform.machine()})",
            "everything",
            "Python 3.11 or newer from https://www.python.org",
        ),
        Check(
            "environment",
            ready,
            ".venv agrees with requirements/base.txt" if ready else "not as requirements/base.txt says",
            "everything",
            "type `python3 workbook`: it makes .venv",
        ),
    ]


def _rust(root: Path) -> list[Check]:
    wanted = _rust_version(root)
    missing = "install Rust from https://rustup.rs"
    rustup = shutil.which("rustup")
    update = "type `rustup update stable`" if rustup else missing
    checks = []
    for name, needed_for in (("cargo", "every exercise"), ("rustc", "every exercise")):
        found = _version([name, "--version"], root)
        new_enough = _numbers(found) >= _numbers(wanted)
        how = missing if not shutil.which(name) else update
        text = found if new_enough or not found else f"{found}, the course needs {wanted}"
        checks.append(Check(name, bool(found) and new_enough, text, needed_for, how))
    for name, word, needed_for in (("clippy", "clippy", "advice after a pass"), ("rustfmt", "fmt", "formatting")):
        found = _version(["cargo", word, "--version"], root)
        checks.append(Check(name, bool(found), found, needed_for, f"type `rustup component add {name}`"))
    found = _version(["rust-analyzer", "--version"], root)
    how = "your editor's Rust extension brings one; or type `rustup component add rust-analyzer`"
    checks.append(Check("rust-analyzer", bool(found), found, "Rust in your editor", how))
    return checks


def _linker(root: Path) -> Check:
    """Links a program of one line."""
    how = {
        "Linux": "Debian and Ubuntu: `sudo apt install build-essential`; Fedora: `sudo dnf install gcc`",
        "Darwin": "type `xcode-select --install`",
        "Windows": "the Visual Studio Build Tools, with 'Desktop development with C++'",
    }.get(platform.system(), "a C compiler from your system's packages")
    with tempfile.TemporaryDirectory() as folder:
        command = ["rustc", "-", "-o", str(Path(folder) / "probe")]
        answer = _run(command, root, source="fn main() {}")
    if answer and answer.returncode == 0:
        return Check("linker", True, shutil.which("cc") or "rustc links", "every exercise", how)
    missing = "no answer from rustc" if answer is None else _first_error(answer.stderr)
    return Check("linker", False, missing, "every exercise", how if answer else "install Rust first")


def _programs(root: Path) -> list[Check]:
    from workbook import tools

    apt = "Debian and Ubuntu: `sudo apt install {}`".format
    questions = (
        ("git", ["git"], "updates of the course", apt("git")),
        ("uv", ["uv"], "a set-up in seconds (without it pip is used)", "https://docs.astral.sh/uv"),
        ("chromium", [tools.chromium() or "chromium"], "tests of the web book", apt("chromium")),
        ("node", ["node"], "WebAssembly outside a browser", apt("nodejs")),
        ("tmux", ["tmux", "-V"], "tests of the screen", apt("tmux")),
    )
    checks = []
    for name, command, needed_for, how in questions:
        found = _version(command if len(command) > 1 else [*command, "--version"], root)
        checks.append(Check(name, bool(found), found, needed_for, how))
    return checks


def _folder(root: Path) -> Check:
    """Writes where the runner, cargo and the learner write."""
    how = "copy the course to a folder of your own"
    for folder in (root / ".workbook", root / "exercises", root / "target", root):
        try:
            if folder.name in (".workbook", "target"):
                folder.mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            return Check("folder", False, f"{folder} cannot be written: {error.strerror}", "everything", how)
    return Check("folder", True, f"{root} can be written", "everything", how)


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free / 1e9
    how = "type `cargo clean` (what it deletes is built again when needed), or free space elsewhere"
    return Check("disk", free >= ENOUGH_DISK, f"{free:.1f} GB free", f"builds ({ENOUGH_DISK:.0f} GB)", how)


def _course(course: Course | None, root: Path) -> list[Check]:
    restore = "type `git checkout chapters`"
    if course is None:
        try:
            course = load(root)
        except CourseError as error:
            return [
                Check("course", False, str(error).splitlines()[0], "everything", restore),
                Check("exercises", False, "unknown while the course cannot be read", "every exercise", restore),
            ]
    lost = [e.checks for e in course.exercises if not course.file(e.checks).is_file()]
    lost += [e.master for e in course.exercises if not course.file(e.master).is_file()]
    count = f"{len(course.chapters)} chapters, {len(course.exercises)} exercises"
    faults: list[tuple[str, str]] = []
    for exercise in course.exercises:
        fault = _fault(course.file(exercise.path))
        if fault:
            faults.append((f"{exercise.path} {fault}", exercise.name))
    reset = f"type `python3 workbook reset {faults[0][1]}` (it keeps a copy of what it replaces)" if faults else ""
    return [
        Check(
            "course",
            not lost,
            f"missing: {', '.join(lost)}" if lost else count,
            "everything",
            "type `git checkout chapters solutions`",
        ),
        Check(
            "exercises",
            not faults,
            "; ".join(fault for fault, _ in faults) if faults else "all files there and readable",
            "every exercise",
            reset or "type `python3 workbook reset NAME`",
        ),
    ]


def _fault(path: Path) -> str:
    """What is wrong with a learner's file as a file; empty if nothing is."""
    try:
        path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "is missing"
    except UnicodeDecodeError as error:
        return f"is not UTF-8 text (byte {error.start})"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def _groups() -> list[Check]:
    needed_for = {"book": "the notebooks in the web book", "dev": "the test suite", "notebooks": "the notebooks"}
    return [
        Check(
            f"group {name}",
            groups.installed(name),
            "installed" if groups.installed(name) else "",
            needed_for.get(name, f"what needs '{name}'"),
            "nothing to do: installed when first needed",
        )
        for name in groups.names()
    ]


def _kernel() -> Check:
    from workbook import kernels

    found = kernels.find()
    return Check("evcxr", bool(found), kernels.EVCXR if found else "", "notebooks in Rust", kernels.GET_IT)


def _models() -> list[Check]:
    from workbook import models

    checks = []
    for wanted in models.MODELS:
        state, lies = models.state(wanted)
        here = state in ("here", "named")
        found = str(lies) if here else f"{wanted.variable} names {lies}" if state == "broken" else ""
        how = f"type `python3 workbook fetch {wanted.name}` ({wanted.size / 1e6:.0f} MB); what needs it fetches it, too"
        if state == "broken":
            how = f"set {wanted.variable} right, or unset it"
        checks.append(Check(f"model {wanted.name}", here, found, "the chapters that run it", how))
    return checks


def _terminal() -> Check:
    """Not a fault when there is none: a pipe gets plain text."""
    terminal = sys.stdout.isatty()
    encoding = (sys.stdout.encoding or "unknown").lower()
    size = shutil.get_terminal_size()
    colours = "no colours (NO_COLOR)" if os.environ.get("NO_COLOR") else os.environ.get("TERM", "no TERM")
    found = f"{size.columns} x {size.lines}, {colours}, {encoding}" if terminal else f"none here, {encoding}"
    wide = not terminal or (size.columns >= 80 and encoding.replace("-", "") == "utf8")
    return Check("terminal", wide, found, "watch: 80 columns, UTF-8", "widen the window, choose UTF-8 in its settings")


def _rust_version(root: Path) -> str:
    """The oldest Rust that the workspace promises to work with."""
    with contextlib.suppress(OSError):
        manifest = (root / "Cargo.toml").read_text(encoding="utf-8")
        if found := re.search(r'^rust-version = "([\d.]+)"', manifest, re.MULTILINE):
            return found[1]
    return "0"


def _numbers(version: str) -> tuple[int, ...]:
    found = re.search(r"\d+(?:\.\d+)+", version)
    return tuple(int(part) for part in found[0].split(".")[:2]) if found else (0, 0)


def _version(command: Sequence[str], root: Path) -> str:
    """The first line of a program's answer, or nothing when it is missing or fails."""
    answer = _run(command, root)
    lines = answer.stdout.strip().splitlines() if answer and answer.returncode == 0 else []
    # Neither the commit nor the distributor matters to anybody here.
    return re.sub(r" (\(|built on ).*", "", lines[0].strip()) if lines else ""


def _run(command: Sequence[str], root: Path, source: str = "") -> subprocess.CompletedProcess[str] | None:
    # rustup must answer from what is there, and not start a download.
    env = {**os.environ, "RUSTUP_AUTO_INSTALL": "0", "RUST_BACKTRACE": "0"}
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            command,
            cwd=root,
            env=env,
            input=source,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=30,
        )
    return None


def _first_error(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.startswith("error")), "rustc could not link")


def _show(checks: Sequence[Check], ready: bool, plain: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(no_color=plain or None, highlight=False, emoji=False)
    fancy = console.encoding.lower().replace("-", "") == "utf8"
    good, bad, optional = "✓✗·" if fancy else "+x-"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("", "what", "here", "for"):
        table.add_column(title, header_style="bold", overflow="fold")
    for check in checks:
        if check.ok:
            mark = Text(good, "green")
        else:
            mark = Text(bad, "red") if check.name in REQUIRED else Text(optional, "yellow")
        table.add_row(mark, Text(check.name), Text(check.found or "not found"), Text(check.needed_for, "dim"))
    console.print(table)
    missing = [check for check in checks if not check.ok]
    if missing:
        console.print()
    for check in sorted(missing, key=lambda check: check.name not in REQUIRED):
        console.print(Text.assemble((check.name, "bold"), ": ", check.how_to_get, "."), soft_wrap=True)
    console.print()
    if ready:
        console.print(Text("Ready: the exercises can be worked through here.", "green"))
    else:
        needed = ", ".join(check.name for check in missing if check.name in REQUIRED)
        console.print(Text(f"Not ready: {needed} must be mended first.", "red"))
