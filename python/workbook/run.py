"""The commands that judge: `run`, `verify`, and what `workbook` alone does where there is no terminal.

On the way from the command line to the compiler nothing but the standard library is imported.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from workbook import course as courses
from workbook import judge, process, show
from workbook.course import Course, CourseError, Exercise
from workbook.files import fingerprint
from workbook.progress import Progress
from workbook.show import Screen
from workbook.verdict import Verdict


def run(name: str | None, *, as_json: bool = False, plain: bool = False) -> int:
    """Judges one exercise, by default the first that is not done. Exits 0 passed, 1 failed, 2 no verdict."""
    course = courses.load()
    progress = opened(course)
    item = course.exercise(name) if name else pending(course, progress)
    screen = Screen(plain=plain)
    if item is None:
        if as_json:
            print(json.dumps(None))
        else:
            screen.print("All exercises are done.")
        return 0
    if as_json:
        outcome = judged(course, progress, item)
        print(json.dumps(outcome.to_json(), indent=2))
        return 0 if outcome.passed else 1
    screen.print(*show.heading(screen, course, item), "")

    def decided(outcome: Verdict) -> None:
        screen.print(*show.result(screen, course, item, outcome))

    with Building(screen) as building:
        outcome = judged(course, progress, item, notify=building.notify, decided=building.clear_before(decided))
    screen.print(*show.advice(screen, item, outcome))
    screen.print(*what_next(screen, course, progress, item, outcome))
    return 0 if outcome.passed else 1


def judged(
    course: Course,
    progress: Progress,
    item: Exercise,
    *,
    advise: bool = True,
    notify: Callable[[str], None] | None = None,
    decided: Callable[[Verdict], None] | None = None,
) -> Verdict:
    """A verdict on the learner's file, kept in the progress file as soon as it stands."""
    # Taken before the build: an edit during the run must not be counted as what passed.
    sha256 = fingerprint(course.file(item.path))

    def keep(outcome: Verdict) -> None:
        # First, so that what is shown with the verdict counts it; but on a full disk the verdict is shown all the same.
        try:
            progress.record(course, item, passed=outcome.passed, sha256=sha256)
        finally:
            if decided:
                decided(outcome)

    return judge.judge(course, item, advise=advise, notify=notify, decided=keep)


def opened(course: Course) -> Progress:
    """The learner's progress; says so where the file was damaged, since this is the one time that it is noticed."""
    progress = Progress.load(course.root)
    if progress.damaged:
        show.error(
            f"progress.toml was damaged and is kept as {progress.damaged.name}; "
            "'python3 workbook verify' fills a new one."
        )
    return progress


def pending(course: Course, progress: Progress) -> Exercise | None:
    """The exercise to work on: the first, in the course's order, that is not done; optional chapters come last."""
    return next(iter(_todo(course, progress)), None)


def _todo(course: Course, progress: Progress) -> list[Exercise]:
    optional = {chapter.name for chapter in course.chapters if chapter.group}
    todo = [item for item in course.exercises if progress.state(course, item) != "done"]
    return sorted(todo, key=lambda item: item.chapter in optional)


def what_next(screen: Screen, course: Course, progress: Progress, item: Exercise, outcome: Verdict) -> list[str]:
    """The line to type next, for someone who works without `watch`."""
    if not outcome.passed:
        command = f"python3 workbook hint {item.name}"
        return [f"Edit {item.path} and run this again, or: {screen.paint(command, 'bold')}"]
    # Whoever began with a later chapter goes on there; what is pending before it can wait.
    todo = _todo(course, progress)
    following = next((other for other in todo if other.chapter == item.chapter), None)
    if following:
        return [f"Next: {screen.paint(f'python3 workbook run {following.name}', 'bold')}  {following.title}"]
    lines = [f"Chapter done. Its quiz: {screen.paint(f'python3 workbook quiz {item.chapter}', 'bold')}"]
    if todo:
        lines.append(f"Then: {screen.paint(f'python3 workbook run {todo[0].name}', 'bold')}  {todo[0].title}")
    return lines


def overview(*, plain: bool = False) -> int:
    """`workbook` without a terminal: progress, one verdict on the pending exercise, what to type next; exits 0."""
    course = courses.load()
    progress = opened(course)
    screen = Screen(plain=plain)
    done = sum(progress.state(course, item) == "done" for item in course.exercises)
    screen.print("Rust for AI", show.bar(screen, done, len(course.exercises)), "")
    item = pending(course, progress)
    if item is None:
        screen.print("All exercises are done. 'python3 workbook list' shows them, 'quiz CHAPTER' asks about them.")
        return 0
    run(item.name, plain=plain)
    return 0


def verify(
    chapters: Sequence[str],
    *,
    solutions: bool = False,
    as_json: bool = False,
    junit: Path | None = None,
    plain: bool = False,
) -> int:
    """Judges all exercises, or all masters. Exits 0 if every one passes, 1 if not, 2 if one could not be judged."""
    course = courses.load()
    progress = opened(course)
    chosen = [course.chapter(name) for name in chapters] or [ch for ch in course.chapters if not ch.group]
    screen = Screen(plain=plain)
    outcomes: list[Verdict] = []
    broken = 0
    with Building(screen, quiet=as_json) as building:
        for item in (item for chapter in chosen for item in chapter.exercises):
            try:
                if solutions:
                    outcome = judge.judge(course, item, solutions=True, advise=False, notify=building.notify)
                else:
                    outcome = judged(course, progress, item, advise=False, notify=building.notify)
            except judge.FileProblem as problem:
                # One unreadable file must not hide the others' results.
                outcome = Verdict(item.chapter, item.name, passed=False, stage="compile", message=str(problem))
                broken += 1
            outcomes.append(outcome)
            building.clear()
            if not as_json:
                screen.print(_line(screen, outcome))
    if junit:
        from workbook import junit as reports

        reports.write(junit, outcomes)
    if as_json:
        print(json.dumps([outcome.to_json() for outcome in outcomes], indent=2))
    else:
        passed = sum(outcome.passed for outcome in outcomes)
        failed = len(outcomes) - passed
        screen.print("", f"{passed} passed, {failed} failed")
        for chapter in () if chapters else [chapter for chapter in course.chapters if chapter.group]:
            screen.print(f"{chapter.name} is optional and was not judged: python3 workbook verify {chapter.name}")
    if broken:
        return 2
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _line(screen: Screen, outcome: Verdict) -> str:
    line = f"{outcome.chapter} / {outcome.name}  {screen.paint(f'{outcome.seconds:.2f} s', 'dim')}"
    if outcome.passed:
        return f"{screen.paint(screen.symbol('✓', 'ok'), 'green')} {line}"
    why = outcome.code or ", ".join(outcome.failed_checks) or outcome.message
    return f"{screen.paint(screen.symbol('✗', 'x'), 'red')} {line}{screen.paint(f'  {why}', 'dim')}"


class Building:
    """Says what cargo is doing while a cold build runs; a warm one is over before it would speak."""

    def __init__(self, screen: Screen, *, quiet: bool = False) -> None:
        self.stream: TextIO = sys.stderr
        self.screen = screen
        self.terminal = self.stream.isatty() and not screen.plain and not quiet
        self.quiet = quiet
        self.shown = False
        self.said: set[str] = set()

    def __enter__(self) -> Building:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def notify(self, line: str) -> None:
        """Takes cargo's progress lines: `Compiling proptest v1.12.0`, `Blocking waiting for file lock …`."""
        words = line.split()
        if self.quiet or not words:
            return
        if words[0] == "Blocking":
            text = "waiting for another cargo to finish (an editor's check, or another runner)"
        elif words[0] in ("Compiling", "Downloading", "Downloaded") and len(words) > 1:
            text = f"{words[0].lower()} {words[1]}"
        elif words[0] == "Updating":
            text = "asking the registry"
        else:
            return
        if self.terminal:
            self.stream.write(f"\r\x1b[2K  {text} ...")
            self.stream.flush()
            self.shown = True
        elif words[0] == "Blocking" and text not in self.said:
            self.said.add(text)
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def clear(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()
            self.shown = False

    def clear_before(self, function: Callable[[Verdict], None]) -> Callable[[Verdict], None]:
        def cleared(outcome: Verdict) -> None:
            self.clear()
            function(outcome)

        return cleared


def guarded(action: Callable[[], int]) -> int:
    """Runs a command; a fault of the course, the call or the surroundings becomes a sentence and exit code 2."""
    _leave_cleanly()
    try:
        code = action()
        # What is still buffered must fail here, and not in the interpreter's last breath.
        sys.stdout.flush()
        return code
    except CourseError as problem:
        show.error(str(problem))
        return 2
    except KeyboardInterrupt:
        process.end_all()
        sys.stderr.write("\n")
        return 130
    except SystemExit:
        process.end_all()
        raise
    except BrokenPipeError:
        # The reader of our pipe has gone (`| head`); what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _leave_cleanly() -> None:
    """A closed terminal and a plain `kill` end us as Ctrl-C does: with all that we started, the terminal restored."""

    def leave(number: int, _frame: object) -> None:
        if process.is_starting():
            # A program may be running that nobody has noted yet, and would be left behind: ask again in a moment.
            threading.Timer(0.01, os.kill, (os.getpid(), number)).start()
            return
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Not where `nohup` has said that we live on.
        if number and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)
