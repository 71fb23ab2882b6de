"""Plain text for people: verdicts, hints and progress, with colours where a terminal wants them.

Standard library alone, since every verdict passes through here; tables and Markdown are rich's work, elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from workbook import verdict
from workbook.course import Course, Exercise
from workbook.verdict import Check, Verdict

_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
    "reverse": "7",
}


class Screen:
    """Where text goes: knows the width, whether colours are wanted, and which symbols the terminal can show."""

    def __init__(self, stream: TextIO | None = None, *, plain: bool = False) -> None:
        self.stream = stream or sys.stdout
        terminal = self.stream.isatty()
        dumb = os.environ.get("TERM") == "dumb"
        self.plain = plain or dumb or bool(os.environ.get("NO_COLOR"))
        self.colour = terminal and not self.plain
        self.unicode = (self.stream.encoding or "").lower().replace("-", "") == "utf8"
        self.width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))

    def paint(self, text: str, *styles: str) -> str:
        if not self.colour or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    def symbol(self, nice: str, plain: str) -> str:
        return nice if self.unicode else plain

    def print(self, *lines: str, start: str = "") -> None:
        # In one piece: a terminal that shows half a page flickers.
        text = start + "".join(f"{line}\n" for line in lines)
        self.stream.write(text if self.unicode else text.encode("ascii", "replace").decode("ascii"))
        self.stream.flush()

    def wrap(self, text: str, indent: str = "  ", first: str | None = None) -> str:
        """Folds prose to the terminal's width; code spans stand out, and lines that are set in stay as they are."""
        folded = []
        for number, paragraph in enumerate(text.strip().splitlines()):
            opening = first if first is not None and number == 0 else indent
            if paragraph.startswith("    "):
                folded.append(indent + paragraph)
            else:
                folded.append(
                    textwrap.fill(
                        paragraph,
                        self.width - 2,
                        initial_indent=opening,
                        subsequent_indent=indent,
                        break_long_words=False,
                        break_on_hyphens=False,
                    )
                )
        return self.spans("\n".join(folded))

    def spans(self, text: str) -> str:
        """`code` in colour; without colours the backticks stay."""
        if not self.colour:
            return text
        return re.sub(r"`([^`\n]+)`", lambda match: self.paint(match[1], "cyan"), text)


def heading(screen: Screen, course: Course, item: Exercise) -> list[str]:
    """Chapter, exercise, title and place in the chapter; the file, and the part of the lesson that it belongs to."""
    chapter = course.chapter(item.chapter)
    siblings = chapter.exercises
    place = f"{siblings.index(item) + 1}/{len(siblings)}"
    part = f", '{chapter.concepts[item.teaches[0]]}'" if item.teaches and item.teaches[0] in chapter.concepts else ""
    lesson = f"lesson: chapters/{chapter.name}/README.md{part}"
    name = f"{item.chapter} / {item.name}"
    title = f"{screen.paint(name, 'bold')}  {item.title}"
    gap = " " * max(2, screen.width - len(name) - len(item.title) - len(place) - 2)
    return [f"{title}{gap}{screen.paint(place, 'dim')}", screen.paint(item.path, "dim"), screen.paint(lesson, "dim")]


def result(screen: Screen, course: Course, item: Exercise, outcome: Verdict) -> list[str]:
    """The verdict with what led to it: the compiler's own message, or the first failing check."""
    lines = [_headline(screen, outcome), ""]
    if outcome.stage == "compile":
        lines += _compiler(screen, outcome)
    elif outcome.stage == "check":
        lines += _checks(screen, course, item, outcome)
        warnings = [message for message in outcome.diagnostics if message.level == "warning"]
        if warnings:
            # Often the very reason: a result that nobody uses, a variable that nobody reads.
            lines += [screen.paint("The compiler warns:", "bold"), *_rendered(screen, warnings[0].rendered)]
    elif outcome.stage == "lint":
        failing = [message for message in outcome.lints if message.code in item.lints]
        for message in failing:
            lines += _rendered(screen, message.rendered)
    if outcome.hint:
        # The cause that the hint is about; the first one may have none.
        named = [when.on for when in item.when if when.hint == outcome.hint and when.on != verdict.UNCODED]
        lines += note(screen, f"Hint ({named[0]})" if named else "Hint", outcome.hint, "yellow")
    return lines


def advice(screen: Screen, item: Exercise, outcome: Verdict) -> list[str]:
    """What clippy thinks of a solution that passes: advice, never a verdict."""
    advised = [message for message in outcome.lints if message.code not in item.lints]
    if not outcome.passed or not advised:
        return []
    lines = [screen.paint("It passes. Clippy, Rust's linter, adds:", "bold"), ""]
    for message in advised[:2]:
        lines += _rendered(screen, message.rendered)
    if len(advised) > 2:
        lines.append(screen.paint(f"  and {len(advised) - 2} more: cargo clippy shows them", "dim"))
    return lines


def in_short(screen: Screen, outcome: Verdict) -> str:
    """The verdict in a few words, for the end of a page whose beginning may have scrolled away."""
    if outcome.passed:
        return screen.paint(f"{screen.symbol('✓', 'ok')} passes", "green")
    words = f"{screen.symbol('✗', 'x')} {_FAILED[outcome.stage]}"
    about = outcome.code or next(iter(outcome.failed_checks), "")
    return screen.paint(f"{words} ({about})" if about else words, "red")


_FAILED = {"compile": "does not compile", "check": "a check fails", "lint": "a lint fails", "done": "fails"}


def _headline(screen: Screen, outcome: Verdict) -> str:
    seconds = screen.paint(f"{outcome.seconds:.2f} s", "dim")
    if outcome.passed:
        mark = screen.paint(f" {screen.symbol('✓', 'ok')} passes ", "bold", "green", "reverse")
        count = len(outcome.checks)
        return f"{mark} {count} check{'' if count == 1 else 's'}  {seconds}"
    words = {
        "compile": "does not compile",
        "check": "compiles, but a check fails" if len(outcome.failed_checks) == 1 else "compiles, but checks fail",
        "lint": "passes its checks, but not its lint",
        "done": "",
    }
    mark = screen.paint(f" {screen.symbol('✗', 'x')} {words[outcome.stage]} ", "bold", "red", "reverse")
    code = screen.paint(outcome.code, "bold") + "  " if outcome.code else ""
    return f"{mark} {code}{seconds}"


def _compiler(screen: Screen, outcome: Verdict) -> list[str]:
    errors = [message for message in outcome.diagnostics if message.level == "error"]
    lines: list[str] = []
    # Two are enough to work on; the first often causes the rest.
    for message in errors[:2]:
        lines += _rendered(screen, message.rendered)
    if len(errors) > 2:
        lines += [screen.paint(f"and {len(errors) - 2} more; the first is the one to read", "dim"), ""]
    if not errors:
        lines += [outcome.message, ""]
    return lines


def _rendered(screen: Screen, text: str) -> list[str]:
    """The compiler's text; its colours stay where colours are shown."""
    shown = text if screen.colour else verdict.strip_ansi(text)
    return [line for line in shown.rstrip().splitlines() if "this error originates in the macro" not in line] + [""]


def _checks(screen: Screen, course: Course, item: Exercise, outcome: Verdict) -> list[str]:
    marks = {
        "passed": screen.paint(screen.symbol("✓", "ok"), "green"),
        "failed": screen.paint(screen.symbol("✗", "x"), "red"),
        "not_run": screen.paint(screen.symbol("·", "-"), "dim"),
    }
    lines = [f"  {marks[check.state]} {check.name.replace('_', ' ')}" for check in outcome.checks]
    failed = next((check for check in outcome.checks if check.state != "passed"), None)
    lines.append("")
    if failed is None or failed.state == "not_run":
        return [*lines, screen.wrap(outcome.message), ""]
    return [*lines, *_failed(screen, course, item, failed)]


def _failed(screen: Screen, course: Course, item: Exercise, check: Check) -> list[str]:
    lines = []
    if check.message:
        lines += [screen.wrap(_shortened(check.message)), ""]
    if check.wanted is not None and check.got is not None:
        lines += _value(screen, "wanted", check.wanted, "green")
        lines += [*_value(screen, "got", check.got, "red"), ""]
    if check.output:
        said = verdict.strip_ansi(check.output).splitlines()
        lines.append(screen.paint("  Your program printed:", "dim"))
        lines += [f"    {fit(line, screen.width - 4)}" for line in said[:12]]
        lines += [screen.paint(f"    and {len(said) - 12} lines more", "dim")] if len(said) > 12 else []
        lines.append("")
    lines += _source(screen, course, item, check)
    return lines


def _shortened(text: str, most: int = 600) -> str:
    return text if len(text) <= most else f"{text[:most]} … ({len(text):,} characters)"


def _value(screen: Screen, label: str, value: str, colour: str) -> list[str]:
    first, *rest = _shortened(value).splitlines() or [""]
    label_text = f"  {label:<7} "
    return [screen.paint(label_text, "dim") + screen.paint(first, colour)] + [
        " " * len(label_text) + screen.paint(line, colour) for line in rest
    ]


def _source(screen: Screen, course: Course, item: Exercise, check: Check) -> list[str]:
    """The failing check's own lines, with the one that gave up marked; the learner's line when it panicked there."""
    # A panic may also point into the standard library or a crate, whose source is of no help here even where this
    # machine has it (rustup's rust-src). rustc names the course's own files from its root, and those by a full path.
    panicked = Path(check.file or item.checks)
    own = panicked != Path(item.checks) and not panicked.is_absolute() and course.file(str(panicked)).is_file()
    file = check.file if own and check.file else item.checks
    at = check.line if file == check.file else None
    try:
        text = course.file(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    if own and at:
        first, last = max(1, at - 2), min(len(text), at + 2)
    else:
        first, last = _span(text, check.name)
        if not last:
            return []
    lines = [screen.paint(f"  {file}:{at or first}", "blue")]
    bar = screen.symbol("│", "|")
    for number in range(first, last + 1):
        here = number == at
        mark = screen.paint(screen.symbol("▶", ">"), "red") if here else " "
        code = fit(text[number - 1], screen.width - 9)
        body = screen.paint(code, "bold") if here else code
        lines.append(f"{mark} {screen.paint(f'{number:>4} {bar}', 'dim')} {body}")
    return [*lines, ""]


def _span(text: Sequence[str], name: str) -> tuple[int, int]:
    """First and last line of the check `name`, comments above it included."""
    start = next((n for n, line in enumerate(text) if re.match(rf"\s*(fn |def test_){re.escape(name)}\b", line)), None)
    if start is None:
        return 1, 0
    first = start
    while first > 0 and re.match(r"\s*(#|//|@)", text[first - 1]):
        first -= 1
    if text[start].lstrip().startswith("def "):
        # A Python function ends before the first line that stands as far left as its head.
        rest = range(start + 1, len(text))
        ends = next((n for n in rest if text[n].strip() and not text[n].startswith((" ", ")"))), len(text))
        return first + 1, next(n for n in range(ends, start, -1) if text[n - 1].strip())
    indent = len(text[start]) - len(text[start].lstrip())
    last = next((n for n in range(start, len(text)) if text[n].rstrip() == " " * indent + "}"), start)
    return first + 1, last + 1


def fit(text: str, width: int) -> str:
    """The text, cut with an ellipsis where it is longer than `width`."""
    return text if len(text) <= width else text[: width - 1] + "…"


def note(screen: Screen, title: str, text: str, colour: str) -> list[str]:
    """A paragraph with a coloured title: a hint, an advice, an offer."""
    return [screen.paint(title, "bold", colour), screen.wrap(text), ""]


def bar(screen: Screen, done: int, total: int, width: int = 30) -> str:
    """A progress bar with its figures."""
    filled = round(width * done / total) if total else 0
    full = screen.symbol("━", "#") * filled
    rest = screen.symbol("─", "-") * (width - filled)
    return f"{screen.paint(full, 'green')}{screen.paint(rest, 'dim')} {done}/{total}"


def error(text: str) -> None:
    """A fault of the call or of the surroundings, on standard error."""
    screen = Screen(sys.stderr)
    first, *rest = text.splitlines() or [""]
    screen.print(f"{screen.paint('workbook:', 'bold', 'red')} {first}", *rest)
