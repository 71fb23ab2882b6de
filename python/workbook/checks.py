"""Runs an exercise's checks, one at a time, each in a process of its own.

Apart, so that an endless loop names its check, a crash takes only itself along, and counted allocations are the
check's own. The executable is a plain libtest binary: `EXECUTABLE --exact checks::NAME`.
"""

from __future__ import annotations

import posixpath
import re
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from workbook import verdict
from workbook.process import OUTPUT_CAP, Outcome, run_limited
from workbook.stamps import environment
from workbook.verdict import Check

PANIC = re.compile(
    r"^thread '[^']*'(?: \(\d+\))? panicked at (?P<file>[^\n]+?):(?P<line>\d+):\d+:\n(?P<text>.*?)"
    r"(?=\nnote: run with `RUST_BACKTRACE|\nFAILED\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
COMPARED = re.compile(
    r"^assertion `left == right` failed(?:: (?P<about>.*?))?\n  left: (?P<left>.*?)\n right: (?P<right>.*)\Z",
    re.DOTALL,
)


def compiled_in(executable: Path, checks: str) -> bool:
    """True if rustc read the checks file for this executable; its dep-info says so."""
    try:
        listed = executable.with_suffix(".d").read_text(encoding="utf-8")
    except OSError:
        return False
    return checks in listed.replace("\\ ", " ").replace("\\", "/")


def run(executable: Path, names: Sequence[str], *, cwd: Path, limit: float) -> list[Check]:
    """Runs the checks in order, as the caller; `limit` seconds are for all of them together."""
    env = environment()

    def once(_: str, words: list[str], seconds: float) -> tuple[Outcome, bool | None]:
        return run_limited(words, cwd=cwd, seconds=seconds, env=env), None

    return in_turn(executable, names, limit, once)


Once = Callable[[str, list[str], float], tuple[Outcome, bool | None]]
"""Runs one check, by its short name, with this command and for so many seconds.

Returns how it ended, and whether it reported its end; None where none is asked for a report.
"""


def in_turn(executable: Path, names: Sequence[str], limit: float, once: Once) -> list[Check]:
    """Runs the checks in order, each by `once`; `limit` seconds are for all of them together.

    After one that ran out of time or flooded its output, the rest are `not_run`: they would most likely do the same.
    """
    deadline = time.perf_counter() + limit
    results: list[Check] = []
    for name in names:
        short = name.removeprefix("checks::")
        if results and results[-1].cause in (verdict.TIMEOUT, verdict.OUTPUT):
            results.append(Check(short, "not_run", cause=results[-1].cause))
            continue
        # Uncaptured: libtest's capture allocates, and a learner's `println!` must not spoil a counted allocation.
        command = [str(executable), "--exact", name, "--nocapture", "--test-threads=1", "--color=never"]
        outcome, reported = once(short, command, max(0.1, deadline - time.perf_counter()))
        results.append(read(short, name, outcome, limit, reported=reported))
    return results


def read(short: str, name: str, outcome: Outcome, limit: float, *, reported: bool | None = None) -> Check:
    """What a run of one check came to. Where the check reports its end, that decides, and not what was printed."""
    check = Check(short, "failed", seconds=outcome.seconds)
    # A program may print what would clear a terminal or recolour it.
    text = verdict.strip_ansi(outcome.output.replace("\r\n", "\n"))
    if outcome.timed_out or outcome.flooded:
        return stopped(short, outcome, limit)
    came_to_its_end = "\ntest result: ok. 1 passed" in text if reported is None else reported
    if outcome.returncode == 0 and came_to_its_end:
        check.state = "passed"
        return check
    elif panic := PANIC.search(text):
        _read_panic(check, panic)
        check.output = _printed(text, name)
    elif outcome.returncode == 0:
        check.cause = verdict.CHECKS_MISSING
        check.message = "The check did not run to its end: the program left before it, or does not contain it."
    else:
        return crashed(short, outcome)
    return check


def stopped(name: str, outcome: Outcome, limit: float) -> Check:
    """The check during which the program was stopped, by the clock or for its output."""
    check = Check(name, "failed", seconds=outcome.seconds)
    if outcome.timed_out:
        check.cause = verdict.TIMEOUT
        check.message = (
            f"It was still running after {limit:g} s and was stopped. "
            "Does a loop end? Do two threads wait for each other?"
        )
    else:
        check.cause = verdict.OUTPUT
        check.message = f"It printed more than {OUTPUT_CAP >> 20} MB and was stopped. Does a loop end?"
    return check


def crashed(name: str, outcome: Outcome) -> Check:
    """The check during which the program ended by itself."""
    check = Check(name, "failed", seconds=outcome.seconds, cause=verdict.CRASH)
    if "overflowed its stack" in outcome.output:
        check.message = "The program overflowed its stack: does a recursion end?"
    elif outcome.returncode < 0:
        check.message = f"The program was ended by {_signal(-outcome.returncode)}."
    else:
        check.message = f"The program left with status {outcome.returncode} in the middle of the check."
    return check


def from_root(path: str | Path) -> str:
    """A check's file as the course names it: from the folder `chapters`, with forward slashes."""
    plain = posixpath.normpath(str(path).replace("\\", "/"))
    _, found, rest = plain.rpartition("/chapters/")
    return f"chapters/{rest}" if found else plain


def _read_panic(check: Check, panic: re.Match[str]) -> None:
    # The checks are included by a relative path; readers get the plain one.
    check.file, check.line = posixpath.normpath(panic["file"].replace("\\", "/")), int(panic["line"])
    text = panic["text"].strip("\n")
    if compared := COMPARED.match(text):
        # The course's order: what the learner's code gave on the left, what is wanted on the right.
        check.message = (compared["about"] or "").strip()
        check.got, check.wanted = compared["left"].strip(), compared["right"].strip()
    else:
        check.message = text


def _printed(text: str, name: str) -> str:
    """What the learner's own `println!` said: it stands between the test's name and the panic."""
    opening = f"\ntest {name} ... "
    start, end = text.find(opening), text.find("\nthread '")
    return text[start + len(opening) : end].strip("\n") if 0 <= start < end else ""


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
