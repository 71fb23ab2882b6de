"""Answers judged here, several at a time: one machine's pool.

What compiles and runs an answer is a parameter, so that the same loop takes its verdicts from this machine or from a
cluster (`grade_cluster.py`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from workbook import guarded, process, scratch
from workbook.course import Chapter, Course
from workbook.grade_work import Work, batches
from workbook.guarded import Judged, Ready
from workbook.sandbox import Cell
from workbook.scratch import Answer

HERE = "here"

Outcome = tuple[Work, Judged, str]
"""What was judged, what it came to, and who judged it."""


class Judge(Protocol):
    """Whoever judges answers."""

    def run(self, works: Sequence[Work]) -> Generator[list[Outcome], None, None]:
        """Judges `works` and yields what is done, in any order. Raises `CourseError` where the fault is not theirs."""
        ...

    def close(self) -> None:
        """Ends what was begun for judging."""
        ...


class Pool:
    """Threads of this process; each has a number, and calls `judge` with it and with answers to one chapter."""

    def __init__(
        self,
        judge: Callable[[int, Sequence[Work]], Sequence[Judged]],
        *,
        threads: int | None = None,
        batch: int = 1,
    ) -> None:
        self.judge, self.threads, self.batch = judge, threads or default_threads(), batch

    def run(self, works: Sequence[Work]) -> Generator[list[Outcome], None, None]:
        slots: SimpleQueue[int] = SimpleQueue()
        for number in range(self.threads):
            slots.put(number)

        over = threading.Event()

        def one(batch: list[Work]) -> list[Outcome]:
            if over.is_set():
                return []
            slot = slots.get()
            try:
                found = self.judge(slot, batch)
                return [(work, judged, HERE) for work, judged in zip(batch, found, strict=True)]
            except BaseException:
                over.set()
                raise
            finally:
                slots.put(slot)

        executor = ThreadPoolExecutor(self.threads)
        try:
            waiting = [executor.submit(one, batch) for batch in batches(works, self.batch)]
            for future in scratch.as_they_end(waiting):
                yield future.result()
        except (KeyboardInterrupt, SystemExit):
            # The executor waits for its threads: none may begin another run, or go on with an endless one.
            process.end_all()
            raise
        finally:
            # Nothing more is begun, and what was cut off gives no verdict: nobody reads it.
            over.set()
            executor.shutdown(cancel_futures=True)


class Here:
    """This machine: each answer is compiled and run by itself, as many at once as there are threads.

    What a chapter needs is built when its first answer comes, and the other threads go on with other chapters.
    """

    def __init__(
        self,
        course: Course,
        folder: str,
        cell: Cell | None,
        extra: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
        *,
        threads: int | None = None,
    ) -> None:
        self.course, self.folder, self.cell, self.extra, self.say = course, folder, cell, extra, say
        self.ready: dict[str, Ready] = {}
        self.locks = {chapter.name: threading.Lock() for chapter in course.chapters}
        self.pool = Pool(self.judge, threads=threads)

    def run(self, works: Sequence[Work]) -> Generator[list[Outcome], None, None]:
        return self.pool.run(works)

    def close(self) -> None:
        """Nothing is left: the threads end with each run."""

    def judge(self, _: int, works: Sequence[Work]) -> list[Judged]:
        """Judges answers to one chapter, one after the other."""
        ready = self.prepare(self.course.chapter(works[0].item.chapter))
        answers = [Answer(work.item, work.item.name, work.text) for work in works]
        return guarded.judge_all(self.course, ready, answers, cell=self.cell, extra=self.extra, workers=1)

    def prepare(self, chapter: Chapter) -> Ready:
        with self.locks[chapter.name]:
            if chapter.name not in self.ready:
                self.say(f"{chapter.name}: building what its exercises need")
                self.ready[chapter.name] = guarded.prepare(self.course, chapter, self.folder)
                self.say(f"{chapter.name}: judging")
            return self.ready[chapter.name]


def default_threads() -> int:
    """More than there are cores: an answer that waits for ever computes nothing."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2
