"""What grading has found out, in SQLite as it comes: verdicts by all that decides them, and the results of each run.

A run that was interrupted, even by a power cut, finds here what it had judged; so does the next run of a class in which
three learners have handed in anew. The file is a cache: whoever deletes it loses time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from workbook import fingerprint
from workbook.course import Course, CourseError
from workbook.grade_work import Key, Work
from workbook.guarded import Judged
from workbook.verdict import Check, Diagnostic, Verdict

PLACE = ".workbook/grade.sqlite"

FORMAT = 1
"""Part of each verdict's key: what an older grader wrote in another shape is not found."""

TABLES = """
create table if not exists verdicts (
    key text primary key,
    chapter text not null,
    exercise text not null,
    content text not null,
    passed integer not null,
    verdict text not null,
    hidden text not null,
    judged_at text not null,
    judged_by text not null
) without rowid;
create table if not exists runs (
    run integer primary key,
    started_at text not null,
    ended_at text,
    outcome text,
    folder text not null,
    submissions integer not null,
    answers integer not null,
    different integer not null,
    known integer not null
);
create table if not exists results (
    run integer not null references runs,
    learner text not null,
    result text not null,
    done_at real not null,
    primary key (run, learner)
) without rowid;
"""


class Store:
    """The open database.

    `how` says in what the answers run (a sandbox or not); `extra` is the folder of the teacher's own checks.
    """

    def __init__(self, connection: sqlite3.Connection, course: Course, how: str, extra: Path | None = None) -> None:
        self.connection, self.course, self.how, self.extra = connection, course, how, extra
        self.parts: dict[str, str] = {}
        self.run: int | None = None

    def key(self, work: Work) -> str:
        """Everything that decides the verdict on `work`, as one hash."""
        item = work.item
        if item.chapter not in self.parts:
            found = fingerprint.of_chapter(self.course, self.course.chapter(item.chapter))
            self.parts[item.chapter] = fingerprint.joined(found)
        own = self.extra / item.chapter / Path(item.checks).name if self.extra else None
        checks = hashlib.sha256(own.read_bytes()).hexdigest() if own and own.is_file() else ""
        whole = [FORMAT, self.how, self.parts[item.chapter], item.chapter, item.name, checks, work.text]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()

    def known(self, works: Sequence[Work]) -> dict[Key, Judged]:
        """What is known of `works` already."""
        found = {}
        for work in works:
            row = self.connection.execute(
                "select verdict, hidden from verdicts where key = ?", (self.key(work),)
            ).fetchone()
            if row:
                found[work.key] = Judged(verdict_from(json.loads(row[0])), json.loads(row[1]))
        return found

    def keep(self, outcomes: Sequence[tuple[Work, Judged, str]]) -> None:
        """Keeps verdicts, each with who judged it. One that is there already stays as it is."""
        now = _now()
        rows = [
            (
                self.key(work),
                *work.key,
                judged.verdict.passed,
                json.dumps(asdict(judged.verdict)),
                json.dumps(judged.hidden),
                now,
                by,
            )
            for work, judged, by in outcomes
        ]
        with self.connection:
            self.connection.executemany("insert or ignore into verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def forget(self, works: Sequence[Work]) -> None:
        """Makes `works` unknown, so that they are judged again."""
        with self.connection:
            self.connection.executemany("delete from verdicts where key = ?", [(self.key(work),) for work in works])

    def begin(self, folder: Path, *, submissions: int, answers: int, different: int, known: int) -> None:
        """Notes that a run has begun."""
        with self.connection:
            self.run = self.connection.execute(
                "insert into runs (started_at, folder, submissions, answers, different, known)"
                " values (?, ?, ?, ?, ?, ?)",
                (_now(), str(folder.resolve()), submissions, answers, different, known),
            ).lastrowid

    def result(self, learner: str, result: dict[str, Any]) -> None:
        """Keeps what one learner came to in this run."""
        with self.connection:
            self.connection.execute(
                "insert or replace into results values (?, ?, ?, ?)",
                (self.run, learner, json.dumps(result), time.time()),
            )

    def end(self, outcome: str) -> None:
        """Notes how the run ended. Of the runs before it only the last few keep their learners' results."""
        if self.run is None:
            return
        with self.connection:
            self.connection.execute(
                "update runs set ended_at = ?, outcome = ? where run = ?", (_now(), outcome, self.run)
            )
            self.connection.execute("delete from results where run <= ?", (self.run - 10,))


@contextlib.contextmanager
def opened(course: Course, how: str, extra: Path | None = None) -> Iterator[Store]:
    """The course's own store. Raises `CourseError` when the file cannot be written, or is something else."""
    path = course.root / PLACE
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise CourseError(f"{path.parent} cannot be written: {error.strerror or error}.") from None
    connection = None
    try:
        connection = sqlite3.connect(path)
        # What is committed survives the end of this process, however it comes; readers do not wait for it.
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.executescript(TABLES)
        yield Store(connection, course, how, extra)
    except sqlite3.Error as error:
        raise CourseError(
            f"{PLACE} cannot be used: {error}. It keeps what was judged before; delete it, and all is judged anew."
        ) from None
    finally:
        if connection:
            connection.close()


def verdict_from(data: dict[str, Any]) -> Verdict:
    """A verdict from its `asdict`."""
    known = {entry.name for entry in fields(Verdict)}
    plain = {name: value for name, value in data.items() if name in known}
    plain["checks"] = [Check(**check) for check in data["checks"]]
    plain["diagnostics"] = [Diagnostic(**message) for message in data["diagnostics"]]
    plain["lints"] = [Diagnostic(**message) for message in data["lints"]]
    return Verdict(**plain)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
