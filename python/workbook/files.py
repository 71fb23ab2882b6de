"""Files that must never be lost or half written: the learner's, and what the runner keeps about them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from workbook.course import CourseError


def back_up(root: Path, path: Path) -> Path | None:
    """Copies a file to `.workbook/backup/` before it is replaced; returns the copy, or None if there was no file.

    Raises `CourseError` when the copy cannot be made: then nothing may be replaced.
    """
    if not path.exists():
        return None
    folder = root / ".workbook" / "backup"
    name = f"{path.parent.name}-{path.stem}-{datetime.now():%Y%m%d-%H%M%S-%f}{path.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy2(path, folder / name))
    except OSError as error:
        raise CourseError(
            f"{path.name} was not touched: a backup could not be written to {folder}: {error.strerror or error}."
        ) from None


def write_atomically(path: Path, text: str) -> None:
    """Writes a file so that it holds the old text or the new, never half. Raises `CourseError` on a full disk."""
    partial: str | None = None
    try:
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; these are ordinary ones.
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except OSError as error:
        if partial:
            with contextlib.suppress(OSError):
                Path(partial).unlink()
        raise CourseError(
            f"{path.name} could not be written: {error.strerror or error}. The old one is untouched."
        ) from None


@contextlib.contextmanager
def locked(path: Path, *, wait: float = 5.0) -> Iterator[None]:
    """Holds an exclusive lock on `path`. Raises `CourseError` when another process keeps it for `wait` seconds."""
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise CourseError(f"{path.parent} cannot be written: {error.strerror or error}.") from None
    with file:
        deadline = time.monotonic() + wait
        while not try_lock(file.fileno()):
            if time.monotonic() > deadline:
                raise CourseError(f"Another runner holds {path.name}. Close it, or try again in a moment.")
            time.sleep(0.02)
        yield


def try_lock(descriptor: int) -> bool:
    """Takes an exclusive lock on an open file; False if another process has it."""
    # The lock goes with the file's closing, even when the process is killed.
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file's content, empty when there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
