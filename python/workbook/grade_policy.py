"""The policy of a class: what counts, for how much, until when, and which of several attempts.

A policy is a TOML file; the models here are its reference, and docs/grading.md shows one. Without a file the defaults
hold: a point an exercise that passes, a point a quiz item that is right, no deadlines, and the best attempt.

`Policy.weigh` turns the raw marks of one submission into points. It knows nothing of how they came about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator

from workbook import schema
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.schema import Strict, Text

if TYPE_CHECKING:
    from workbook.grade import ExerciseMark, Learner

ATTEMPT = re.compile(r"^(?P<name>.+)@(?P<when>\d{4}-.*)$")
"""`ada@2026-12-01T18-30`: an attempt of ada's. `ada@example.org` is a learner's name like any other."""

WHEN = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d)[-:]?(\d\d)(?:[-:]?(\d\d))?(Z|[+-]\d\d[-:]?\d\d)?$",
)

CODE = re.compile(r"^E\d{4}$")

Amount = Annotated[float, Field(ge=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]


def _moment(value: Any) -> Any:
    # pydantic would make midnight of a day, and a deadline that ends when the day begins is nobody's meaning.
    if isinstance(value, date) and not isinstance(value, datetime):
        raise ValueError(f"a day has no hour; write {value}T23:59:00")
    if not isinstance(value, datetime):
        raise ValueError("write a date and a time without quotes, as in 2026-12-01T18:00:00")
    return value


Moment = Annotated[datetime, BeforeValidator(_moment)]


class PointsModel(Strict):
    """What things are worth. The most particular entry counts: an exercise's, its chapter's, `exercise`."""

    exercise: Amount = 1
    quiz_item: Amount = 1
    chapters: dict[str, Amount] = Field(default={}, description="An exercise of this chapter.")
    exercises: dict[str, Amount] = Field(default={}, description="This exercise.")


class RequiredModel(Strict):
    """What must be reached, beside the points."""

    chapters: list[str] = Field(default=[])
    share: Share = Field(default=0.5, description="Of each required chapter's points.")
    total: Share = Field(default=0, description="Of all points.")


class LateModel(Strict):
    """What lateness costs, once a deadline has passed."""

    grace_minutes: int = Field(default=0, ge=0, description="So late is not late.")
    per_day: Share = Field(default=0.1, description="Share of the points lost for each day that has begun.")
    most: Share = Field(default=1, description="No more than this share is lost.")
    days: int | None = Field(default=None, ge=0, description="After so many days, nothing counts.")


class AttemptsModel(Strict):
    """Which of several submissions of a learner counts, as a whole."""

    count: Literal["best", "last"] = "best"
    most: int | None = Field(default=None, ge=1, description="Later ones do not count.")


class GradebookModel(Strict):
    """The columns of the Canvas and Moodle files."""

    columns: Literal["chapters", "total"] = "chapters"
    names: dict[str, Text] = Field(default={}, description="Of a chapter's column, or of `total`.")


class PolicyModel(Strict):
    """A policy file."""

    timezone: str = Field(default="UTC", description="Of times that name none: Europe/Vienna.")
    chapters: list[str] = Field(default=[], description="What is graded, unless the call says --chapter.")
    partial: Literal["none", "checks"] = Field(
        default="none", description="checks: an exercise that does not pass is worth its share of passed checks."
    )
    points: PointsModel = PointsModel()
    required: RequiredModel | None = None
    deadlines: dict[str, Moment] = Field(default={}, description="By chapter; `others` for those not named.")
    late: LateModel = LateModel()
    extensions: dict[str, Annotated[float, Field(gt=0, le=365)]] = Field(default={}, description="Days, by learner.")
    attempts: AttemptsModel = AttemptsModel()
    gradebook: GradebookModel = GradebookModel()

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"'{value}' is no time zone that this machine knows; write one like Europe/Vienna"
            ) from None
        return value


@dataclass(frozen=True)
class Lateness:
    """How late a chapter's work came, and the share of its points that is kept. `days` is 0 where it is on time."""

    days: int
    keeps: float


@dataclass(frozen=True)
class Policy:
    """A policy that fits a course: every chapter in it is called by its folder's name."""

    model: PolicyModel

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.model.timezone)

    # --- attempts ---

    def attempt(self, submission: str) -> tuple[str, datetime | None]:
        """The learner and the time that a submission's name tells. Raises `CourseError` for a time that is none."""
        found = ATTEMPT.match(submission)
        if not found:
            return submission, None
        return found["name"], self.moment(found["when"], f"Submission '{submission}'")

    def moment(self, text: str, where: str) -> datetime:
        """A time as a name or a roster has it. Raises `CourseError`, which begins with `where`."""
        parts = WHEN.match(text.strip())
        try:
            if not parts:
                raise ValueError
            *numbers, zone = parts.groups()
            when = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type]
            if zone:
                offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"
                return datetime.fromisoformat(f"{when.isoformat()}{offset}")
            return when.replace(tzinfo=self.zone)
        except ValueError:
            raise CourseError(
                f"{where}: '{text}' is no time. Write 2026-12-01T18-30, in the policy's time zone, or with one: "
                "2026-12-01T18-30Z, 2026-12-01T18-30+0100."
            ) from None

    def choose(self, attempts: Sequence[Learner]) -> Learner:
        """The attempt that counts. They stand in the order of their times, those without one in front."""
        allowed = attempts[: self.model.attempts.most]
        if self.model.attempts.count == "last":
            return allowed[-1]
        # Of equals the first: it is the one that was handed in earlier.
        return max(allowed, key=lambda each: each.points)

    # --- deadlines ---

    def deadline(self, chapter: str, learner: str) -> datetime | None:
        """When a chapter is due for a learner, extensions included."""
        due = self.model.deadlines.get(chapter) or self.model.deadlines.get("others")
        if due is None:
            return None
        if due.tzinfo is None:
            due = due.replace(tzinfo=self.zone)
        return due + timedelta(days=self.model.extensions.get(learner, 0))

    def lateness(self, chapter: str, learner: str, handed_in: datetime | None) -> Lateness:
        due, late = self.deadline(chapter, learner), self.model.late
        if due is None or handed_in is None or handed_in - due <= timedelta(minutes=late.grace_minutes):
            return Lateness(0, 1.0)
        days = math.ceil((handed_in - due) / timedelta(days=1))
        if late.days is not None and days > late.days:
            return Lateness(days, 0.0)
        return Lateness(days, 1 - min(late.per_day * days, late.most))

    # --- points ---

    def worth(self, item: Exercise) -> float:
        points = self.model.points
        return points.exercises.get(item.name, points.chapters.get(item.chapter, points.exercise))

    def share(self, item: Exercise, mark: ExerciseMark) -> Fraction:
        """The part of an exercise's points that a mark is worth, lateness aside."""
        if mark.passed:
            return Fraction(1)
        if self.model.partial == "none":
            return Fraction(0)
        return passed_share(item, mark)

    def weigh(self, learner: Learner, course: Course, name: str, handed_in: datetime | None) -> None:
        """Sets the points of one submission, of its chapters, and what is required."""
        from workbook.grade import ChapterMark

        learner.handed_in = handed_in.isoformat() if handed_in else None
        learner.chapters = []
        items = {(item.chapter, item.name): item for item in course.exercises}
        names = [mark.chapter for mark in learner.exercises] + [mark.chapter for mark in learner.quizzes]
        for chapter in dict.fromkeys(names):
            late = self.lateness(chapter, name, handed_in)
            due = self.deadline(chapter, name)
            earned: list[float] = []
            possible: list[float] = []
            for mark in learner.exercises:
                if mark.chapter == chapter:
                    item = items[mark.chapter, mark.name]
                    mark.total = number(self.worth(item))
                    mark.points = number(float(self.share(item, mark)) * mark.total * late.keeps)
                    earned.append(mark.points)
                    possible.append(mark.total)
            for quiz in learner.quizzes:
                if quiz.chapter == chapter:
                    each = self.model.points.quiz_item
                    quiz.points = number(quiz.score * each * late.keeps)
                    quiz.out_of = number(quiz.total * each)
                    earned.append(quiz.points)
                    possible.append(quiz.out_of)
            learner.chapters.append(
                ChapterMark(
                    chapter,
                    number(sum(earned)),
                    number(sum(possible)),
                    due.isoformat() if due else None,
                    late.days,
                    number(late.keeps),
                )
            )
        learner.points = number(sum(mark.points for mark in learner.chapters))
        learner.total = number(sum(mark.total for mark in learner.chapters))
        learner.unmet = self.unmet(learner)

    def unmet(self, learner: Learner) -> list[str] | None:
        """The required chapters that were not reached, and `total`; None where nothing is required."""
        required = self.model.required
        if required is None:
            return None
        marks = {mark.chapter: mark for mark in learner.chapters}
        missed = [
            name
            for name in required.chapters
            if name in marks and marks[name].points < required.share * marks[name].total
        ]
        return missed + ["total"] * (learner.points < required.total * learner.total)


def passed_share(item: Exercise, mark: ExerciseMark) -> Fraction:
    """The share of passed checks of an exercise that does not pass: always less than 1.

    What the starter passes already earns nothing, and still costs where it is broken. A lint that decides, and each of
    the teacher's own checks, count as one check.
    """
    outcome = mark.verdict
    if outcome is None or mark.state != "failed" or not outcome.checks:
        return Fraction(0)
    starter_compiles = not any(CODE.match(cause) or cause == "uncoded" for cause in item.fails)
    right = wanted = 0
    for check in outcome.checks:
        passed = check.state == "passed"
        given = starter_compiles and check.name not in item.fails
        if not given or not passed:
            wanted += 1
            right += passed
    if item.lints:
        # Clippy is asked when the checks pass; where they do not, nobody knows what it would say.
        wanted += 1
        right += outcome.stage == "done"
    right += mark.held_passed
    wanted += mark.held_total
    return Fraction(min(right, wanted - 1), wanted) if wanted else Fraction(0)


def number(value: float) -> float:
    """To hundredths, and a whole number as one: 3, not 3.0."""
    rounded = round(value + 1e-9, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def load(path: Path | None, course: Course) -> Policy:
    """Reads a policy, or gives the default one. Raises `CourseError` with line and field of every fault."""
    if path is None:
        return Policy(PolicyModel())
    model = schema.read(path, PolicyModel)
    text = path.read_text(encoding="utf-8")
    faults: list[str] = []

    def known(find: Callable[[str], Any], name: str, *field: str | int) -> str:
        """The name that the course has for `name`, which stands at `field`."""
        try:
            return str(find(name).name)
        except CourseError as error:
            shown = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in field).lstrip(".")
            faults.append(f"{path.name}:{schema.locate(text, field)}: field '{shown}': {error}")
            return name

    def keyed(table: dict[str, Any], find: Callable[[str], Any], *field: str, but: str = "") -> dict[str, Any]:
        return {name if name == but else known(find, name, *field, name): value for name, value in table.items()}

    points = model.points
    points.chapters = keyed(points.chapters, course.chapter, "points", "chapters")
    points.exercises = keyed(points.exercises, course.exercise, "points", "exercises")
    model.deadlines = keyed(model.deadlines, course.chapter, "deadlines", but="others")
    model.gradebook.names = keyed(model.gradebook.names, course.chapter, "gradebook", "names", but="total")
    model.chapters = [known(course.chapter, name, "chapters", n) for n, name in enumerate(model.chapters)]
    if model.required:
        required = model.required
        required.chapters = [
            known(course.chapter, name, "required", "chapters", n) for n, name in enumerate(required.chapters)
        ]
        if model.chapters and not faults:
            for n, name in enumerate(required.chapters):
                if name not in model.chapters:
                    line = schema.locate(text, ("required", "chapters", n))
                    faults.append(
                        f"{path.name}:{line}: field 'required.chapters[{n + 1}]': {name} is required and not graded; "
                        "add it to 'chapters', or take it out here."
                    )
    if faults:
        raise CourseError("\n".join(faults))
    return Policy(model)


def chapters(course: Course, policy: Policy, asked: Sequence[str]) -> list[Chapter]:
    """What is graded: what the call asks for, else what the policy names, else all that is not optional."""
    names = asked or policy.model.chapters
    chosen = [course.chapter(name) for name in names] or [each for each in course.chapters if not each.group]
    return list({each.name: each for each in chosen}.values())
