"""Marks in the forms that course platforms take in: Canvas's gradebook, Moodle's grades, Gradescope's results.json.

Canvas reads a gradebook whose first columns are the student, an id and the section, and the points possible in the row
below the header. Moodle maps columns by hand, and a new grade item has a maximum of 100, so its file is in percent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbook.course import Chapter
from workbook.grade_feedback import EXTRA_SHOWN, NOT_GRADED, Page, QuizPart, code, failure_lines
from workbook.grade_policy import Policy, number
from workbook.grade_roster import CANVAS_DOWNLOAD, Roster

if TYPE_CHECKING:
    from workbook.grade import Learner

TOTAL = "Rust for AI"


def harmless(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets the apostrophe that makes it text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _written(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _columns(policy: Policy, chapters: Sequence[Chapter]) -> list[tuple[str, str]]:
    """The chapter that a column is about, or `total`, and the column's name."""
    names = policy.model.gradebook.names
    if policy.model.gradebook.columns == "total":
        return [("total", names.get("total", TOTAL))]
    return [(each.name, names.get(each.name, f"{each.name}: {each.title}")) for each in chapters]


def _worth(learner: Learner, column: str) -> tuple[float, float]:
    if column == "total":
        return learner.points, learner.total
    mark = next(mark for mark in learner.chapters if mark.chapter == column)
    return mark.points, mark.total


def canvas(graded: Sequence[Learner], chapters: Sequence[Chapter], policy: Policy, roster: Roster) -> str:
    """Canvas's gradebook, to be imported there. It knows a student by the first of the ids that is filled in."""
    columns = _columns(policy, chapters)
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(name for _, name in columns)],
        ["    Points Possible", "", "", "", "", *(_worth(graded[0], column)[1] for column, _ in columns)],
    ]
    for learner in graded:
        entry, downloaded = roster.find(learner.learner), CANVAS_DOWNLOAD.match(learner.learner)
        said = entry.said if entry else {}
        ids = [
            said.get("canvas_id", downloaded["user"] if downloaded else ""),
            said.get("sis_user_id", ""),
            said.get("sis_login_id", said.get("username", "")),
        ]
        if not any(ids):
            # A folder that is called as the student logs in needs no roster.
            ids[2] = learner.learner
        person = [said.get("name", learner.learner), *ids, said.get("section", "")]
        rows.append([*map(harmless, person), *(_worth(learner, column)[0] for column, _ in columns)])
    return _written(rows)


def moodle(graded: Sequence[Learner], chapters: Sequence[Chapter], policy: Policy, roster: Roster) -> str:
    """A file for Moodle's grade import, in percent: map the first columns to the user, the others to grade items."""
    columns = _columns(policy, chapters)
    rows: list[list[object]] = [["username", "email", "idnumber", *(f"{name} (%)" for _, name in columns)]]
    for learner in graded:
        entry = roster.find(learner.learner)
        said = entry.said if entry else {}
        person = [
            said.get("username", said.get("sis_login_id", "")),
            said.get("email", ""),
            said.get("idnumber", said.get("sis_user_id", "")),
        ]
        if not any(person):
            person[0] = learner.learner
        marks = [_worth(learner, column) for column, _ in columns]
        rows.append([*map(harmless, person), *(number(100 * got / out_of) if out_of else "-" for got, out_of in marks)])
    return _written(rows)


def gradescope(page: Page) -> dict[str, Any]:
    """What Gradescope reads from an autograder, in `results.json`: a test an exercise, and a test a quiz.

    All of it is seen by the learner.
    """
    tests: list[dict[str, Any]] = []
    for place, part in enumerate(page.parts, start=1):
        said: list[tuple[str, float, float, bool, str]] = []
        for result in part.results:
            text = "\n".join(failure_lines(result.failure, "#####")) if result.failure else "All checks pass."
            said.append((f"{result.name}: {result.title}", result.points, result.total, not result.failure, text))
        if part.quiz:
            quiz = part.quiz
            whole = quiz.answered and not quiz.missed
            said.append((f"{part.name}: quiz", quiz.points, quiz.out_of, whole, _quiz(quiz)))
        for row, (name, points, total, passed, text) in enumerate(said, start=1):
            tests.append(
                {
                    "name": name,
                    "number": f"{place}.{row}",
                    "score": points,
                    "max_score": total,
                    "status": "passed" if passed else "failed",
                    "output": text,
                    "output_format": "md",
                    "visibility": "visible",
                }
            )
    return {
        "score": page.points,
        "output": "\n\n".join(_about(page)),
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _quiz(quiz: QuizPart) -> str:
    if not quiz.answered:
        return "No answers were handed in."
    again = f" Look again at: {', '.join(code(id) for id, _ in quiz.missed)}." if quiz.missed else ""
    return f"{quiz.score} of {quiz.total} items are right.{again}"


def _about(page: Page) -> list[str]:
    lines = [f"{page.points:g} of {page.total:g} points.", *page.notes]
    lines += [f"{part.name}: {part.late}" for part in page.parts if part.late]
    lines += [f"{code(path)} {problem}." for path, problem in page.problems]
    if page.extra:
        lines.append(f"{NOT_GRADED}: {', '.join(code(path) for path in page.extra[:EXTRA_SHOWN])}.")
    return lines
