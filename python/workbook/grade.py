"""`workbook grade submissions`: the marks of a class.

What learners own is read (`submission.py`); checks, manifests and settings are this copy's own, because only the text
of an answer enters the sandbox in which it is compiled and run (`guarded.py`, `sandbox.py`). Files of the same content
are judged once. `grade_report.py` writes what comes out.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from workbook import (
    exercise,
    grade_policy,
    grade_report,
    grade_roster,
    grade_store,
    guarded,
    process,
    sandbox,
    show,
    verdict,
)
from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.files import locked
from workbook.grade_cluster import Cluster
from workbook.grade_pool import Here, Judge
from workbook.grade_store import Store
from workbook.grade_work import Key, Work
from workbook.submission import ANSWERS, Problem, Submission, gather, read
from workbook.verdict import Verdict

SCRATCH = ".grade"

WAIT = 5.0
"""Seconds to wait for another grader to finish; the scratch workspace is for one at a time."""

HELD_BACK = "All of the course's checks pass. Checks that the teacher keeps back do not."

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


def main(
    course: Course,
    paths: Sequence[Path],
    *,
    class_folder: Path | None,
    out: Path,
    trust: bool,
    extra: Path | None = None,
    scheduler: str | None = None,
    jobs: int | None = None,
    again: bool = False,
    chapters: Sequence[str] = (),
    policy: Path | None = None,
    roster: Path | None = None,
    as_json: bool = False,
    plain: bool = False,
) -> int:
    """Grades and writes the reports. Returns 0 when all are graded, 130 when interrupted; raises `CourseError`.

    `trust` runs the answers without a sandbox. `extra` is a folder of checks that the teacher keeps to themselves.
    `scheduler` is the address of a Dask cluster, which judges instead of this machine; here, `jobs` are judged at once.
    """
    cell = None if trust or scheduler else sandbox.find()
    if extra:
        guarded.demand_known(course, extra)
    rules = grade_policy.load(policy, course)
    people = grade_roster.load(roster, rules)
    chosen = grade_policy.chapters(course, rules, chapters)
    found, ignored = gather(list(paths), class_folder)
    keep_apart(out, [class_folder] if class_folder else [], [path for _, path in found])
    for name in ignored:
        show.error(f"{name} is neither a folder nor a .zip: not a submission, and left out.")
    reports = grade_report.Reports(course, chosen, out, rules, people)
    learners = reports.expect([learner for learner, _ in found])

    def judging(say: Callable[[str], None]) -> Judge:
        if scheduler:
            return Cluster(course, scheduler, trust=trust, extra=extra, say=say)
        return Here(course, SCRATCH, cell, extra, say, threads=jobs)

    with (
        locked(course.root / ".workbook" / "grade.lock", wait=WAIT),
        grade_store.opened(course, "trust" if trust else "sandbox", extra) as store,
    ):
        stopped = _grade(
            course, chosen, found, reports, store, judging, again=again, show_progress=not as_json, plain=plain
        )
    graded = reports.graded
    if as_json:
        print(json.dumps(reports.results(), indent=2, ensure_ascii=False))
    else:
        grade_report.table(graded)
    if stopped:
        show.error(
            f"Stopped: {len(graded)} of {learners} are graded and written to {out}. What was judged is kept: "
            "the same call goes on from there."
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
    store: Store,
    judging: Callable[[Callable[[str], None]], Judge],
    *,
    again: bool,
    show_progress: bool,
    plain: bool,
) -> bool:
    """Grades the learners, and writes the reports in any case. Returns whether it was interrupted.

    A verdict goes into the store before anything else is done with it, and a learner's page is written with the last of
    their verdicts. So whatever ends the run, the next one goes on from there.
    """
    stopped = False
    reports.waiting = [learner for learner, _ in found]
    try:
        with (
            ProgressBar(show_progress, plain) as progress,
            contextlib.closing(judging(progress.say)) as judge,
            quick_to_stop(),
        ):
            submissions = [read(course, learner, source) for learner, source in found]
            course_quizzes = {
                chapter.name: quizzes.load(course, chapter.name)
                for chapter in chapters
                if quizzes.path(course, chapter.name).exists()
            }
            works = [_works(submission, chapters) for submission in submissions]
            bench = Bench(course)
            run = _Run(store, bench, judge, progress)
            proofs = bench.proofs(chapters, works)
            run.begin(reports.out, proofs, works, again)
            run.prove(proofs)
            for place in run.complete(works):
                learner = mark(course, chapters, course_quizzes, submissions[place], bench)
                reports.add(learner)
                store.result(learner.learner, learner.to_json())
                progress.learner(f"{learner.learner}: {learner.points:g} of {learner.total:g}")
    except KeyboardInterrupt:
        stopped = True
    finally:
        reports.close()
        store.end("stopped" if reports.waiting else "complete")
    return stopped


def _works(submission: Submission, chapters: Sequence[Chapter]) -> list[Work]:
    """The submission's answers to the exercises of `chapters`."""
    items = [item for chapter in chapters for item in chapter.exercises]
    return [Work(item, submission.files[item.path]) for item in items if item.path in submission.files]


class _Run:
    """What is judged, and kept as it comes."""

    def __init__(self, store: Store, bench: Bench, judge: Judge, progress: ProgressBar) -> None:
        self.store, self.bench, self.judge, self.progress = store, bench, judge, progress

    def begin(self, out: Path, proofs: Sequence[Work], works: Sequence[Sequence[Work]], again: bool) -> None:
        """Takes what is known already, or forgets it, and notes what this run is about."""
        answers = [work for mine in works for work in mine]
        different = {work.key: work for work in (*proofs, *answers)}
        if again:
            self.store.forget(list(different.values()))
        for key, judged in self.store.known(list(different.values())).items():
            self.bench.verdicts[key], self.bench.held[key] = judged.verdict, judged.hidden
        known = len(self.bench.verdicts)
        self.store.begin(out, submissions=len(works), answers=len(answers), different=len(different), known=known)
        self.progress.start(len(different), len(answers), known=known, learners=len(works))

    def prove(self, proofs: Sequence[Work]) -> None:
        """Judges the course's own solutions. Raises `CourseError` where one fails: no mark would be fair."""
        for _ in self._missing(proofs):
            pass
        try:
            self.bench.demand_passing(proofs)
        except CourseError:
            # What failed may be this machine, and be mended before the next call.
            self.store.forget(proofs)
            raise

    def complete(self, works: Sequence[Sequence[Work]]) -> Iterator[int]:
        """Judges what is missing, and yields the place of each submission when all of its answers are judged."""
        left = [{work.key for work in mine} - self.bench.verdicts.keys() for mine in works]
        whose: dict[Key, list[int]] = {}
        for place, keys in enumerate(left):
            for key in keys:
                whose.setdefault(key, []).append(place)
        yield from (place for place, keys in enumerate(left) if not keys)
        for key in self._missing([work for mine in works for work in mine]):
            for place in whose[key]:
                left[place].remove(key)
                if not left[place]:
                    yield place

    def _missing(self, works: Sequence[Work]) -> Iterator[Key]:
        """Judges those of `works` that are not known yet, each text once; yields what is done as it comes.

        A limit goes by the clock, and other answers ran beside this one: what ran out of time gets a second try when
        the others are done.
        """
        waiting = {work.key: work for work in works if work.key not in self.bench.verdicts}
        late: dict[Key, Work] = {}
        for last in (False, True):
            with contextlib.closing(self.judge.run(list((late if last else waiting).values()))) as outcomes:
                for outcome in outcomes:
                    if not last:
                        late |= {
                            work.key: work for work, judged, _ in outcome if verdict.TIMEOUT in judged.verdict.causes
                        }
                    done = [each for each in outcome if last or each[0].key not in late]
                    self.store.keep(done)
                    for work, judged, _ in done:
                        self.bench.verdicts[work.key], self.bench.held[work.key] = judged.verdict, judged.hidden
                    self.progress.advance(len(done))
                    yield from (work.key for work, _, _ in done)


class Bench:
    """Where answers are judged. `verdicts` holds what is known, by chapter, exercise and content.

    `held` holds the same for the checks that the teacher keeps to themselves: whether each passed, by its name.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.verdicts: dict[Key, Verdict] = {}
        self.held: dict[Key, dict[str, bool]] = {}
        self.starters: dict[Exercise, str] = {}

    def proofs(self, chapters: Sequence[Chapter], works: Sequence[Sequence[Work]]) -> list[Work]:
        """The course's own solutions of the chapters for which there are answers: they are judged first."""
        used = {work.item.chapter for mine in works for work in mine}
        found = []
        for item in (item for chapter in chapters if chapter.name in used for item in chapter.exercises):
            master = exercise.parse(self.course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
            self.starters[item] = master.starter()
            found.append(Work(item, master.solution()))
        return found

    def demand_passing(self, proofs: Sequence[Work]) -> None:
        """Raises `CourseError` where a solution of the course's own fails: no mark would be fair."""
        for work in proofs:
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
    key = Work(item, text).key
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
    """Two bars on standard error where somebody watches: answers and learners. Elsewhere a line a learner."""

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
        self.learners: Any = None

    def __enter__(self) -> ProgressBar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def start(self, different: int, answers: int, *, known: int = 0, learners: int = 0) -> None:
        """Says what there is to do: `different` of `answers`, of which `known` need no judging any more."""
        self.bar.update(self.task, total=different, completed=known, description="different answers")
        if learners:
            self.learners = self.bar.add_task("learners", total=learners)
        if self.lines:
            kept = f", {known} of them judged before" if known else ""
            print(f"{answers} answers, {different} of them different{kept}", file=sys.stderr, flush=True)

    def advance(self, count: int) -> None:
        self.bar.advance(self.task, count)

    def learner(self, text: str) -> None:
        """Another learner is graded."""
        if self.learners is not None:
            self.bar.advance(self.learners, 1)
        self.say(text)

    def say(self, text: str) -> None:
        if self.live:
            self.bar.update(self.task if self.learners is None else self.learners, description=text)
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
