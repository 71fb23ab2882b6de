"""`workbook` in a terminal: shows an exercise, judges it at every save, and obeys single keys.

Three threads feed one queue: saves (watchfiles), keys, verdicts. The main thread alone draws and decides, so there is
no state to lock. At most one run is under way; a save meanwhile starts the next one after it, however many there were.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import watchfiles

from workbook import assist, process, run, show
from workbook import course as courses
from workbook.course import Course, CourseError, Exercise
from workbook.files import fingerprint, locked
from workbook.progress import Progress
from workbook.run import Building
from workbook.show import Screen
from workbook.terminal import Keyboard, on_resize
from workbook.verdict import Verdict

# watchfiles collects for as long as events keep coming, looking every `step` ms; a save is one burst.
STEP_MS = 10
BURST_MS = 60

CLEAR = "\x1b[H\x1b[2J\x1b[3J"


@dataclass
class Event:
    """Something that happened: `key`, `saved`, `decided`, `advised`, `problem`, `building`, `resized`."""

    kind: str
    text: str = ""
    paths: frozenset[str] = frozenset()
    item: Exercise | None = None
    outcome: Verdict | None = None


def main(*, plain: bool = False, name: str | None = None) -> int:
    """Watches until the learner quits. Only one watch at a time may run on a course."""
    course = courses.load()
    progress = Progress.load(course.root)
    item = course.exercise(name) if name else _first(course, progress)
    try:
        with locked(course.root / ".workbook" / "watch.lock", wait=0.0):
            return Watch(course, progress, item, plain=plain).loop()
    except courses.CourseError as problem:
        if "watch.lock" in str(problem):
            raise CourseError(
                "This course is being watched already, in another terminal. Use that one, or close it; "
                "'python3 workbook run' works beside it."
            ) from None
        raise


def _first(course: Course, progress: Progress) -> Exercise:
    """Where to begin: the first pending exercise, or the last of all when everything is done."""
    return run.pending(course, progress) or course.exercises[-1]


@dataclass
class Watch:
    """The state of the session; only the main thread touches it."""

    course: Course
    progress: Progress
    item: Exercise
    plain: bool = False
    outcome: Verdict | None = None
    problem: str = ""
    extra: list[str] = field(default_factory=list)
    running: str | None = None
    again: bool = False
    question: str = ""
    choosing: int | None = None

    def __post_init__(self) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.screen = Screen(plain=self.plain)
        self.building = Building(self.screen)
        self.keys_wanted = threading.Event()
        self.keys_wanted.set()
        self.stop = threading.Event()
        # Where nothing moves the cursor, a line stands between one state of the screen and the next.
        still = self.plain or os.environ.get("TERM") == "dumb"
        self.clear = f"\n{'-' * 40}\n" if still else CLEAR

    # --- the loop ---------------------------------------------------------------------------------------------------

    def loop(self) -> int:
        on_resize(lambda: self.events.put(Event("resized")))
        with Keyboard() as keyboard:
            self.keyboard = keyboard
            for work in (self._watch_files, self._read_keys):
                threading.Thread(target=work, daemon=True).start()
            try:
                self._start()
                while self._handle(self.events.get()):
                    pass
            except KeyboardInterrupt:
                pass
            finally:
                self.stop.set()
                process.end_all()
        done = sum(self.progress.state(self.course, item) == "done" for item in self.course.exercises)
        self.screen.print("", f"{show.bar(self.screen, done, len(self.course.exercises))} done. Your work is saved.")
        self.screen.print("'python3 workbook' goes on where you stopped.")
        return 0

    def _handle(self, event: Event) -> bool:
        """One event; False ends the session."""
        if event.kind == "key":
            try:
                return self._key(event.text)
            except CourseError as problem:
                # A file that went away meanwhile, a full disk: told, and the session goes on.
                self.extra = [self.screen.paint(str(problem), "red"), ""]
                self._draw()
        if event.kind == "saved":
            self._saved(event.paths)
        elif event.kind == "building":
            self.building.notify(event.text)
        elif event.kind == "resized":
            self.screen = Screen(plain=self.plain)
            self._draw()
        elif event.kind in ("decided", "advised", "problem"):
            self._finished(event)
        return True

    def _watch_files(self) -> None:
        folder = self.course.root / "exercises"
        changes = watchfiles.watch(
            folder, debounce=BURST_MS, step=STEP_MS, stop_event=self.stop, raise_interrupt=False, rust_timeout=1000
        )
        for batch in changes:
            self.events.put(Event("saved", paths=frozenset(path for _, path in batch)))

    def _read_keys(self) -> None:
        while not self.stop.is_set():
            self.keys_wanted.wait()
            key = self.keyboard.read()
            if key is None:
                # The terminal has gone: there is nobody to show anything to.
                self.events.put(Event("key", "q"))
                return
            if key == "z":
                # A quiz will read the keyboard itself; hold still until it is over.
                self.keys_wanted.clear()
            self.events.put(Event("key", key))

    # --- runs -------------------------------------------------------------------------------------------------------

    def _saved(self, paths: frozenset[str]) -> None:
        """Runs what was saved, and follows the learner to another exercise."""
        by_path = {str(self.course.file(item.path).resolve()): item for item in self.course.exercises}
        saved = [by_path[path] for path in sorted(str(Path(p).resolve()) for p in paths) if path in by_path]
        if not saved:
            return
        self.choosing = None
        if self.item not in saved:
            self.item = saved[0]
            # A question that was asked about the other exercise is off the table.
            self.outcome, self.extra, self.question = None, [], ""
        self._start()

    def _start(self) -> None:
        """Begins a run of the current exercise, or notes that one is due after the one under way."""
        content = fingerprint(self.course.file(self.item.path))
        mark = f"{self.item.name}:{content}"
        if self.running:
            # An editor's second event for the same save needs no second run.
            self.again = self.again or self.running != mark
            return
        self.running, self.again = mark, False
        threading.Thread(target=self._judge, args=(self.item,), daemon=True).start()
        if self.outcome is None:
            self._draw()

    def _judge(self, item: Exercise) -> None:
        """In a thread of its own: the verdict, and later clippy's advice, come back as events."""
        try:
            outcome = run.judged(
                self.course,
                self.progress,
                item,
                notify=lambda line: self.events.put(Event("building", line)),
                decided=lambda verdict: self.events.put(Event("decided", item=item, outcome=verdict)),
            )
            self.events.put(Event("advised", item=item, outcome=outcome))
        except CourseError as problem:
            self.events.put(Event("problem", str(problem), item=item))
        except Exception as problem:
            # A fault of ours must not leave the session waiting for a verdict that never comes.
            self.events.put(Event("problem", f"The runner failed: {problem!r}. Please report this.", item=item))

    def _finished(self, event: Event) -> None:
        self.building.clear()
        if event.item == self.item:
            self.problem = event.text if event.kind == "problem" else ""
            fresh = event.kind != "advised"
            self.outcome = event.outcome
            if fresh:
                self.extra = []
            if self.choosing is None and (fresh or (event.outcome and event.outcome.lints)):
                self._draw()
        if event.kind == "decided" and not self.again:
            return  # Clippy's advice is still to come; the run is not over.
        if event.kind != "decided":
            self.running = None
            if self.again or event.item != self.item:
                self._start()

    # --- keys -------------------------------------------------------------------------------------------------------

    def _key(self, key: str) -> bool:
        if self.choosing is not None:
            self._choose(key)
        elif self.question:
            self._answer(key)
        elif key == "q":
            return False
        elif key in ("n", "p"):
            self._step(1 if key == "n" else -1)
        elif key == "h":
            self.extra = assist.next_hint(self.screen, self.course, self.progress, self.item)
            self._draw()
        elif key == "s":
            self._solution()
        elif key == "l":
            self.choosing = self.course.exercises.index(self.item)
            self._draw()
        elif key == "r":
            self._start()
        elif key == "x":
            self.question = f"Put {self.item.name} back to its start? Your version is kept as a backup. [y/n]"
            self._draw()
        elif key == "z":
            self._take_quiz()
        if key == "z":
            # The reader of keys held still, whether a quiz came of it or not.
            self.keys_wanted.set()
        return True

    def _step(self, by: int) -> None:
        everything = self.course.exercises
        at = everything.index(self.item)
        if by > 0 and self.outcome and self.outcome.passed:
            # After a pass 'next' means the next thing to do, not one done long ago.
            rest = [*everything[at + 1 :], *everything[:at]]
            target = next((item for item in rest if self.progress.state(self.course, item) != "done"), None)
            target = target or everything[min(at + 1, len(everything) - 1)]
        else:
            target = everything[max(0, min(at + by, len(everything) - 1))]
        self._go(target)

    def _go(self, target: Exercise) -> None:
        if target != self.item:
            self.item, self.outcome, self.extra, self.problem = target, None, [], ""
        self._start()
        self._draw()

    def _choose(self, key: str) -> None:
        assert self.choosing is not None
        last = len(self.course.exercises) - 1
        if key in ("up", "k"):
            self.choosing = max(0, self.choosing - 1)
        elif key in ("down", "j"):
            self.choosing = min(last, self.choosing + 1)
        elif key == "enter":
            target = self.course.exercises[self.choosing]
            self.choosing = None
            self._go(target)
            return
        elif key in ("escape", "q", "l"):
            self.choosing = None
        self._draw()

    def _answer(self, key: str) -> None:
        """The answer to 'reset?'."""
        self.question = ""
        if key == "y":
            try:
                kept = assist.put_back(self.course, self.progress, self.item)
                where = f" Yours is {kept.relative_to(self.course.root)}." if kept else ""
                self.extra = [f"{self.item.name} is as it was at the start.{where}", ""]
            except CourseError as problem:
                self.extra = [str(problem), ""]
            self.outcome = None
            self._start()
        self._draw()

    def _solution(self) -> None:
        if self.progress.state(self.course, self.item) == "pending":
            text = (
                "The solution opens once your own passes. To look now, type in another terminal: "
                f"python3 workbook solution {self.item.name} --reveal"
            )
            self.extra = show.note(self.screen, "Solution", text, "magenta")
        else:
            self.extra = assist.comparison(self.screen, self.course, self.item)
        self._draw()

    def _take_quiz(self) -> None:
        from workbook import quiz

        self.screen.stream.write(self.clear)
        try:
            with self.keyboard.pause():
                quiz.main(self.course, self.item.chapter, None, False, self.plain)
                self.screen.print("", "Press Enter to go back to the exercises.")
                sys.stdin.readline()
        except (CourseError, KeyboardInterrupt) as problem:
            self.extra = [str(problem)] if str(problem) else []
        self.progress = Progress.load(self.course.root)
        self._draw()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        screen = self.screen
        lines = self._list() if self.choosing is not None else self._exercise()
        self.building.shown = False
        screen.print(*lines, start=self.clear)

    def _exercise(self) -> list[str]:
        screen, item = self.screen, self.item
        lines = [*show.heading(screen, self.course, item), ""]
        if self.progress.damaged:
            kept = self.progress.damaged.name
            lines += [f"progress.toml was damaged and is kept as {kept}; 'workbook verify' fills a new one.", ""]
        if self.problem:
            lines += [screen.paint(self.problem, "red"), ""]
        elif self.outcome is None:
            lines += [screen.paint("checking ...", "dim"), ""]
        else:
            lines += show.result(screen, self.course, item, self.outcome)
            lines += show.advice(screen, item, self.outcome)
        lines += self.extra
        if self.outcome and self.outcome.passed:
            lines += self._passed()
        if self.question:
            lines += [screen.paint(self.question, "bold", "yellow")]
        done = sum(self.progress.state(self.course, other) == "done" for other in self.course.exercises)
        short = f"   {item.name} {show.in_short(screen, self.outcome)}" if self.outcome else ""
        lines += [show.bar(screen, done, len(self.course.exercises)) + short, self._keys()]
        return lines

    def _passed(self) -> list[str]:
        chapter = self.course.chapter(self.item.chapter)
        if all(self.progress.state(self.course, item) == "done" for item in chapter.exercises):
            taken = self.progress.quiz(chapter.name)
            score = f" Last time: {taken['score']} of {taken['total']}." if taken else ""
            text = f"Every exercise of '{chapter.title}' is done. Press z for its quiz, n for the next exercise.{score}"
            return show.note(self.screen, "Chapter done", text, "green")
        return [
            self.screen.paint("Press n for the next exercise, s to compare with the course's solution.", "green"),
            "",
        ]

    def _keys(self) -> str:
        names = [("n", "next"), ("p", "previous"), ("h", "hint"), ("l", "list"), ("s", "solution"), ("r", "run")]
        names += [("x", "reset"), ("z", "quiz"), ("q", "quit")]
        return "  ".join(f"{self.screen.paint(key, 'bold')} {self.screen.paint(name, 'dim')}" for key, name in names)

    def _list(self) -> list[str]:
        """The list to choose from, as much of it around the chosen line as the terminal shows."""
        import shutil

        assert self.choosing is not None
        height = max(5, shutil.get_terminal_size((100, 24)).lines - 4)
        first = max(0, min(self.choosing - height // 2, len(self.course.exercises) - height))
        lines = [self.screen.paint("Exercises", "bold"), ""]
        for number, item in enumerate(self.course.exercises[first : first + height], start=first):
            state = self.progress.state(self.course, item)
            pointer = self.screen.symbol("▶", ">") if number == self.choosing else " "
            text = f"{pointer} {assist.state_mark(self.screen, state)} {item.chapter:<18} {item.name:<24} {item.title}"
            lines.append(self.screen.paint(text, "bold") if number == self.choosing else text)
        return [*lines, "", self.screen.paint("up/down choose   Enter open   Esc back", "dim")]
