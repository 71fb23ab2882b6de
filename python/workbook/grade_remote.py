"""What a worker of a cluster does with a batch of answers: it makes itself ready, and asks a runner of its own.

Its functions are sent along by value, so a worker needs nothing of the course's but a Python and Rust: the standard
library only. The course comes once to each machine, packed, and is kept in the user's cache; the verdicts come from a
process that runs that copy (`grade_batch.py`).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

NEEDED = ("junitparser", "platformdirs", "pydantic", "rich", "tomlkit", "typer")
"""What the runner imports. A Python without them makes the copy's own `.venv` first, as a learner's does."""

STALE = 14 * 24 * 3600
"""Seconds after which a copy of the course that nobody has used is deleted."""


def judge(course: bytes, digest: str, request: dict[str, Any]) -> dict[str, Any]:
    """Judges the request's answers. Returns `{by, outcomes}`, or `{by, error}` where the fault is this machine's."""
    by = _name()
    try:
        place = prepare(course, digest)
        said = _ask(place, request)
    except OSError as error:
        return {"by": by, "error": f"the course could not be laid down: {error}"}
    return {"by": by, **said}


def prepare(course: bytes, digest: str) -> Path:
    """The folder with this course, unpacked if it is the first time. Several workers of a machine share it."""
    cache = _cache()
    place = cache / digest[:20]
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=cache, prefix="part-"))
        with tarfile.open(fileobj=io.BytesIO(course), mode="r:*") as archive:
            archive.extractall(partial, filter="data")
        try:
            partial.rename(place)
        except OSError:
            # Another worker was first.
            shutil.rmtree(partial, ignore_errors=True)
            if not place.exists():
                raise
        for other in cache.iterdir():
            with contextlib.suppress(OSError):
                if other.name != "target" and time.time() - other.stat().st_mtime > STALE:
                    shutil.rmtree(other, ignore_errors=True)
    os.utime(place)
    return place


def _cache() -> Path:
    base = os.environ.get("WORKBOOK_WORKER") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rust-for-ai" / "grade"


def _ask(place: Path, request: dict[str, Any]) -> dict[str, Any]:
    """One batch in a process of its own, which ends when this one does: its standard input stays open until then."""
    program = place / "python" / "workbook" / "__main__.py"
    runner = ["-I", "-X", "utf8", str(program)] if _has_packages() else [str(place / "workbook")]
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    process = subprocess.Popen(
        [sys.executable, *runner, "grade", "batch"],
        cwd=place,
        # All copies of this machine build into one folder: what they have in common is built once.
        env={**env, "WORKBOOK_ROOT": str(place), "CARGO_TARGET_DIR": str(place.parent / "target")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    with process:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        said = process.stdout.read()
        complaint = process.stderr.read().decode("utf-8", "replace").strip()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
    try:
        answer: dict[str, Any] = json.loads(said)
        return answer
    except ValueError:
        return {"error": f"its runner left with status {process.returncode} and no verdict. {complaint[-600:]}"}


def _has_packages() -> bool:
    from importlib.util import find_spec

    return all(find_spec(name) for name in NEEDED)


def _name() -> str:
    try:
        from distributed import get_worker

        return str(get_worker().address)
    except Exception:
        # Called by somebody else than a worker.
        return f"process {os.getpid()}"
