"""Answers judged on a cluster: `grade submissions --scheduler ADDRESS`, with Dask distributed.

The same batches that the pool of one machine would take go to the scheduler, which gives those of a worker that is lost
to another one. A worker makes itself ready (`grade_remote.py`) and refuses where its verdicts could differ. A verdict
counts once, whoever it comes from and however often: it is known by what was judged.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from workbook import fingerprint, grade_remote, groups
from workbook.course import Course, CourseError
from workbook.grade_pool import Outcome
from workbook.grade_store import verdict_from
from workbook.grade_work import Work, batches
from workbook.guarded import Judged

GROUP = "cluster"

BATCH = 16
"""Answers in one task at most: a worker starts a Python for each, and a lost one is judged anew."""

ROUNDS = 4
"""Tasks a thread of a worker, at least: so that no worker waits long for the last one."""

WAIT = 60
"""Seconds to wait for the scheduler, and then for a first worker."""

PACKED = ("Cargo.toml", "Cargo.lock", ".cargo", "clippy.toml", "rust-toolchain.toml", "chapters", "crates", "data")
SHARED = ("exercises", "solutions")
RUNNER = ("python", "requirements", "workbook")


class _Sent:
    """A function of `grade_remote.py` that is sent whole: neither scheduler nor worker has a package of ours."""

    def __init__(self, function: Callable[..., Any]) -> None:
        import cloudpickle

        cloudpickle.register_pickle_by_value(grade_remote)
        self.content = cloudpickle.dumps(function)

    def __call__(self, *_: Any) -> Any:
        raise AssertionError("it is there for sending: what arrives is the function itself")

    def __reduce__(self) -> Any:
        import cloudpickle

        return cloudpickle.loads, (self.content,)


class Cluster:
    """A scheduler and whatever workers it has. Nothing is asked of it before there is something to judge."""

    def __init__(
        self, course: Course, address: str, *, trust: bool, extra: Path | None, say: Callable[[str], None]
    ) -> None:
        self.course, self.address, self.trust, self.extra, self.say = course, address, trust, extra, say
        self.client: Any = None
        self.judge: _Sent | None = None
        self.workers: set[str] = set()
        self.packed: tuple[Any, str] | None = None

    def run(self, works: Sequence[Work]) -> Generator[list[Outcome], None, None]:
        if not works:
            return
        self._connect()
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        threads = sum(self.client.nthreads().values()) or 1
        size = max(1, min(BATCH, -(-len(works) // (threads * ROUNDS))))
        waiting = {self._submit(batch): batch for batch in batches(works, size)}
        lost: list[Work] = []
        try:
            arriving = as_completed(list(waiting), loop=self.client.loop, raise_errors=False)
            for future in arriving:
                batch = waiting.pop(future)
                try:
                    said = future.result()
                except KilledWorker:
                    # It may be one answer's doing. Alone, it takes no other along.
                    if len(batch) == 1:
                        lost += batch
                        continue
                    for work in batch:
                        again = self._submit([work])
                        waiting[again] = [work]
                        arriving.add(again)
                    continue
                if "error" in said:
                    raise CourseError(f"The worker {said['by']} cannot judge: {said['error']}")
                yield [
                    (work, Judged(verdict_from(found["verdict"]), found["hidden"]), said["by"])
                    for work, found in zip(batch, said["outcomes"], strict=True)
                ]
        finally:
            # What a worker is at goes to its end there; nobody waits for it.
            self.client.cancel(list(waiting), force=True)
            self._tell_of_the_lost()
        if lost:
            names = ", ".join(sorted({f"{work.item.chapter}/{work.item.name}" for work in lost}))
            raise CourseError(
                f"Workers were lost again and again over {len(lost)} answers to {names}. All others are judged. The "
                "workers' logs say more; the same call tries these again."
            )

    def close(self) -> None:
        if self.client is not None:
            self.client.close(timeout=30)

    def _connect(self) -> None:
        """Raises `CourseError` when there is no scheduler, or one without workers."""
        if self.client is not None:
            return
        groups.ensure(GROUP)
        from distributed import Client

        self.judge = _Sent(grade_remote.judge)
        try:
            self.client = Client(self.address, timeout=WAIT, set_as_default=False)
            self.client.wait_for_workers(1, timeout=WAIT)
        except (OSError, TimeoutError, ValueError) as error:
            if self.client is None:
                raise CourseError(f"No scheduler answers at {self.address}: {error}") from None
            raise CourseError(
                f"The scheduler at {self.address} has no workers: start 'dask worker {self.address}'."
            ) from None
        self.workers = set(self.client.nthreads())
        content = pack(self.course)
        digest = hashlib.sha256(content).hexdigest()
        # As a task, so that it comes again when the worker that holds it is lost.
        self.packed = (self.client.submit(bytes, content, key=f"course-{digest[:20]}"), digest)
        threads = sum(self.client.nthreads().values())
        self.say(
            f"{len(self.workers)} workers with {threads} threads, and {len(content) / 1e6:.1f} MB of course for each"
        )

    def _submit(self, batch: Sequence[Work]) -> Any:
        assert self.packed
        item = batch[0].item
        request = {
            "chapter": item.chapter,
            "parts": fingerprint.of_chapter(self.course, self.course.chapter(item.chapter)),
            "works": [(work.item.name, work.text) for work in batch],
            "trust": self.trust,
            "checks": self._checks(item.chapter),
        }
        course, digest = self.packed
        key = f"grade-{item.chapter}-{os.getpid()}-{time.time_ns()}"
        return self.client.submit(self.judge, course, digest, request, key=key, pure=False)

    def _checks(self, chapter: str) -> dict[str, str] | None:
        """The teacher's own checks of a chapter, by file name; None where there is no folder of them."""
        if self.extra is None:
            return None
        files = sorted(path for path in (self.extra / chapter).glob("*") if path.is_file())
        return {path.name: path.read_text(encoding="utf-8") for path in files}

    def _tell_of_the_lost(self) -> None:
        gone = self.workers - set(self.client.nthreads())
        self.workers -= gone
        for address in sorted(gone):
            self.say(f"The worker {address} was lost; what it had went to others.")


def pack(course: Course) -> bytes:
    """What a worker needs: the course that is graded with, and this runner. The same files make the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz", preset=2) as archive:
        for root, names in ((course.root, (*PACKED, *SHARED)), (groups.ROOT, RUNNER)):
            for name in names:
                for path in _files(root / name):
                    _add(archive, path, path.relative_to(root).as_posix())
    return buffer.getvalue()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = []
    for here, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in ("target", "__pycache__") and name[:1] != ".")
        found += [Path(here, name) for name in sorted(files)]
    return [each for each in found if each.is_file() and not each.is_symlink()]


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = path.stat().st_size, 0o755 if name == "workbook" else 0o644
    with path.open("rb") as file:
        archive.addfile(entry, file)
