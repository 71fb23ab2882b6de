"""Checks that are written in Python: the learner's file, built as an extension module, is imported by pytest.

One process runs all checks of an exercise, since NumPy and pytest take longer to start than the checks to run. It notes
each check as it begins and ends (`pytest_report.py`), so that a crash or an endless loop still names its check; after
a crash the rest go on in a new process.
"""

from __future__ import annotations

import ast
import contextlib
import hmac
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook import checks, groups, verdict
from workbook.course import CourseError
from workbook.process import Outcome, run_limited
from workbook.stamps import environment
from workbook.verdict import Check

GROUP = "checks"
START_UP = 5.0
"""Seconds that Python, pytest and NumPy may take to start on a busy machine, beside the exercise's limit."""
PREFIX = "test_"
MOST = 1 << 20
"""Characters of a report that are read; a hundred checks need fewer."""
MARK = "\x1e"
"""Stands before and after what a check prints."""


def prepare(*, for_node: bool = False) -> None:
    """Installs NumPy and pytest where they are missing, and what modules for the browser need.

    Raises `CourseError`.
    """
    groups.ensure(GROUP)
    if for_node:
        from workbook import wasm

        if not shutil.which("node"):
            raise CourseError(
                "This exercise is a module for the browser, and its checks run it in Node, which is not here. "
                "Get it from https://nodejs.org; on Debian and Ubuntu, 'sudo apt install nodejs' does, too."
            )
        wasm.ensure_route()
        wasm.bindgen()


def names(text: str) -> list[str]:
    """The checks of a file, in order, by the names they are shown with: `test_adds` is `adds`. Raises `SyntaxError`."""
    functions = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    return [function.name.removeprefix(PREFIX) for function in functions if function.name.startswith(PREFIX)]


@dataclass
class _Report:
    """What one process wrote down."""

    begun: list[str] = field(default_factory=list)
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    not_imported: str | None = None


Start = Callable[[Sequence[str | Path], dict[str, str], float, Sequence[Path]], tuple[Outcome, str]]
"""Runs a command with these variables for so many seconds; it sees these places, and may write to the first of them.

Returns how it ended, and the secret that it was given on standard input.
"""


def run(
    library: Path, module: str, file: Path, wanted: Sequence[str], *, limit: float, start: Start | None = None
) -> list[Check]:
    """Runs the checks `wanted` of `file` in order, which import `library` as `module`; `limit` seconds for all.

    `start` runs the process elsewhere than here; then only what is signed with its secret counts.
    """
    place = _importable(library, module)
    results: dict[str, Check] = {}
    left = limit
    while remaining := [name for name in wanted if name not in results]:
        outcome, report = _pytest(place, file, remaining, left + START_UP, start)
        left = max(0.1, left - outcome.seconds)
        # What each check printed, in the order in which they began.
        printed = dict(zip(report.begun, outcome.output.split(MARK)[1::2], strict=False))
        for name in remaining:
            if entry := report.ended.get(name):
                results[name] = _check(name, entry, file, printed.get(name, ""))
        unfinished = next((name for name in report.begun if name not in report.ended), None)
        if report.not_imported is not None:
            return _all_stopped(remaining, results, wanted, _not_imported(remaining[0], report.not_imported))
        if outcome.timed_out or outcome.flooded:
            # Before any check had begun, the import itself is what does not end.
            stopped = checks.stopped(unfinished or remaining[0], outcome, limit)
            return _all_stopped(remaining, results, wanted, stopped)
        if unfinished:
            results[unfinished] = checks.crashed(unfinished, outcome)
        elif any(name not in results for name in remaining):
            missing = Check(remaining[0], "failed", cause=verdict.CRASH)
            missing.message = f"Python left with status {outcome.returncode} and ran no check."
            missing.output = verdict.strip_ansi(outcome.output).strip()[-2000:]
            return _all_stopped(remaining, results, wanted, missing)
    return [results[name] for name in wanted]


def _importable(library: Path, module: str) -> Path:
    """A folder that holds the library under the name by which Python imports it, or a module with its JavaScript."""
    folder = library.with_suffix("")
    folder.mkdir(exist_ok=True)
    if library.suffix == ".wasm":
        from workbook import wasm

        wasm.for_node(library, module, folder)
        return folder
    name = f"{module}.pyd" if os.name == "nt" else f"{module}.abi3.so"
    # A new file each time: one that a process still has mapped must not change under it.
    partial = folder / f"{name}.{os.getpid()}"
    shutil.copyfile(library, partial)
    partial.replace(folder / name)
    return folder


def _pytest(
    place: Path, file: Path, remaining: Sequence[str], seconds: float, start: Start | None
) -> tuple[Outcome, _Report]:
    with tempfile.TemporaryDirectory(prefix="workbook-", ignore_cleanup_errors=True) as folder:
        settings, notes = Path(folder, "pytest.ini"), Path(folder, "report.jsonl")
        settings.write_text("[pytest]\n", encoding="utf-8")
        # The folder above: pytest names the file's module after its place below, and `checks.NAME` is not `NAME`.
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-c", str(settings), "--rootdir", str(file.parent.parent)),
            *("--noconftest", "--import-mode=importlib", "--capture=no", "-p", "no:cacheprovider"),
            *("-p", "workbook.pytest_report"),
            *(f"{file}::{PREFIX}{name}" for name in remaining),
        ]
        ours = Path(__file__).resolve().parents[1]
        paths = [str(place), str(ours), "" if start else os.environ.get("PYTHONPATH", "")]
        env = {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "WORKBOOK_REPORT": str(notes),
        }
        if start:
            # It may run as another user.
            Path(folder).chmod(0o777)
            python = [Path(sys.prefix), Path(sys.base_prefix), ours]
            outcome, secret = start(command, env | {"WORKBOOK_SIGNED": "1"}, seconds, [Path(folder), *python])
            return outcome, _read(notes, secret)
        env = environment() | env
        env.pop("PYTEST_ADDOPTS", None)
        outcome = run_limited(command, cwd=place, seconds=seconds, env=env)
        return outcome, _read(notes)


def _signed(line: str, secret: str) -> str:
    """What a line says, if it is signed; an empty text if it is not."""
    signature, _, text = line.partition(" ")
    known = hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
    return text if hmac.compare_digest(signature.encode(), known.encode()) else ""


def _read(notes: Path, secret: str = "") -> _Report:
    report = _Report()
    with contextlib.suppress(OSError):
        with notes.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(MOST).splitlines()
        for line in lines:
            try:
                entry = json.loads(_signed(line, secret) if secret else line)
            except ValueError:
                continue  # The last line of a process that was ended while it wrote, or a line that is not ours.
            if "not_imported" in entry:
                report.not_imported = entry["not_imported"]
            elif entry.get("passed") is None:
                report.begun.append(entry["check"])
            else:
                report.ended[entry["check"]] = entry
    return report


def _check(name: str, entry: dict[str, Any], file: Path, printed: str) -> Check:
    check = Check(name, "passed" if entry["passed"] else "failed", seconds=entry["seconds"])
    if not entry["passed"]:
        check.message, check.wanted, check.got = entry["message"], entry["wanted"], entry["got"]
        check.output = verdict.strip_ansi(printed.replace("\r\n", "\n")).strip("\n")
        check.file, check.line = checks.from_root(file), entry["line"]
    return check


def _not_imported(name: str, message: str) -> Check:
    return Check(name, "failed", cause=verdict.NOT_IMPORTED, message=f"Python cannot import it: {message}")


def _all_stopped(
    remaining: Sequence[str], results: dict[str, Check], wanted: Sequence[str], stopped: Check
) -> list[Check]:
    """The results so far, the check at which it ended, and the rest, which would most likely do the same."""
    rest = {name: Check(name, "not_run", cause=stopped.cause) for name in remaining}
    done = rest | results | {stopped.name: stopped}
    return [done[name] for name in wanted]
