"""`workbook grade submissions`: the marks of a class.

What learners own is read (`submission.py`); checks, manifests and settings are this copy's own, because only the text
of an answer enters the scratch workspace in which it is judged (`scratch.py`). Files of the same content are judged
once. `grade_report.py` writes what comes out.

The learners' programs run on this machine, within the runner's limits of time and output and in no sandbox yet.
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

from workbook import cargo, exercise, grade_policy, grade_report, grade_roster, process, scratch, show
from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.files import locked
from workbook.submission import ANSWERS, Problem, Submission, gather, read
from workbook.verdict import Verdict

SCRATCH = ".grade"

BATCH = 32
"""Answers in one call of cargo: enough to keep all cores busy, few enough to see it move and to stop it."""

WAIT = 5.0
"""Seconds to wait for another grader to finish; the scratch workspace is for one at a time."""

UNTRUSTED = (
    "Grading compiles and runs the learners' programs here, as you and without a sandbox: such a program can read, "
    "change and send away whatever you can. If you trust those who wrote them, or are in a throw-away machine or "
    "container, add --trust."
)

State = Literal["passed", "failed", "unchanged", "missing", "refused"]


@dataclass
class ExerciseMark:
    """One exercise of one learner. `stage` and `code` are a verdict's, None where there was nothing to judge.

    All of it is shown to the learner, but for `held_passed` and `held_total`: how many of the teacher's own checks
    passed, of how many.
    """

    chapter: str
    name: str
    state: State
    passed: bool
    stage: str | None
    code: str | None
    failed_checks: list[str]
    hint: str | None
    message: str
    points: float
    total: float = 1
    held_passed: int = 0
    held_total: int = 0
    # For the feedback's details; not part of the JSON.
    verdict: Verdict | None = None


@dataclass
class QuizMark:
    """One quiz of one learner; `items` has `{id, correct}` in the quiz's order.

    `score` and `total` count items; `points` and `out_of` are what the policy makes of them.
    """

    chapter: str
    score: int
    total: int
    answered: bool
    items: list[dict[str, Any]]
    points: float = 0
    out_of: float = 0


@dataclass
class ChapterMark:
    """One chapter of one learner. `keeps` is the share of the points that lateness left."""

    chapter: str
    points: float
    total: float
    deadline: str | None = None
    late_days: int = 0
    keeps: float = 1


@dataclass
class AttemptMark:
    """One of several submissions of a learner."""

    submission: str
    handed_in: str | None
    points: float
    total: float
    counts: bool


@dataclass
class Learner:
    """All that one submission came to. `unmet` is what the policy requires and is not there; None if nothing is."""

    learner: str
    points: float = 0
    total: float = 0
    exercises: list[ExerciseMark] = field(default_factory=list)
    quizzes: list[QuizMark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    chapters: list[ChapterMark] = field(default_factory=list)
    handed_in: str | None = None
    attempts: list[AttemptMark] = field(default_factory=list)
    unmet: list[str] | None = None

    def to_json(self) -> dict[str, Any]:
        # Without the verdicts, which a copy of everything would take along.
        data = asdict(replace(self, exercises=[replace(item, verdict=None) for item in self.exercises]))
        for item in data["exercises"]:
            del item["verdict"]
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
    chapters: Sequence[str] = (),
    policy: Path | None = None,
    roster: Path | None = None,
    as_json: bool = False,
    plain: bool = False,
) -> int:
    """Grades and writes the reports. Returns 0 when all are graded, 130 when interrupted; raises `CourseError`."""
    demand_trust(trust)
    rules = grade_policy.load(policy, course)
    people = grade_roster.load(roster, rules)
    chosen = grade_policy.chapters(course, rules, chapters)
    found, ignored = gather(list(paths), class_folder)
    keep_apart(out, [class_folder] if class_folder else [], [path for _, path in found])
    for name in ignored:
        show.error(f"{name} is neither a folder nor a .zip: not a submission, and left out.")
    reports = grade_report.Reports(course, chosen, out, rules, people)
    learners = reports.expect([learner for learner, _ in found])
    folder = course.root / SCRATCH
    with locked(course.root / ".workbook" / "grade.lock", wait=WAIT):
        folder.mkdir(exist_ok=True)
        # Everything in it can be made again: nothing for git, or for what asks git which files there are.
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        stopped = _grade(course, chosen, found, reports, show_progress=not as_json, plain=plain)
    graded = reports.graded
    if as_json:
        print(json.dumps(reports.results(), indent=2, ensure_ascii=False))
    else:
        grade_report.table(graded)
    if stopped:
        show.error(f"Stopped: {len(graded)} of {learners} are graded and written to {out}. The same call starts anew.")
        return 130
    if not as_json:
        print(f"Marks, reports and feedback: {out}")
    return 0


def demand_trust(trust: bool) -> None:
    """Raises `CourseError`, which says what grading does, unless whoever calls has said that they know."""
    if not trust:
        raise CourseError(UNTRUSTED)


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
            bench = Bench(course)
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
                progress.say(f"{learner.learner}: {learner.points:g} of {learner.total:g}")
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
    """Where answers are judged. `verdicts` holds what is known, by chapter, exercise and content."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}
        self.starters: dict[Exercise, str] = {}

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
            self._judge(works)
            for work in works:
                outcome = self.verdicts[work.key]
                if not outcome.passed:
                    raise CourseError(
                        f"The course's own solution of {work.item.chapter}/{work.item.name} does not pass on this "
                        f"machine, so nothing was graded. {outcome.message} "
                        f"'python3 workbook verify --solutions {work.item.chapter}' shows more."
                    )

    def judge(self, works: Sequence[_Work]) -> None:
        """Judges `works`, all of one chapter.

        Where cargo gives up on the whole call (a compiler that crashed over one answer), the answer at fault is found
        by halves and fails alone. Raises `CourseError` where the fault is not in the answers: a full disk, no cargo.
        """
        try:
            self._judge(works)
        except cargo.CargoError as error:
            if len(works) > 1:
                half = len(works) // 2
                self.judge(works[:half])
                self.judge(works[half:])
                return
            item = works[0].item
            master = exercise.parse(self.course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
            # The solution is judged again beside it: if that fails as well, this answer is not to blame.
            self._judge([_Work(item, master.solution())])
            reason = str(error).splitlines()[-1].strip()
            self.verdicts[works[0].key] = Verdict(
                item.chapter, item.name, passed=False, stage="compile", message=f"The compiler gave up on it: {reason}"
            )

    def _judge(self, works: Sequence[_Work]) -> None:
        chapter = self.course.chapter(works[0].item.chapter)
        # Numbered, not named by content: each batch builds over the last one's executables, and the disk stays small.
        answers = [scratch.Answer(work.item, f"{work.item.name}__{n}", work.text) for n, work in enumerate(works)]
        outcomes = scratch.judge_all(self.course, SCRATCH, chapter, answers)
        for work, answer, outcome in zip(works, answers, outcomes, strict=True):
            self.verdicts[work.key] = _as_the_learner_knows_it(answer, outcome)


def _as_the_learner_knows_it(answer: scratch.Answer, outcome: Verdict) -> Verdict:
    """The verdict with the learner's file name in place of the scratch workspace's."""
    inner, known = f"{answer.item.chapter}/{answer.target}.rs", answer.item.path

    def named(text: str) -> str:
        return text.replace(f"{SCRATCH}/{inner}", known).replace(inner, known).replace(answer.target, answer.item.name)

    outcome.message = named(outcome.message)
    for message in (*outcome.diagnostics, *outcome.lints):
        message.message, message.file, message.rendered = map(named, (message.message, message.file, message.rendered))
    for check in outcome.checks:
        check.message, check.file = named(check.message), named(check.file) if check.file else None
    return outcome


def mark(
    course: Course,
    chapters: Sequence[Chapter],
    course_quizzes: dict[str, quizzes.Quiz],
    submission: Submission,
    bench: Bench,
) -> Learner:
    """What a submission is worth before the policy: a point an exercise that passes, a point a right quiz item."""
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
    outcome = bench.verdicts[_Work(item, text).key]
    state = "passed" if outcome.passed else "failed"
    # By lines: an editor that changed the line ends has not done the exercise.
    if not outcome.passed and text.splitlines() == bench.starters[item].splitlines():
        state = "unchanged"
    return ExerciseMark(
        item.chapter,
        item.name,
        state,
        outcome.passed,
        outcome.stage,
        outcome.code,
        list(outcome.failed_checks),
        None if outcome.passed else outcome.hint or item.hints[0],
        outcome.message,
        int(outcome.passed),
        verdict=replace(outcome),
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
