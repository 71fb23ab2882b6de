"""`grade batch`: a worker's runner. It reads a batch of answers from standard input and prints the verdicts, as JSON.

It runs in the worker's copy of the course, and ends with the worker: when nobody holds its standard input any more,
nobody waits for a verdict.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from workbook import course as courses
from workbook import exercise, fingerprint, guarded, process, sandbox
from workbook.course import Chapter, Course, CourseError
from workbook.files import locked
from workbook.grade_pool import Here, Outcome
from workbook.grade_work import Work
from workbook.guarded import Ready
from workbook.sandbox import Cell

SCRATCH = ".grade"

PATIENCE = 3600.0
"""Seconds to wait for another worker of this machine that builds what a chapter needs."""


def main() -> int:
    """Judges one batch. Always prints something, and returns 0 if that is verdicts."""
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_the_worker, daemon=True).start()
    try:
        answer = judge(courses.load(), request)
    except CourseError as problem:
        answer = {"error": str(problem)}
    print(json.dumps(answer), flush=True)
    return int("error" in answer)


def _leave_with_the_worker() -> None:
    # Not by `sys.stdin`, whose lock a waiting thread would hold when Python ends.
    while os.read(0, 4096):
        pass
    process.end_all()
    os._exit(1)


def judge(course: Course, request: dict[str, Any]) -> dict[str, Any]:
    """The verdicts on a request's answers, in its order. Raises `CourseError` where the fault is this machine's."""
    chapter = course.chapter(request["chapter"])
    demand_same(fingerprint.of_chapter(course, chapter), request["parts"])
    cell = None if request["trust"] else sandbox.find()
    ready = make_ready(course, chapter, cell)
    works = [Work(course.exercise(f"{chapter.name}/{name}"), text) for name, text in request["works"]]
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        extra = None
        if request["checks"] is not None:
            extra = Path(folder)
            for name, text in request["checks"].items():
                (extra / chapter.name).mkdir(exist_ok=True)
                (extra / chapter.name / name).write_text(text, encoding="utf-8", newline="\n")
        outcomes = _judge(course, ready, cell, extra, works, threads=1)
    found = {work.key: judged for work, judged, _ in outcomes}
    return {"outcomes": [asdict(found[work.key]) for work in works]}


def demand_same(here: dict[str, str], wanted: dict[str, str]) -> None:
    """Raises `CourseError` where a verdict from here would be another than the asker's own."""
    for name, value in wanted.items():
        if here.get(name) != value:
            shown = f": '{here.get(name)}' there, '{value}' here" if name == "compiler" else ""
            raise CourseError(f"it has another {name} than this machine{shown}. Verdicts could differ.")


def make_ready(course: Course, chapter: Chapter, cell: Cell | None) -> Ready:
    """Builds what the chapter's exercises need and judges the course's own solutions: once for all workers here."""
    parts = fingerprint.of_chapter(course, chapter)
    digest = hashlib.sha256(f"{fingerprint.joined(parts)} {cell}".encode()).hexdigest()[:16]
    kept = course.root / ".workbook" / f"ready-{chapter.name}-{digest}"
    with locked(course.root / ".workbook" / f"ready-{chapter.name}.lock", wait=PATIENCE):
        if kept.exists():
            found = pickle.loads(kept.read_bytes())
            if isinstance(found, Ready) and _is_there(found):
                return found
        ready = guarded.prepare(course, chapter, SCRATCH)
        solutions = [
            Work(
                item, exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master)).solution()
            )
            for item in chapter.exercises
        ]
        for work, judged, _ in _judge(course, ready, cell, None, solutions, threads=None):
            if not judged.verdict.passed:
                raise CourseError(
                    f"the course's own solution of {chapter.name}/{work.item.name} does not pass there. "
                    f"{judged.verdict.message}"
                )
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps(ready))
        partial.replace(kept)
        return ready


def _is_there(ready: Ready) -> bool:
    """Whether what was built is still there: somebody may have cleaned up."""
    words = [word for words, _ in ready.commands.values() for word in words]
    libraries = [Path(word.partition("=")[2]) for flag, word in pairwise(words) if flag == "--extern" and "=" in word]
    return ready.folder.is_dir() and all(path.exists() for path in (*ready.shown, *ready.data, *libraries))


def _judge(
    course: Course, ready: Ready, cell: Cell | None, extra: Path | None, works: Sequence[Work], threads: int | None
) -> list[Outcome]:
    here = Here(course, SCRATCH, cell, extra, threads=threads)
    here.ready[ready.chapter] = ready
    return [outcome for done in here.run(works) for outcome in done]
