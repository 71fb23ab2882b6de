"""Runs somebody else's program within limits: time, output, no input."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What is running now, so that quitting leaves nothing behind: it is in groups of its own and misses the Ctrl-C.
_running: set[subprocess.Popen[Any]] = set()
_lock = threading.Lock()
_quitting = threading.Event()

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


class Quitting(Exception):
    """The runner is on its way out, and nothing is started any more."""


def start(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None, **streams: Any) -> Any:
    """Starts a program in a group of its own, so that what it starts can be ended with it; without input, by default.

    Returns its `Popen`, for which `end` must be called. Raises `OSError` when the program cannot be started, and
    `Quitting` after `end_all`: a thread that goes on must not start the next one while the main thread leaves.
    """
    streams.setdefault("stdin", subprocess.DEVNULL)
    with _lock:
        if _quitting.is_set():
            raise Quitting
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            start_new_session=os.name == "posix",
            **streams,
        )
        _running.add(process)
    return process


def is_starting() -> bool:
    """True while a program is being started and may not be known to `end_all` yet."""
    return _lock.locked()


def run_limited(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    seconds: float,
    env: Mapping[str, str] | None = None,
    stdin: Any = None,
    cap: int = OUTPUT_CAP,
    kept: int = KEPT,
    pass_fds: Sequence[int] = (),
) -> Outcome:
    """Runs `command` with standard input closed, and ends it with all its children at a limit.

    `cap` bytes of output end it; of these `kept` from the start and as many from the end are returned. `stdin`, a file
    or its number, is its standard input after all, and `pass_fds` are open in it, too.

    Raises `OSError` when the program cannot be started.
    """
    started = time.perf_counter()
    streams: dict[str, Any] = {} if stdin is None else {"stdin": stdin}
    if pass_fds:
        streams["pass_fds"] = tuple(pass_fds)
    process = start(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **streams)
    limit_processor(process, seconds)
    head, tail = bytearray(), bytearray()
    flooded, cut = threading.Event(), threading.Event()

    def read() -> None:
        total = 0
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            total += len(chunk)
            if len(head) < kept:
                head.extend(chunk)
            else:
                tail.extend(chunk)
            if len(tail) > kept:
                cut.set()
                del tail[:-kept]
            if total > cap:
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
        end(process)
    reader.join(1)
    if not reader.is_alive():
        process.stdout.close()
    text = head + (b"\n[...]\n" if cut.is_set() else b"") + tail
    return Outcome(
        returncode=process.returncode,
        output=text.decode("utf-8", "replace"),
        seconds=time.perf_counter() - started,
        timed_out=timed_out,
        flooded=flooded.is_set(),
    )


def limit_processor(process: subprocess.Popen[Any], seconds: float) -> None:
    """Lets the kernel end a program that loops on after a runner that was killed and could not end it."""
    if sys.platform == "linux":
        import resource

        # On every core for the whole of its time, and some more: a program that keeps its limit never meets this one.
        most = math.ceil(seconds * (os.cpu_count() or 1)) + 5
        with contextlib.suppress(OSError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))


def end_all() -> None:
    """Ends every program that is still going, and lets none be started; called when the runner quits."""
    with _lock:
        _quitting.set()
        waiting = list(_running)
    for process in waiting:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """Kills what is left of the program's group, children that outlive their parent included; then forgets it."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
    _running.discard(process)
