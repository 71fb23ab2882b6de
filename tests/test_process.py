"""Programs within limits: time, output, no input, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from course_copy import alive
from workbook import process
from workbook.process import KEPT, OUTPUT_CAP, Outcome, Quitting, run_limited

PATIENCE = 30.0
"""Seconds: far more than anything here takes, so that a busy machine breaks no test."""


def python(code: str, *, seconds: float = PATIENCE, folder: Path = Path("/")) -> Outcome:
    return run_limited([sys.executable, "-c", code], cwd=folder, seconds=seconds)


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_status_and_both_streams_come_back() -> None:
    done = python("import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(7)")
    assert (done.returncode, done.output) == (7, "out\nerr\n")
    assert not done.timed_out and not done.flooded


def test_input_is_closed_whatever_ours_is() -> None:
    reading, writing = os.pipe()
    ours = os.dup(0)
    os.dup2(reading, 0)
    try:
        done = python("import sys; print(repr(sys.stdin.readline()))", seconds=10.0)
    finally:
        os.dup2(ours, 0)
        for descriptor in (reading, writing, ours):
            os.close(descriptor)
    assert (done.timed_out, done.output) == (False, "''\n")


def test_a_signal_is_a_negative_status() -> None:
    assert python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").returncode == -signal.SIGSEGV


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert python(r"import os; os.write(1, b'a\xffb')").output == "a\ufffdb"


def test_the_limit_ends_the_program_and_its_children(tmp_path: Path) -> None:
    code = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
print(os.getpid(), child.pid, flush=True)
while True: pass
"""
    started = time.perf_counter()
    done = python(code, seconds=2.0)
    took = time.perf_counter() - started
    assert done.timed_out and not done.flooded
    assert 2.0 <= took < PATIENCE
    pids = [int(pid) for pid in done.output.split()]
    assert len(pids) == 2
    assert wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_child_that_outlives_its_parent_ends_with_it() -> None:
    code = """
import subprocess, sys
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
print(subprocess.Popen([sys.executable, "-c", "while True: pass"], **quiet).pid)
"""
    done = python(code)
    assert done.returncode == 0 and not done.timed_out
    assert wait_until(lambda: not alive(int(done.output)))


def test_a_program_that_closes_its_output_still_has_a_limit() -> None:
    done = python("import os, time; os.close(1); os.close(2); time.sleep(1000)", seconds=1.0)
    assert done.timed_out and done.seconds < PATIENCE


def test_a_flood_is_stopped_long_before_the_limit() -> None:
    done = python("while True: print('x' * 99)", seconds=1000.0)
    assert done.flooded and not done.timed_out
    assert done.seconds < PATIENCE
    assert len(done.output) <= 2 * KEPT + (1 << 16) + 10
    assert "\n[...]\n" in done.output


def test_long_output_keeps_its_start_and_its_end_and_says_that_something_is_missing() -> None:
    size = 8 * KEPT
    assert size < OUTPUT_CAP
    done = python(f"print('first'); print('x' * {size}); print('last')")
    assert not done.flooded
    assert done.output.startswith("first\n") and done.output.endswith("xx\nlast\n")
    assert done.output.count("\n[...]\n") == 1
    assert len(done.output) < size


def test_output_that_fits_is_whole() -> None:
    lines = [f"line {number}" for number in range(KEPT // 12)]
    done = python(f"for n in range({len(lines)}): print('line', n, flush=n % 50 == 0)")
    assert done.output.splitlines() == lines


def test_a_program_that_is_not_there_is_an_error_of_the_call() -> None:
    with pytest.raises(FileNotFoundError):
        run_limited(["/no/such/program"], cwd=Path("/"), seconds=1)


@pytest.fixture
def quitting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test quit without ending the session for those that come after it."""
    monkeypatch.setattr(process, "_quitting", threading.Event())


@pytest.mark.usefixtures("quitting")
def test_quitting_ends_what_runs_and_lets_nothing_start() -> None:
    outcomes: list[Outcome] = []
    later: list[bool] = []

    def several() -> None:
        outcomes.append(python("while True: pass", seconds=1000.0))
        try:
            outcomes.append(python("print('a second one')"))
        except Quitting:
            later.append(True)

    thread = threading.Thread(target=several)
    thread.start()
    assert wait_until(lambda: len(process._running) == 1)
    process.end_all()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [outcome.returncode for outcome in outcomes] == [-signal.SIGKILL]
    assert later == [True]
    assert not process._running


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_runner_that_is_ended_takes_along_what_it_started(tmp_path: Path, ending: signal.Signals) -> None:
    note = tmp_path / "pid"
    inner = f"import os; open({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    outer = f"""
import signal, sys
from pathlib import Path
from workbook import process, run
# As from a terminal, whatever started the tests may ignore.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
def action():
    process.run_limited([sys.executable, "-c", {inner!r}], cwd=Path("/"), seconds=1000)
    return 0
sys.exit(run.guarded(action))
"""
    env = {**os.environ, "PYTHONPATH": str(Path(process.__file__).resolve().parents[1])}
    runner = subprocess.Popen([sys.executable, "-c", outer], env=env, stderr=subprocess.PIPE)
    try:
        assert wait_until(lambda: note.exists() and note.read_text() != "")
        pid = int(note.read_text())
        assert alive(pid)
        runner.send_signal(ending)
        _, said = runner.communicate(timeout=PATIENCE)
    finally:
        runner.kill()
    assert runner.returncode == 128 + ending
    assert b"Traceback" not in said
    assert wait_until(lambda: not alive(pid))
