"""A class without cargo: raw marks as the grader makes them, from a seed, for what is made of marks.

Learners have a skill, exercises and items a difficulty, so that pass rates and correlations look as in a class.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

from workbook import quiz as quizzes
from workbook.course import Course, Exercise
from workbook.grade import ExerciseMark, Learner, QuizMark
from workbook.grade_policy import Policy, PolicyModel
from workbook.grade_report import Reports
from workbook.grade_roster import Roster
from workbook.submission import Problem
from workbook.verdict import Check, Diagnostic, Stage, Verdict

RENDERED = """\
\x1b[1m\x1b[91merror[E0382]\x1b[0m: borrow of moved value: `weights`
  --> exercises/01_tensors/count_first.rs:9:6
   |
 9 |     (weights.len(), kept) // <script>alert("here")</script> and a line that is a good deal wider than a telephone
   |      ^^^^^^^ value borrowed here after move
"""


def outcome(item: Exercise, *, passed: bool, code: str | None = None, failing: tuple[str, ...] = ()) -> Verdict:
    """A verdict: passed, a compile error, or checks `first` and `second` of which some fail."""
    if code:
        message = Diagnostic("error", code, "borrow of moved value: `weights`", item.path, 9, 6, RENDERED)
        said = "It does not compile: borrow of moved value: `weights`."
        return Verdict(
            item.chapter, item.name, False, "compile", code=code, message=said, causes=[code], diagnostics=[message]
        )
    checks = [
        Check(name, "failed", 0.01, "twice [3.0, -1.0]", "[6.0, -2.0]", "[5.0, <b>1.0</b>]")
        if name in failing
        else Check(name, "passed", 0.01)
        for name in ("first", "second")
    ]
    said = "All checks pass." if passed else f"It compiles, and {len(failing)} of 2 checks fail."
    stage: Stage = "done" if passed else "check"
    return Verdict(
        item.chapter,
        item.name,
        passed,
        stage,
        message=said,
        checks=checks,
        causes=list(failing),
        failed_checks=list(failing),
    )


def mark(item: Exercise, verdict: Verdict | None, state: str) -> ExerciseMark:
    return ExerciseMark(
        item.chapter,
        item.name,
        state,  # type: ignore[arg-type]
        state == "passed",
        verdict.stage if verdict else None,
        verdict.code if verdict else None,
        list(verdict.failed_checks) if verdict else [],
        None if state == "passed" or not verdict else item.hints[0],
        verdict.message if verdict else f"{item.path} was not handed in.",
        int(state == "passed"),
        verdict=verdict,
    )


def learners(course: Course, count: int, seed: int = 7) -> list[Learner]:
    """`count` learners' raw marks for all chapters."""
    random_ = random.Random(seed)
    difficulty = {item.name: random_.gauss(-0.5, 1) for item in course.exercises}
    questions = [
        quizzes.load(course, each.name) for each in course.chapters if quizzes.path(course, each.name).exists()
    ]
    hard = {id: random_.gauss(-0.5, 1) for quiz in questions for id in quiz.ids}
    found = []
    for number in range(count):
        skill = random_.gauss(0, 1)

        def able(how_hard: float, skill: float = skill) -> bool:
            return random_.random() < 1 / (1 + math.exp(-2 * (skill - how_hard)))

        learner = Learner(f"learner{number + 1:02}")
        for item in course.exercises:
            if able(difficulty[item.name]):
                learner.exercises.append(mark(item, outcome(item, passed=True), "passed"))
                continue
            kind = random_.randrange(5)
            if kind == 0:
                learner.exercises.append(mark(item, None, "missing"))
            elif kind == 1:
                learner.exercises.append(mark(item, outcome(item, passed=False, failing=("second",)), "unchanged"))
            elif kind < 4:
                code = random_.choice(["E0382", "E0382", "E0502", "E0308"])
                learner.exercises.append(mark(item, outcome(item, passed=False, code=code), "failed"))
            else:
                learner.exercises.append(mark(item, outcome(item, passed=False, failing=("second",)), "failed"))
        for quiz in questions:
            answered = random_.random() < 0.9
            marks = [{"id": id, "correct": answered and able(hard[id])} for id in quiz.ids]
            score = sum(bool(each["correct"]) for each in marks)
            learner.quizzes.append(QuizMark(quiz.chapter, score, len(marks), answered, marks))
        if number % 7 == 3:
            learner.problems.append(
                Problem("answers/<i>x</i>.toml", "is neither TOML nor JSON that can be read: line 1")
            )
            learner.extra = ["notes/thoughts.md"]
        found.append(learner)
    return found


def report(
    course: Course, marks: list[Learner], out: Path, policy: Policy | None = None, roster: Roster | None = None
) -> Reports:
    """The reports of these marks, written to `out`."""
    reports = Reports(course, course.chapters, out, policy or Policy(PolicyModel()), roster or Roster())
    reports.waiting = [each.learner for each in marks]
    reports.expect(reports.waiting)
    for each in marks:
        reports.add(each)
    reports.close()
    return reports
