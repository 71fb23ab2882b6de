"""What `grade` writes: results.json, results.csv, results.xml (JUnit), and a page of feedback for each learner.

`docs/grading.md` documents the shapes. The feedback is written as each learner is done, the rest at the end.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import junit
from workbook.course import Chapter, Course, CourseError
from workbook.files import write_atomically
from workbook.verdict import Verdict, strip_ansi

if TYPE_CHECKING:
    from workbook.grade import ExerciseMark, Learner

FORMAT = 1
EXTRA_SHOWN = 20
LONGEST_VALUE = 400


class Reports:
    """The output folder. `waiting` are the learners not graded yet."""

    def __init__(self, course: Course, chapters: Sequence[Chapter], out: Path) -> None:
        self.course, self.chapters, self.out = course, chapters, out
        self.graded: list[Learner] = []
        self.waiting: list[str] = []
        self.titles = {(item.chapter, item.name): item.title for item in course.exercises}
        try:
            (out / "feedback").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(
                f"{out} cannot be made: {error.strerror or error}. Name another folder with --out."
            ) from None

    def add(self, learner: Learner) -> None:
        """Takes a learner's marks, and writes their page."""
        name = re.sub(r'[<>:"/\\|?*]', "_", learner.learner)
        write_atomically(self.out / "feedback" / f"{name}.md", "\n".join(_feedback(self, learner)) + "\n")
        self.graded.append(learner)
        self.waiting.remove(learner.learner)

    def results(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": not self.waiting,
            "chapters": [chapter.name for chapter in self.chapters],
            "not_graded": self.waiting,
            "learners": [learner.to_json() for learner in self.graded],
        }

    def close(self) -> None:
        """Writes the reports about the class, if anybody is graded."""
        if not self.graded:
            return
        write_atomically(self.out / "results.json", json.dumps(self.results(), indent=2, ensure_ascii=False) + "\n")
        write_atomically(self.out / "results.csv", _csv(self.graded))
        junit.write_suites(self.out / "results.xml", {learner.learner: _cases(learner) for learner in self.graded})


def table(graded: Sequence[Learner]) -> None:
    """The class on standard output: a line a learner."""
    width = max((len(learner.learner) for learner in graded), default=0)
    for learner in graded:
        noted = f"  {len(learner.problems)} problems with the files" if learner.problems else ""
        print(f"{learner.learner:<{width}}  {learner.points:>4} of {learner.total}{noted}")


def _csv(graded: Sequence[Learner]) -> str:
    """A row a learner: the sum, then a column an exercise and a column a quiz."""
    first = graded[0]
    exercises = [f"{item.chapter}/{item.name}" for item in first.exercises]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["learner", "points", "total", *exercises, *(f"{quiz.chapter}/quiz" for quiz in first.quizzes)])
    for learner in graded:
        marks = [item.points for item in learner.exercises] + [quiz.score for quiz in learner.quizzes]
        writer.writerow([harmless(learner.learner), learner.points, learner.total, *marks])
    return text.getvalue()


def harmless(cell: str) -> str:
    """A name that a spreadsheet would take for a formula gets the apostrophe that makes it text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _cases(learner: Learner) -> list[Verdict]:
    """A learner's marks as verdicts: one an exercise, one a quiz item, so that the counts are the points."""
    cases = [
        item.verdict or Verdict(item.chapter, item.name, passed=False, stage="compile", message=item.message)
        for item in learner.exercises
    ]
    for quiz in learner.quizzes:
        for item in quiz.items:
            correct = bool(item["correct"])
            message = (
                "" if correct else "This item has no right answer." if quiz.answered else "The quiz was not handed in."
            )
            cases.append(
                Verdict(
                    f"{quiz.chapter}/quiz", str(item["id"]), correct, "done" if correct else "check", message=message
                )
            )
    return cases


# --- feedback -------------------------------------------------------------------------------------------------------


def _feedback(reports: Reports, learner: Learner) -> Iterator[str]:
    yield f"# {plain(learner.learner)}: {learner.points} of {learner.total} points"
    for chapter in reports.chapters:
        mine = [item for item in learner.exercises if item.chapter == chapter.name]
        yield ""
        yield f"## {chapter.name}: {chapter.title}"
        passed = [item for item in mine if item.passed]
        yield ""
        yield f"Exercises: {len(passed)} of {len(mine)} pass."
        for quiz in learner.quizzes:
            if quiz.chapter == chapter.name:
                yield f"Quiz: {quiz.score} of {quiz.total}." if quiz.answered else "Quiz: no answers were handed in."
                missed = [f"`{item['id']}`" for item in quiz.items if not item["correct"]]
                if quiz.answered and missed:
                    yield f"Look again at: {', '.join(missed)}."
        if passed:
            yield ""
            yield f"Passed: {', '.join(f'`{item.name}`' for item in passed)}."
        for item in mine:
            if not item.passed:
                yield from _failed(reports.titles[(item.chapter, item.name)], item)
    if learner.problems or learner.extra:
        yield from ("", "## The files", "")
        yield from (f"- {code(entry.path)} {' '.join(plain(entry.problem).split())}." for entry in learner.problems)
    if learner.extra:
        shown = ", ".join(code(path) for path in learner.extra[:EXTRA_SHOWN])
        more = f" and {len(learner.extra) - EXTRA_SHOWN} more" if len(learner.extra) > EXTRA_SHOWN else ""
        why = "because only `exercises/` and `answers/` are, or because the course's own copy counts"
        yield f"- Not graded, {why}: {shown}{more}."


def _failed(title: str, item: ExerciseMark) -> Iterator[str]:
    yield ""
    yield f"### `{item.name}`: {title}"
    yield ""
    if item.state == "unchanged":
        yield "This file is as it was at the start."
    else:
        yield plain(item.message)
    outcome = item.verdict
    if outcome and item.state != "unchanged":
        first = next((message for message in outcome.diagnostics if message.level == "error"), None)
        if first and first.rendered:
            yield ""
            yield from set_in(first.rendered)
        for check in outcome.checks:
            if check.state == "failed":
                yield ""
                about = f": {code(check.message)}" if check.message else ""
                compared = check.wanted is not None and check.got is not None
                values = f", wanted {code(check.wanted or '')}, got {code(check.got or '')}" if compared else ""
                yield f"- Check `{check.name}`{about}{values}"
    if item.hint:
        yield ""
        yield f"Hint: {item.hint}"


def set_in(text: str) -> list[str]:
    """A code block by indentation, which nothing that the text holds can close."""
    return [f"    {line}".rstrip() for line in plain(text).strip("\n").splitlines()[:40]]


def code(text: str) -> str:
    """Inline code, on one line and not too long."""
    flat = " ".join(plain(text).split()).replace("`", "'")
    return f"`{flat if len(flat) <= LONGEST_VALUE else flat[:LONGEST_VALUE] + ' …'}`"


def plain(text: str) -> str:
    return "".join(char for char in strip_ansi(text) if char in "\n\t" or char.isprintable())
