"""What `grade` writes: results in JSON, CSV and JUnit, files for course platforms, and pages for people.

The policy is applied here: what comes in are the marks of one submission, and a learner may have several. The
feedback is written as each learner is done, the rest at the end. `docs/grading.md` documents the shapes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import grade_class, grade_feedback, grade_gradebooks, junit
from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError
from workbook.files import write_atomically
from workbook.grade_gradebooks import harmless
from workbook.grade_policy import Policy
from workbook.grade_roster import Roster
from workbook.verdict import Verdict

if TYPE_CHECKING:
    from workbook.grade import Learner

FORMAT = 1


class Reports:
    """The output folder. `waiting` are the submissions not graded yet, `graded` the learners all of whose are."""

    def __init__(self, course: Course, chapters: Sequence[Chapter], out: Path, policy: Policy, roster: Roster) -> None:
        self.course, self.chapters, self.out = course, chapters, out
        self.policy, self.roster = policy, roster
        self.graded: list[Learner] = []
        self.waiting: list[str] = []
        self.pages: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._attempts: dict[str, list[Learner]] = {}
        self._quizzes: dict[str, quizzes.Quiz] = {}
        self._strangers: list[str] = []
        try:
            for folder in ("feedback", "gradescope"):
                (out / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(
                f"{out} cannot be made: {error.strerror or error}. Name another folder with --out."
            ) from None

    def expect(self, submissions: Sequence[str]) -> int:
        """Takes the names of all submissions before any is graded; returns how many learners they are of.

        Raises `CourseError` for a name whose time is none, and for two that would be the same learner.
        """
        learners = dict.fromkeys(self._whose(name) for name in submissions)
        folded: dict[str, str] = {}
        for name in learners:
            other = folded.setdefault(name.casefold(), name)
            if other != name:
                raise CourseError(f"Attempts of '{other}' and '{name}': on many machines these are one. Rename one.")
        self._strangers = self.roster.strangers(learners)
        return len(learners)

    def _whose(self, submission: str) -> str:
        if submission not in self._owners:
            self._owners[submission] = self.policy.attempt(submission)[0]
        return self._owners[submission]

    def add(self, submission: Learner) -> None:
        """Takes the marks of a submission and weighs them; a learner's page is written when all of theirs are in."""
        name, when = self.policy.attempt(submission.learner)
        entry = self.roster.find(name)
        if when is None and entry and entry["handed_in"]:
            when = self.policy.moment(entry["handed_in"], f"{self.roster.source}:{entry.line}")
        self.policy.weigh(submission, self.course, name, when)
        self.waiting.remove(submission.learner)
        self._attempts.setdefault(name, []).append(submission)
        if not any(self._whose(each) == name for each in self.waiting):
            self._finish(name, self._attempts.pop(name))

    def _finish(self, name: str, attempts: list[Learner]) -> None:
        """Chooses the attempt that counts, and writes the learner's pages."""
        from workbook.grade import AttemptMark

        def order(attempt: Learner) -> tuple[bool, datetime]:
            when = datetime.fromisoformat(attempt.handed_in) if attempt.handed_in else datetime.max.replace(tzinfo=UTC)
            return attempt.handed_in is not None, when

        attempts.sort(key=order)
        counts = self.policy.choose(attempts)
        learner = replace(
            counts,
            learner=name,
            attempts=[
                AttemptMark(each.learner, each.handed_in, each.points, each.total, each is counts) for each in attempts
            ],
        )
        for quiz in learner.quizzes:
            if quiz.chapter not in self._quizzes:
                self._quizzes[quiz.chapter] = quizzes.load(self.course, quiz.chapter)
        page = grade_feedback.page(self.chapters, self._quizzes, learner)
        file = re.sub(r'[<>:"/\\|?*]', "_", name)
        self.pages[name] = f"feedback/{file}.html"
        write_atomically(self.out / "feedback" / f"{file}.md", grade_feedback.markdown(page))
        write_atomically(self.out / "feedback" / f"{file}.html", grade_feedback.html(page))
        write_atomically(self.out / "gradescope" / f"{file}.json", _json(grade_gradebooks.gradescope(page)))
        self.graded.append(learner)
        self.graded.sort(key=lambda each: each.learner.casefold())

    @property
    def not_graded(self) -> list[str]:
        """The learners that are missing, because somebody stopped it."""
        return list(dict.fromkeys(self._whose(name) for name in self.waiting))

    def results(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": not self.waiting,
            "chapters": [chapter.name for chapter in self.chapters],
            "not_graded": self.not_graded,
            "absent": self._absent(),
            "not_in_roster": self._strangers,
            "learners": [learner.to_json() for learner in self.graded],
        }

    def _absent(self) -> list[str]:
        return self.roster.absent([*(learner.learner for learner in self.graded), *self.not_graded])

    def close(self) -> None:
        """Writes the reports about the class, if anybody is graded."""
        if not self.graded:
            return
        graded, chapters = self.graded, self.chapters
        write_atomically(self.out / "results.json", _json(self.results()))
        write_atomically(self.out / "results.csv", _csv(graded))
        junit.write_suites(self.out / "results.xml", {learner.learner: _cases(learner) for learner in graded})
        write_atomically(self.out / "canvas.csv", grade_gradebooks.canvas(graded, chapters, self.policy, self.roster))
        write_atomically(self.out / "moodle.csv", grade_gradebooks.moodle(graded, chapters, self.policy, self.roster))
        page = grade_class.html(graded, chapters, self.pages, absent=self._absent(), waiting=self.not_graded)
        write_atomically(self.out / "class.html", page)


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def table(graded: Sequence[Learner]) -> None:
    """The class on standard output: a line a learner."""
    width = max((len(learner.learner) for learner in graded), default=0)
    for learner in graded:
        noted = f"  {len(learner.problems)} problems with the files" if learner.problems else ""
        print(f"{learner.learner:<{width}}  {learner.points:>4g} of {learner.total:g}{noted}")


def _csv(graded: Sequence[Learner]) -> str:
    """A row a learner: the sum, then a column an exercise and a column a quiz, in points."""
    first = graded[0]
    exercises = [f"{item.chapter}/{item.name}" for item in first.exercises]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["learner", "points", "total", *exercises, *(f"{quiz.chapter}/quiz" for quiz in first.quizzes)])
    for learner in graded:
        marks = [item.points for item in learner.exercises] + [quiz.points for quiz in learner.quizzes]
        writer.writerow([harmless(learner.learner), learner.points, learner.total, *marks])
    return text.getvalue()


def _cases(learner: Learner) -> list[Verdict]:
    """A learner's marks as verdicts: one an exercise, one a quiz item, so that the counts are the points."""
    cases = [
        # What it says to the learner: a verdict knows nothing of what the teacher keeps back.
        replace(item.verdict, passed=item.passed, message=item.message)
        if item.verdict
        else Verdict(item.chapter, item.name, passed=False, stage="compile", message=item.message)
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
