"""Runs somebody else's program within limits: time, output, no input."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What is running now, so that quitting leaves nothing behind; checks are in groups of their own and miss the Ctrl-C.
_running: set[subprocess.Popen[bytes]] = set()

OUTPUT_CAP = 1 << 20
"""Bytes after which a program is stopped for flooding; a failing check prints a few hundred."""

KEPT = 32 << 10
"""Bytes of output that are kept from the start, and as many from the end."""


@dataclass
class Outcome:
    """How a limited run ended. `returncode` is negative for a signal, as in `subprocess`."""

    returncode: int
    output: str
    seconds: float
    timed_out: bool
    flooded: bool


def run_limited(
    command: Sequence[str | Path], *, cwd: Path, seconds: float, env: Mapping[str, str] | None = None
) -> Outcome:
    """Runs `command` with standard input closed, and ends it with all its children at a limit.

    Raises `OSError` when the program cannot be started.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # A group of its own, so that what the program started ends with it.
        start_new_session=os.name == "posix",
    )
    _running.add(process)
    head, tail = bytearray(), bytearray()
    flooded = threading.Event()

    def read() -> None:
        assert process.stdout
        total = 0
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            total += len(chunk)
            if len(head) < KEPT:
                head.extend(chunk)
            else:
                tail.extend(chunk)
                del tail[:-KEPT]
            if total > OUTPUT_CAP:
                flooded.set()
                return

    # A thread that reads to the end wakes us at once; `wait(timeout)` would poll, and cost up to 50 ms a check.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        reader.join(seconds)
        timed_out = reader.is_alive() and not flooded.is_set()
        if not timed_out and not flooded.is_set():
            # The pipe is closed; a program that closed it and runs on has no more time than the rest.
            try:
                process.wait(max(0.05, seconds - (time.perf_counter() - started)))
            except subprocess.TimeoutExpired:
                timed_out = True
    finally:
        _end(process)
        _running.discard(process)
    reader.join(1)
    if process.stdout and not reader.is_alive():
        process.stdout.close()
    text = head[:KEPT] + (b"\n[...]\n" if tail and flooded.is_set() else b"") + head[KEPT:] + tail
    return Outcome(
        returncode=process.returncode,
        output=text.decode("utf-8", "replace"),
        seconds=time.perf_counter() - started,
        timed_out=timed_out,
        flooded=flooded.is_set(),
    )


def end_all() -> None:
    """Ends every limited run that is still going; called when the runner quits."""
    for process in list(_running):
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills the program's whole group; children that outlive their parent are in it too."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
