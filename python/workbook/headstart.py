"""The compiler's head start: for `run NAME` it begins while the runner itself is still being loaded.

Python needs about as long to load the runner as rustc to compile an exercise, and there is more than one core. So the
command that `replay.py` has kept is started first; `replay` takes its result over if everything is as it was then, and
otherwise compiles as if there had been none. Of the standard library only what is loaded fast: `subprocess` and
`pathlib` alone would cost half of what is won.
"""

# For that reason:
# ruff: noqa: PTH103, PTH112, PTH118, PTH120, PTH123, PTH208

from __future__ import annotations

import contextlib
import json
import os
import signal
from typing import Any

from workbook import stamps

# What was started, at most once a process: the record's path, the source and its stamp, the process and its pipe.
_begun: dict[str, Any] | None = None


def begin(name: str) -> None:
    """Starts the compiler for an exercise whose command is kept and still holds; else does nothing, without a word."""
    if stamps.possible():
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            _begin(name.replace(os.sep, "/").rsplit("/", 1)[-1].removesuffix(".rs"))


def _begin(name: str) -> None:
    global _begun
    here = os.path.realpath(__file__)
    root = os.environ.get("WORKBOOK_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(here)))
    folder = os.path.join(root, ".workbook", "replay")
    (found,) = (file for file in os.listdir(folder) if file.endswith(f"-{name}-build.json"))
    record = os.path.join(folder, found)
    with open(record, encoding="utf-8") as file:
        kept = json.load(file)
    env = stamps.environment()
    if _cargo() != kept["cargo"] or not stamps.holds(kept, kept["cargo"], kept["arguments"], env):
        return
    source = os.path.join(root, next(word for word in kept["command"] if word.endswith(".rs")))
    lock = _lock(record.removesuffix(".json") + ".lock")
    try:
        os.makedirs(kept["folder"], exist_ok=True)
        before = stamps.stamp(source)
        reading, writing = os.pipe()
        try:
            pid = _spawn(kept["command"], root, {**env, **kept["env"]}, writing, lock)
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
    except BaseException:
        os.close(lock)
        raise
    _begun = {"record": record, "source": source, "stamp": before, "pid": pid, "pipe": reading, "lock": lock}


def take(record: str) -> tuple[str, int] | None:
    """What the compiler said on standard error and its exit status, if it was started for this record.

    None when it was not, or when the learner's file has changed since.
    """
    global _begun
    begun, _begun = _begun, None
    if begun is None:
        return None
    ended = False
    try:
        if begun["record"] != record or begun["stamp"] is None or stamps.stamp(begun["source"]) != begun["stamp"]:
            return None
        with os.fdopen(os.dup(begun["pipe"]), encoding="utf-8", errors="replace") as pipe:
            said = pipe.read()
        _, status = os.waitpid(begun["pid"], 0)
        ended = True
        return said, os.waitstatus_to_exitcode(status)
    finally:
        if not ended:
            # It leads a group of its own, with the linker in it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(begun["pid"], signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(begun["pid"], 0)
        os.close(begun["pipe"])
        os.close(begun["lock"])


def _spawn(command: list[str], folder: str, env: dict[str, str], errors: int, lock: int) -> int:
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    silence = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    said = (os.POSIX_SPAWN_DUP2, errors, 2)
    # It starts where we stand. Nobody else is here yet, so we may go there and back.
    back = os.open(".", os.O_RDONLY)
    try:
        # The compiler holds the lock too: should we be killed, no other may write the same files before it has ended.
        os.set_inheritable(lock, True)
        os.chdir(folder)
        return os.posix_spawn(command[0], command, env, file_actions=[nothing, silence, said], setpgroup=0)
    finally:
        os.set_inheritable(lock, False)
        os.fchdir(back)
        os.close(back)


def _lock(path: str) -> int:
    """Takes the lock that `replay` takes. Raises `OSError` when another runner has it."""
    import fcntl

    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _cargo() -> str | None:
    """The cargo that is called, if the PATH has one."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, "cargo")
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return None
