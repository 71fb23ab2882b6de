"""A plugin of pytest's that notes every check as it begins and as it ends, one JSON line each.

Loaded into the process that runs an exercise's checks, with the learner's own module: it imports nothing of ours. The
file is named by WORKBOOK_REPORT. With WORKBOOK_SIGNED, a secret comes in on standard input before anything of the
learner's is loaded, and each line is signed with it.
"""

from __future__ import annotations

import hmac
import json
import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

MARK = b"\x1e"
NOTES = Path(os.environ["WORKBOOK_REPORT"])
# The last comparison with `==` that failed: what the check got, and what it wanted.
compared: list[str] = []


# A shell's background job ignores Ctrl-C and all that it starts inherits that; a check may be about Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


def signer() -> Callable[[str], str]:
    """What makes a line of an entry's text."""
    if not os.environ.pop("WORKBOOK_SIGNED", ""):
        return lambda text: text
    secret = os.read(0, 64)
    return lambda text: f"{hmac.new(secret, text.encode(), 'sha256').hexdigest()} {text}"


signed = signer()


def note(**entry: Any) -> None:
    """Adds a line; the file is closed again, since the process may be gone at any moment."""
    with NOTES.open("a", encoding="utf-8") as file:
        file.write(signed(json.dumps(entry)) + "\n")


def pytest_assertrepr_compare(op: str, left: object, right: object) -> None:
    """Keeps both sides of a failed `==`, as Rust's `assert_eq!` prints them."""
    compared.clear()
    if op == "==":
        compared.extend((shown(left), shown(right)))


def shown(value: object) -> str:
    """What `repr` says; a learner's class may have one that raises."""
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"


def pytest_runtest_logstart(nodeid: str) -> None:
    compared.clear()
    note(check=name_of(nodeid), passed=None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Marks in the process's output what a check printed: pytest's own capture would have no end to a flood."""
    os.write(1, MARK)
    try:
        return (yield)
    finally:
        os.write(1, MARK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # One line a check: at its first phase that fails, else when its body has ended.
    if report.failed or call.when == "call":
        entry: dict[str, Any] = {"check": name_of(item.nodeid), "passed": report.passed, "seconds": report.duration}
        if call.excinfo:
            got, wanted = compared if compared and call.excinfo.errisinstance(AssertionError) else (None, None)
            lines = [part.lineno + 1 for part in call.excinfo.traceback if Path(part.path) == item.path]
            entry |= {"message": message(call.excinfo, wanted), "got": got, "wanted": wanted}
            entry |= {"line": lines[-1] if lines else None}
        note(**entry)
    return report


def message(error: pytest.ExceptionInfo[BaseException], wanted: str | None) -> str:
    """What the check says of itself; of another exception its type and text."""
    text = str(error.value)
    if not error.errisinstance(AssertionError):
        return f"{error.typename}: {text}"
    about, found, asserted = text.partition("\nassert ")
    if not found and text.startswith("assert "):
        about, asserted = "", text.removeprefix("assert ")
    # The comparison itself is shown as `wanted` and `got`; any other assertion is shown as it stands.
    return about if wanted is not None or not asserted else f"{about}\nassert {asserted}".strip()


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        lines = str(report.longrepr).strip().splitlines()
        marked = next((line[1:].strip() for line in lines if line.startswith("E ")), lines[-1])
        note(not_imported=crash.message if crash else marked)


def name_of(nodeid: str) -> str:
    return nodeid.rpartition("::")[2].removeprefix("test_")
