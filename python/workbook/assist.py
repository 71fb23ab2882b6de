"""Help on the way: hints, the solution beside the learner's file, a fresh start; and the list of what there is."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from workbook import course as courses
from workbook import exercise, judge, needs, run, show
from workbook.course import Course, CourseError, Exercise
from workbook.files import back_up, write_atomically
from workbook.progress import Progress, State
from workbook.show import Screen


def next_hint(screen: Screen, course: Course, progress: Progress, item: Exercise) -> list[str]:
    """The hints shown so far and one more."""
    shown = min(progress.hints_shown(item) + 1, len(item.hints))
    progress.record_hint(item, shown)
    lines: list[str] = []
    for number, text in enumerate(item.hints[:shown], start=1):
        lines += show.note(screen, f"Hint {number} of {len(item.hints)}", text, "yellow")
    return lines


def hint(name: str | None, *, plain: bool = False) -> int:
    """`workbook hint`: each call shows one more of the three."""
    course = courses.load()
    progress = run.opened(course)
    screen = Screen(plain=plain)
    item = _named(course, progress, name)
    screen.print(*show.heading(screen, course, item), "", *next_hint(screen, course, progress, item))
    if progress.hints_shown(item) < len(item.hints):
        screen.print(screen.paint("Ask again for the next one.", "dim"))
    return 0


def solution(name: str, *, reveal: bool = False, plain: bool = False) -> int:
    """`workbook solution`: the learner's file beside the master's, and why it is written so."""
    course = courses.load()
    progress = run.opened(course)
    screen = Screen(plain=plain)
    item = course.exercise(name)
    if progress.state(course, item) == "pending" and not reveal:
        raise CourseError(
            f"{item.name} has not passed yet, and the solution is best met after your own. "
            f"A hint: 'python3 workbook hint {item.name}'. To look all the same, add --reveal."
        )
    screen.print(*show.heading(screen, course, item), "", *comparison(screen, course, item))
    return 0


def comparison(screen: Screen, course: Course, item: Exercise) -> list[str]:
    """Two columns where the terminal has room for them, else the changed lines one above the other."""
    master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
    theirs = master.solution().splitlines()
    yours = judge.read_learners(course, item).splitlines()
    lines = []
    if yours == theirs:
        lines += ["Your file and the course's solution are the same.", ""]
    elif screen.width >= 100:
        lines += _columns(screen, yours, theirs)
    else:
        lines += _stacked(screen, yours, theirs)
    return [*lines, *show.note(screen, "Why so", item.why, "magenta")]


def _columns(screen: Screen, yours: list[str], theirs: list[str]) -> list[str]:
    width = (screen.width - 3) // 2
    bar = screen.paint(screen.symbol("│", "|"), "dim")
    lines = [f"{screen.paint('your file'.ljust(width), 'bold')} {bar} {screen.paint('the solution', 'bold')}"]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, yours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = list(zip(yours[a:b], theirs[c:d], strict=True))
            shown = pairs if len(pairs) <= 6 else [*pairs[:3], ("…", "…"), *pairs[-3:]]
            lines += [_pair(screen, left, right, width, bar) for left, right in shown]
            continue
        left, right = yours[a:b], theirs[c:d]
        for row in range(max(len(left), len(right))):
            one = left[row] if row < len(left) else ""
            other = right[row] if row < len(right) else ""
            lines.append(_pair(screen, one, other, width, bar, "red", "green"))
    return [*lines, ""]


def _pair(
    screen: Screen, left: str, right: str, width: int, bar: str, left_colour: str = "dim", right_colour: str = "dim"
) -> str:
    one, other = show.fit(left, width).ljust(width), show.fit(right, width)
    return f"{screen.paint(one, left_colour)} {bar} {screen.paint(other, right_colour)}"


def _stacked(screen: Screen, yours: list[str], theirs: list[str]) -> list[str]:
    lines = []
    for line in difflib.unified_diff(yours, theirs, "your file", "the solution", lineterm=""):
        colour = {"-": "red", "+": "green", "@": "blue"}.get(line[:1])
        lines.append(screen.paint(line, colour) if colour else line)
    return [*lines, ""]


def reset(name: str, *, plain: bool = False) -> int:
    """`workbook reset`: the exercise as it was at the start; what it replaces is kept."""
    course = courses.load()
    item = course.exercise(name)
    kept = put_back(course, run.opened(course), item)
    screen = Screen(plain=plain)
    screen.print(f"{item.path} is as it was at the start.")
    if kept:
        screen.print(f"Your version is kept: {kept.relative_to(course.root).as_posix()}")
    return 0


def put_back(course: Course, progress: Progress, item: Exercise) -> Path | None:
    """Writes the starter over the learner's file; returns the backup, None if there was nothing to keep."""
    path = course.file(item.path)
    text = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master)).starter()
    kept = None
    try:
        if path.exists() and path.read_bytes() != text.encode():
            kept = back_up(course.root, path)
    except OSError as error:
        raise CourseError(f"{item.path} cannot be read, so it was not replaced: {error.strerror or error}.") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    progress.forget(item)
    return kept


def listing(*, as_json: bool = False, plain: bool = False) -> int:
    """`workbook list`: every exercise and its state."""
    course = courses.load()
    progress = run.opened(course)
    if as_json:
        rows = [
            {
                "chapter": item.chapter,
                "name": item.name,
                "title": item.title,
                "path": item.path,
                "state": progress.state(course, item),
                "teaches": list(item.teaches),
                "needs": list(item.needs),
                "minutes": item.minutes,
            }
            for item in course.exercises
        ]
        print(json.dumps(rows, indent=2))
        return 0
    screen = Screen(plain=plain)
    for chapter in course.chapters:
        done = sum(progress.state(course, item) == "done" for item in chapter.exercises)
        optional = f"  optional: its first run installs {needs.SIZES[chapter.group]}" if chapter.group else ""
        screen.print(
            f"{screen.paint(chapter.name, 'bold')}  {chapter.title}  ({done}/{len(chapter.exercises)}){optional}"
        )
        for item in chapter.exercises:
            state = progress.state(course, item)
            minutes = screen.paint(f"{item.minutes:>3} min", "dim")
            screen.print(f"  {state_mark(screen, state)} {item.name:<26} {minutes}  {item.title}")
        screen.print("")
    following = run.pending(course, progress)
    if following:
        screen.print(f"Next: {screen.paint(f'python3 workbook run {following.name}', 'bold')}")
    return 0


def status(*, as_json: bool = False, plain: bool = False) -> int:
    """`workbook status`: how far, chapter by chapter, quizzes included."""
    course = courses.load()
    progress = run.opened(course)
    chapters: list[dict[str, Any]] = []
    for chapter in course.chapters:
        states = [progress.state(course, item) for item in chapter.exercises]
        taken = progress.quiz(chapter.name)
        quiz = {"score": taken["score"], "total": taken["total"]} if taken else None
        chapters.append(
            {
                "chapter": chapter.name,
                "title": chapter.title,
                "exercises": len(states),
                "done": states.count("done"),
                "stale": states.count("stale"),
                "minutes_left": sum(
                    item.minutes for item, state in zip(chapter.exercises, states, strict=True) if state != "done"
                ),
                "quiz": quiz,
            }
        )
    following = run.pending(course, progress)
    done = sum(row["done"] for row in chapters)
    if as_json:
        report = {"done": done, "exercises": len(course.exercises), "next": following.name if following else None}
        print(json.dumps({**report, "chapters": chapters}, indent=2))
        return 0
    screen = Screen(plain=plain)
    screen.print("Rust for AI", show.bar(screen, done, len(course.exercises)), "")
    for row in chapters:
        score = f"quiz {row['quiz']['score']}/{row['quiz']['total']}" if row["quiz"] else "quiz not taken"
        stale = f", {row['stale']} edited since they passed" if row["stale"] else ""
        left = f", about {row['minutes_left']} min to go" if row["minutes_left"] else ""
        screen.print(f"  {row['chapter']:<20} {row['done']}/{row['exercises']}{stale}, {score}{left}")
    if following:
        screen.print("", f"Next: {screen.paint(f'python3 workbook run {following.name}', 'bold')}  {following.title}")
    return 0


def state_mark(screen: Screen, state: State) -> str:
    """One character for a state."""
    marks = {
        "done": screen.paint(screen.symbol("✓", "x"), "green"),
        "stale": screen.paint(screen.symbol("↻", "~"), "yellow"),
        "pending": screen.paint(screen.symbol("·", "."), "dim"),
    }
    return marks[state]


def _named(course: Course, progress: Progress, name: str | None) -> Exercise:
    item = course.exercise(name) if name else run.pending(course, progress)
    if item is None:
        raise CourseError("All exercises are done; name one: 'python3 workbook hint NAME'.")
    return item
