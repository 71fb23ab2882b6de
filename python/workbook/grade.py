"""`workbook grade submissions`: the marks of a class.

What learners own is read (`submission.py`); checks, manifests and settings are this copy's own, because only the text
of an answer enters the sandbox in which it is compiled and run (`guarded.py`, `sandbox.py`). Files of the same content
are judged once. `grade_report.py` writes what comes out.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from workbook import exercise, grade_report, guarded, process, sandbox, scratch, show
from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.files import locked
from workbook.sandbox import Cell
from workbook.submission import ANSWERS, Problem, Submission, gather, read
from workbook.verdict import Verdict

SCRATCH = ".grade"

BATCH = 32
"""Answers in one call of cargo: enough to keep all cores busy, few enough to see it move and to stop it."""

WAIT = 5.0
"""Seconds to wait for another grader to finish; the scratch workspace is for one at a time."""

HELD_BACK = "All of the course's checks pass. Checks that the teacher keeps back do not."

State = Literal["passed", "failed", "unchanged", "missing", "refused"]


@dataclass
class ExerciseMark:
    """One exercise of one learner. `stage` and `code` are a verdict's, None where there was nothing to judge."""

    chapter: str
    name: str
    state: State
    passed: bool
    stage: str | None
    code: str | None
    failed_checks: list[str]
    hint: str | None
    message: str
    points: int
    total: int = 1
    # For the feedback's details; not part of the JSON.
    verdict: Verdict | None = None
    # How many of the teacher's own checks passed, and of how many: for the marks.
    held_passed: int = 0
    held_total: int = 0


@dataclass
class QuizMark:
    """One quiz of one learner; `items` has `{id, correct}` in the quiz's order."""

    chapter: str
    score: int
    total: int
    answered: bool
    items: list[dict[str, Any]]


@dataclass
class Learner:
    """All that one submission came to."""

    learner: str
    points: int = 0
    total: int = 0
    exercises: list[ExerciseMark] = field(default_factory=list)
    quizzes: list[QuizMark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        for item in data["exercises"]:
            for inner in ("verdict", "held_passed", "held_total"):
                del item[inner]
        return data


@dataclass(frozen=True)
class _Work:
    """One text for one exercise, however many learners handed it in."""

    item: Exercise
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.item.chapter, self.item.name, hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def main(
    course: Course,
    paths: Sequence[Path],
    *,
    class_folder: Path | None,
    out: Path,
    trust: bool,
    extra: Path | None = None,
    chapters: Sequence[str] = (),
    as_json: bool = False,
    plain: bool = False,
) -> int:
    """Grades and writes the reports. Returns 0 when all are graded, 130 when interrupted; raises `CourseError`.

    `trust` runs the answers without a sandbox. `extra` is a folder of checks that the teacher keeps to themselves.
    """
    cell = None if trust else sandbox.find()
    if extra:
        guarded.demand_known(course, extra)
    chosen = [course.chapter(name) for name in chapters] or [ch for ch in course.chapters if not ch.group]
    found, ignored = gather(list(paths), class_folder)
    keep_apart(out, [class_folder] if class_folder else [], [path for _, path in found])
    for name in ignored:
        show.error(f"{name} is neither a folder nor a .zip: not a submission, and left out.")
    reports = grade_report.Reports(course, chosen, out)
    with locked(course.root / ".workbook" / "grade.lock", wait=WAIT):
        stopped = _grade(course, chosen, found, reports, cell=cell, extra=extra, show_progress=not as_json, plain=plain)
    graded = reports.graded
    if as_json:
        print(json.dumps(reports.results(), indent=2, ensure_ascii=False))
    else:
        grade_report.table(graded)
    if stopped:
        show.error(
            f"Stopped: {len(graded)} of {len(found)} are graded and written to {out}. The same call starts anew."
        )
        return 130
    if not as_json:
        print(f"Marks, reports and feedback: {out}")
    return 0


def keep_apart(out: Path, folders: Sequence[Path], sources: Sequence[Path]) -> None:
    """The output must not become part of what is graded."""
    target = out.resolve()
    for place in (*folders, *(source for source in sources if source.is_dir())):
        if target == place.resolve() or place.resolve() in target.parents:
            raise CourseError(f"--out {out} is inside {place}, which is graded. Name a folder outside it.")


def _grade(
    course: Course,
    chapters: Sequence[Chapter],
    found: Sequence[tuple[str, Path]],
    reports: grade_report.Reports,
    *,
    cell: Cell | None,
    extra: Path | None,
    show_progress: bool,
    plain: bool,
) -> bool:
    """Grades one learner after the other, and writes the reports in any case. Returns whether it was interrupted."""
    stopped = False
    reports.waiting = [learner for learner, _ in found]
    try:
        with ProgressBar(show_progress, plain) as progress, quick_to_stop():
            submissions = [read(course, learner, source) for learner, source in found]
            course_quizzes = {
                chapter.name: quizzes.load(course, chapter.name)
                for chapter in chapters
                if quizzes.path(course, chapter.name).exists()
            }
            bench = Bench(course, cell, extra)
            bench.prove(chapters, progress.say)
            works = [_works(submission, chapters) for submission in submissions]
            different = {work.key: work for mine in works for work in mine}
            waiting = [work for work in different.values() if work.key not in bench.verdicts]
            progress.start(len(waiting), sum(map(len, works)))
            for submission, mine in zip(submissions, works, strict=True):
                while missing := [work for work in mine if work.key not in bench.verdicts]:
                    batch = _batch(missing[0], waiting)
                    bench.judge(batch)
                    waiting = [work for work in waiting if work.key not in bench.verdicts]
                    progress.advance(len(batch))
                learner = mark(course, chapters, course_quizzes, submission, bench)
                reports.add(learner)
                progress.say(f"{learner.learner}: {learner.points} of {learner.total}")
    except KeyboardInterrupt:
        stopped = True
    finally:
        reports.close()
    return stopped


def _works(submission: Submission, chapters: Sequence[Chapter]) -> list[_Work]:
    """The submission's answers to the exercises of `chapters`."""
    items = [item for chapter in chapters for item in chapter.exercises]
    return [_Work(item, submission.files[item.path]) for item in items if item.path in submission.files]


def _batch(first: _Work, waiting: Sequence[_Work]) -> list[_Work]:
    """`first` and what waits in the same chapter, the next learners' in front."""
    same = [work for work in waiting if work.item.chapter == first.item.chapter and work.key != first.key]
    return [first, *same[: BATCH - 1]]


class Bench:
    """Where answers are judged. `verdicts` holds what is known, by chapter, exercise and content.

    `held` holds the same for the checks that the teacher keeps to themselves: whether each passed, by its name.
    """

    def __init__(self, course: Course, cell: Cell | None, extra: Path | None = None) -> None:
        self.course, self.cell, self.extra = course, cell, extra
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}
        self.held: dict[tuple[str, str, str], dict[str, bool]] = {}
        self.starters: dict[Exercise, str] = {}
        self.ready: dict[str, guarded.Ready] = {}

    def prove(self, chapters: Sequence[Chapter], say: Callable[[str], None]) -> None:
        """Judges the course's own solutions first: where they fail, no mark would be fair.

        Raises `CourseError`.
        """
        for chapter in chapters:
            say(f"{chapter.name}: building what its exercises need, and judging the course's own solutions")
            works = []
            for item in chapter.exercises:
                master = exercise.parse(self.course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
                self.starters[item] = master.starter()
                works.append(_Work(item, master.solution()))
            self.judge(works)
            for work in works:
                outcome, held = self.verdicts[work.key], self.held[work.key]
                if not outcome.passed:
                    raise CourseError(
                        f"The course's own solution of {work.item.chapter}/{work.item.name} does not pass on this "
                        f"machine, so nothing was graded. {outcome.message} "
                        f"'python3 workbook verify --solutions {work.item.chapter}' shows more."
                    )
                if failing := [name for name, passed in held.items() if not passed]:
                    raise CourseError(
                        f"The course's own solution of {work.item.chapter}/{work.item.name} fails your own check "
                        f"'{failing[0]}', or it does not compile. Nothing was graded."
                    )

    def judge(self, works: Sequence[_Work]) -> None:
        """Judges `works`, all of one chapter. Raises `CourseError` where the fault is not in them: a full disk."""
        chapter = self.course.chapter(works[0].item.chapter)
        if chapter.name not in self.ready:
            self.ready[chapter.name] = guarded.prepare(self.course, chapter, SCRATCH)
        answers = [scratch.Answer(work.item, work.item.name, work.text) for work in works]
        ready = self.ready[chapter.name]
        outcomes = guarded.judge_all(self.course, ready, answers, cell=self.cell, extra=self.extra)
        for work, outcome in zip(works, outcomes, strict=True):
            self.verdicts[work.key], self.held[work.key] = outcome.verdict, outcome.hidden


def mark(
    course: Course,
    chapters: Sequence[Chapter],
    course_quizzes: dict[str, quizzes.Quiz],
    submission: Submission,
    bench: Bench,
) -> Learner:
    """What a submission is worth: a point an exercise that passes, a point a quiz item that is right."""
    learner = Learner(submission.learner, problems=list(submission.problems), extra=submission.extra)
    for chapter in chapters:
        learner.exercises += [_mark_exercise(item, submission, bench) for item in chapter.exercises]
    answers = _answers(course, submission, learner)
    for quiz in course_quizzes.values():
        learner.quizzes.append(_mark_quiz(quiz, answers, learner))
    learner.points = sum(item.points for item in learner.exercises) + sum(quiz.score for quiz in learner.quizzes)
    learner.total = sum(item.total for item in learner.exercises) + sum(quiz.total for quiz in learner.quizzes)
    return learner


def _mark_exercise(item: Exercise, submission: Submission, bench: Bench) -> ExerciseMark:
    text = submission.files.get(item.path)
    if text is None:
        fault = next((problem.problem for problem in submission.problems if problem.path == item.path), None)
        state: State = "refused" if fault else "missing"
        message = f"The file {fault}." if fault else f"{item.path} was not handed in."
        return ExerciseMark(item.chapter, item.name, state, False, None, None, [], None, message, 0)
    key = _Work(item, text).key
    outcome, held = bench.verdicts[key], bench.held[key]
    passed = outcome.passed and all(held.values())
    state = "passed" if passed else "failed"
    # By lines: an editor that changed the line ends has not done the exercise.
    if not outcome.passed and text.splitlines() == bench.starters[item].splitlines():
        state = "unchanged"
    return ExerciseMark(
        item.chapter,
        item.name,
        state,
        passed,
        outcome.stage,
        outcome.code,
        list(outcome.failed_checks),
        None if outcome.passed else outcome.hint or item.hints[0],
        outcome.message if passed or not outcome.passed else HELD_BACK,
        int(passed),
        verdict=replace(outcome, passed=passed),
        held_passed=sum(held.values()),
        held_total=len(held),
    )


def _answers(course: Course, submission: Submission, learner: Learner) -> dict[str, Any]:
    """The answers of all the submission's answer files, by item; what cannot be used is named in `learner.problems`."""
    answers: dict[str, Any] = {}
    for path, text in sorted(submission.files.items()):
        if not path.startswith(f"{ANSWERS}/"):
            continue
        try:
            data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
            inner = data.get("answers", {})
            if not isinstance(inner, dict):
                raise ValueError("'answers' must be a table from item to answer")
        except (ValueError, RecursionError) as error:
            learner.problems.append(Problem(path, f"is neither TOML nor JSON that can be read: {error}"))
            continue
        given = {key: value for key, value in data.items() if key not in quizzes.RESERVED} | inner
        for id, answer in given.items():
            if id in answers:
                learner.problems.append(Problem(path, f"answers '{id}' again; the first file's answer counts"))
            answers.setdefault(id, answer)
    known = {
        id
        for chapter in course.chapters
        if quizzes.path(course, chapter.name).exists()
        for id in quizzes.load(course, chapter.name).ids
    }
    for id in sorted(set(answers) - known):
        learner.problems.append(Problem(f"{ANSWERS}/", f"there is no item '{id[:80]}' in any quiz"))
    return answers


def _mark_quiz(quiz: quizzes.Quiz, answers: dict[str, Any], learner: Learner) -> QuizMark:
    items = []
    for question in quiz.questions:
        answer, correct = answers.get(question.id), False
        # As the template has it, an item left open is null, empty, or a table of nulls.
        blank = isinstance(answer, dict) and all(part is None for part in answer.values())
        if not blank and answer not in (None, "", []):
            try:
                correct = question.mark(answer)
            except quizzes.AnswerError as error:
                learner.problems.append(Problem(f"{ANSWERS}/", f"item '{question.id}' counts as wrong: {error}"))
        items.append({"id": question.id, "correct": correct})
    score = sum(bool(item["correct"]) for item in items)
    return QuizMark(quiz.chapter, score, len(items), any(id in answers for id in quiz.ids), items)


class ProgressBar:
    """A bar on standard error where somebody watches, a line a learner elsewhere."""

    def __init__(self, shown: bool, plain: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.console = Console(stderr=True, no_color=plain or None)
        self.live = shown and self.console.is_terminal and not plain
        self.lines = shown and not self.live
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not self.live)
        self.task = self.bar.add_task("preparing", total=None)

    def __enter__(self) -> ProgressBar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def start(self, different: int, files: int) -> None:
        self.bar.update(self.task, total=different, description=f"{different} different answers in {files} files")

    def advance(self, count: int) -> None:
        self.bar.advance(self.task, count)

    def say(self, text: str) -> None:
        if self.live:
            self.bar.update(self.task, description=text)
        elif self.lines:
            print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def quick_to_stop() -> Iterator[None]:
    """Makes Ctrl-C end the checks that run: they miss it, and the pool would wait for them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        # From a thread: this one may be starting a program, and hold the lock that `end_all` needs.
        threading.Thread(target=process.end_all, daemon=True).start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
