"""What the marks of a class say about its exercises and quiz items: numbers, and none where there are too few people.

Difficulty of an item: the share of those who handed the quiz in that answered it rightly. Discrimination: the corrected
point-biserial correlation, which is Pearson's between the item (0 or 1) and the score on the rest of the same quiz.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.grade import ExerciseMark, Learner

FEWEST = 20
"""Learners below whom there is no discrimination: a correlation of fewer is mostly luck."""

KEPT_BACK = "kept back"
"""The cause of an exercise that only the teacher's own checks fail."""


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise. `tried` handed in something that is not the starter; seconds are what the checks ran."""

    chapter: str
    name: str
    title: str
    learners: int
    tried: int
    passed: int
    median_seconds: float | None
    slowest_seconds: float | None

    @property
    def rate(self) -> float:
        return self.passed / self.learners


@dataclass(frozen=True)
class ItemFigures:
    """One quiz item. `difficulty` and `discrimination` are None where there is too little to say."""

    chapter: str
    id: str
    taken: int
    right: int
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class Cause:
    """One way to fail: an error code, a check, a lint, `timeout` and the like. `exercises` are where, most first."""

    cause: str
    learners: int
    exercises: tuple[tuple[str, int], ...]


def exercises(graded: Sequence[Learner], titles: dict[tuple[str, str], str]) -> list[ExerciseFigures]:
    """Figures by exercise, in the course's order."""
    found = []
    for place, first in enumerate(graded[0].exercises if graded else []):
        marks = [learner.exercises[place] for learner in graded]
        seconds = [
            sum(check.seconds for check in mark.verdict.checks)
            for mark in marks
            if mark.verdict and mark.verdict.checks
        ]
        found.append(
            ExerciseFigures(
                first.chapter,
                first.name,
                titles[first.chapter, first.name],
                len(marks),
                sum(mark.state in ("passed", "failed") for mark in marks),
                sum(mark.passed for mark in marks),
                statistics.median(seconds) if seconds else None,
                max(seconds) if seconds else None,
            )
        )
    return found


def items(graded: Sequence[Learner]) -> list[ItemFigures]:
    """Figures by quiz item, in the course's order, of those who handed that quiz in."""
    found = []
    for place, first in enumerate(graded[0].quizzes if graded else []):
        taken = [quiz for learner in graded if (quiz := learner.quizzes[place]).answered]
        for number, item in enumerate(first.items):
            right = [bool(quiz.items[number]["correct"]) for quiz in taken]
            rest = [quiz.score - correct for quiz, correct in zip(taken, right, strict=True)]
            found.append(
                ItemFigures(
                    first.chapter,
                    str(item["id"]),
                    len(right),
                    sum(right),
                    sum(right) / len(right) if right else None,
                    discrimination(right, rest),
                )
            )
    return found


def discrimination(right: Sequence[bool], rest: Sequence[float]) -> float | None:
    """The corrected point-biserial correlation; None for fewer than `FEWEST`, and where all are alike in either."""
    if len(right) < FEWEST or len(set(right)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation([float(each) for each in right], rest)


def causes(graded: Sequence[Learner]) -> list[Cause]:
    """How exercises failed, by the number of learners it happened to."""
    people: dict[str, set[str]] = {}
    where: dict[str, Counter[str]] = {}
    for learner in graded:
        for mark in learner.exercises:
            if mark.state == "failed":
                cause = cause_of(mark)
                people.setdefault(cause, set()).add(learner.learner)
                where.setdefault(cause, Counter())[mark.name] += 1
    ranked = sorted(people, key=lambda cause: (-len(people[cause]), cause))
    return [Cause(cause, len(people[cause]), tuple(where[cause].most_common())) for cause in ranked]


def cause_of(mark: ExerciseMark) -> str:
    """The most telling cause of a failure."""
    if mark.code:
        return mark.code
    if mark.verdict and mark.verdict.causes:
        return mark.verdict.causes[0]
    if mark.failed_checks:
        return mark.failed_checks[0]
    return KEPT_BACK if mark.held_total else "crash" if mark.stage == "compile" else "uncoded"
