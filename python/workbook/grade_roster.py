"""The class list: who is in a class, and what Canvas and Moodle call them.

A roster is a CSV file, often one that a course platform exported. A learner is found in it by the column `learner`, or
else by whatever names them there: a login, an e-mail address, a number, a name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbook.course import CourseError
from workbook.grade_policy import Policy

COLUMNS = {
    "learner": "learner",
    "name": "name",
    "student": "name",
    "full name": "name",
    "id": "canvas_id",
    "canvas_id": "canvas_id",
    "sis user id": "sis_user_id",
    "sis_user_id": "sis_user_id",
    "sis login id": "sis_login_id",
    "sis_login_id": "sis_login_id",
    "section": "section",
    "email": "email",
    "email address": "email",
    "username": "username",
    "id number": "idnumber",
    "idnumber": "idnumber",
    "handed_in": "handed_in",
}
"""Headers that are understood, ours and those of the platforms' exports. Others are ignored."""

KEYS = ("learner", "sis_login_id", "username", "email", "sis_user_id", "idnumber", "canvas_id", "name")
"""What a learner may be found by, the surest first."""

CANVAS_DOWNLOAD = re.compile(r"^[^_]+_(?:LATE_)?(?P<user>\d+)_\d+_.")
"""What Canvas calls a downloaded submission: `lovelaceada_LATE_1234_5678_work`, with the learner's id in Canvas."""


@dataclass(frozen=True)
class Entry:
    """One person: what the roster says of them, by the names in `COLUMNS`."""

    said: dict[str, str]
    line: int

    def __getitem__(self, column: str) -> str:
        return self.said.get(column, "")

    @property
    def label(self) -> str:
        return next(self[key] for key in ("learner", "name", *KEYS) if self[key])


@dataclass
class Roster:
    """A class list; empty where none was given."""

    source: str = ""
    entries: list[Entry] = field(default_factory=list)
    by_key: dict[str, Entry] = field(default_factory=dict)

    def find(self, learner: str) -> Entry | None:
        return self.by_key.get(learner.casefold())

    def absent(self, learners: Iterable[str]) -> list[str]:
        """Who is in the class and handed in nothing."""
        there = {id(self.find(learner)) for learner in learners}
        return [entry.label for entry in self.entries if id(entry) not in there]

    def strangers(self, learners: Iterable[str]) -> list[str]:
        """Who handed in something and is not in the class."""
        return [learner for learner in learners if self.entries and self.find(learner) is None]


def load(path: Path | None, policy: Policy) -> Roster:
    """Reads a roster. Raises `CourseError` with the line where it is broken."""
    if path is None:
        return Roster()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 text (byte {error.start}). Save it as CSV in UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror or error}.") from None
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        header = [COLUMNS.get(name.strip().casefold(), "") for name in next(rows, [])]
        if not any(name in KEYS for name in header):
            raise CourseError(
                f"{path}:1: no column says who a row is about. The first line names the columns; one must be "
                f"{', '.join(KEYS[:-1])} or {KEYS[-1]}."
            )
        roster = Roster(str(path))
        for row in rows:
            said = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name and cell.strip()}
            # Canvas writes the points possible in a row of their own, below the header.
            if not any(said.get(key) for key in KEYS) or said.get("name") in ("Points Possible", "Student, Test"):
                continue
            entry = Entry(said, rows.line_num)
            if entry["handed_in"]:
                policy.moment(entry["handed_in"], f"{path}:{entry.line}")
            roster.entries.append(entry)
    except csv.Error as error:
        raise CourseError(f"{path}:{rows.line_num}: this is not CSV: {error}.") from None
    _index(roster, path)
    return roster


def _index(roster: Roster, path: Path) -> None:
    """By every key, the surest first: where two people share a name, it names neither."""
    for key in KEYS:
        shared: dict[str, list[Entry]] = {}
        for entry in roster.entries:
            if entry[key]:
                shared.setdefault(entry[key].casefold(), []).append(entry)
        for name, entries in shared.items():
            if len(entries) == 1:
                roster.by_key.setdefault(name, entries[0])
            elif key == "learner":
                raise CourseError(f"{path}:{entries[1].line}: learner '{entries[1][key]}' is there twice.")
