"""The README's picture of the runner at work, from a real session: `python docs/picture.py` writes docs/runner.svg.

A learner opens the course in a terminal, reads the error, asks for a hint, tries what is tempting, mends it and goes
on. The runner, cargo and the answers are the real ones, in a temporary copy of the course; the script only types.
Where the session does not go as planned, nothing is written and the script fails.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "benchmarks")]

from runner import PYTHON, copy_course, environment  # noqa: E402

from workbook import course as courses  # noqa: E402
from workbook import exercise  # noqa: E402
from workbook.course import Course, Exercise  # noqa: E402

COLUMNS, ROWS = 100, 38
PATIENCE = 180.0
"""Seconds to wait for a screen; the first one builds."""

SECONDS_A_FRAME = 4.5

# A dark terminal stands on a light page as well as on a dark one, so there is one picture for both.
CELL, LINE, MARGIN, BAR = 8.4, 18, 16, 34
BACKGROUND, FOREGROUND = "#0d1117", "#d6dde6"
COLOURS = {
    "black": "#484f58",
    "red": "#ff7b72",
    "green": "#56d364",
    "brown": "#e3b341",
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#56d4dd",
    "white": "#d6dde6",
    "brightblack": "#8b949e",
    "brightred": "#ffa198",
    "brightgreen": "#7ee787",
    "brightbrown": "#f2cc60",
    "brightblue": "#a5d6ff",
    "brightmagenta": "#e2c5ff",
    "brightcyan": "#b3f0ff",
    "brightwhite": "#ffffff",
}


class OffScript(Exception):
    """The session did not go as planned; the message shows the screen."""


class Screen(pyte.Screen):
    """pyte's terminal, which does not know dim text: it becomes grey."""

    def select_graphic_rendition(self, *attributes: int, **options: Any) -> None:
        super().select_graphic_rendition(*(90 if number == 2 else number for number in attributes), **options)


@dataclass(frozen=True)
class Cell:
    """What is drawn alike: one colour, weight and background."""

    colour: str
    background: str | None
    bold: bool


@dataclass(frozen=True)
class Frame:
    """One moment: what happened, and the screen then, as rows of (style, column, text)."""

    caption: str
    rows: tuple[tuple[tuple[Cell, int, str], ...], ...]


class Session:
    """The runner in a terminal, and its screen."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.screen = Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.child: Any = pexpect.spawn(
            command[0], list(command[1:]), cwd=str(folder), env=environment(), dimensions=(ROWS, COLUMNS)
        )

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, *wanted: str) -> None:
        """Reads until every text stands on the screen and nothing has moved for a moment."""
        deadline = time.monotonic() + PATIENCE
        while self._read(0.6) or not all(text in self.text for text in wanted):
            if time.monotonic() > deadline or not self.child.isalive():
                raise OffScript(f"{wanted} never stood on the screen. The last one was:\n{self.text}")

    def _read(self, seconds: float) -> bool:
        try:
            self.stream.feed(self.child.read_nonblocking(1 << 16, timeout=seconds))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        return True

    def press(self, key: str) -> None:
        self.child.send(key)

    def frame(self, caption: str) -> Frame:
        return Frame(caption, tuple(tuple(self._row(number)) for number in range(ROWS)))

    def _row(self, number: int) -> Iterator[tuple[Cell, int, str]]:
        line = self.screen.buffer[number]
        cells = [(column, line[column]) for column in range(COLUMNS)]
        for style, run in groupby(cells, key=lambda cell: _style(cell[1])):
            part = list(run)
            text = "".join(char.data for _, char in part)
            if style.background or text.strip():
                yield style, part[0][0], text


def _style(char: Any) -> Cell:
    colour = COLOURS.get(char.fg, FOREGROUND if char.fg == "default" else f"#{char.fg}")
    background = None if char.bg == "default" else COLOURS.get(char.bg, f"#{char.bg}")
    if char.reverse:
        colour, background = background or BACKGROUND, colour
    return Cell(colour, background, char.bold)


# --- the session ------------------------------------------------------------------------------------------------------


def play(root: Path) -> list[Frame]:
    """A learner's first minutes, from the first exercise's failure to the second exercise."""
    course = courses.load(root)
    first, second = (course.exercise(name) for name in listed(root)[:2])
    for item in (first, second):
        write(course, item, master(course, item).starter())
    # The dependencies of the checks are built before: the picture shows the pace of every save but the first.
    for item in (first, second):
        subprocess.run([PYTHON, str(root / "workbook"), "run", item.name], env=environment(), capture_output=True)
    session = Session([PYTHON, str(root / "workbook")], root)
    try:
        frames = list(_moments(session, course, first, second))
    finally:
        session.child.close(force=True)
    for frame in frames:
        text = "".join(part for row in frame.rows for _, _, part in row)
        if str(root) in text or str(Path.home()) + "/" in text:
            raise OffScript(f"A path of this machine is in the picture: {frame.caption}")
    return frames


def _moments(session: Session, course: Course, first: Exercise, second: Exercise) -> Iterator[Frame]:
    session.wait_for("✗", first.fails[0], "quit")
    yield session.frame(f"python3 workbook opens {first.path} and says why it fails")
    session.press("h")
    session.wait_for("✗", "Hint 1 of 3", "quit")
    yield session.frame("h gives a hint; there are three, each clearer than the one before")
    if tempting := wrong_answer(course, first):
        write(course, first, tempting)
        session.wait_for("✗ compiles, but", "quit")
        yield session.frame("You edit and save. What is tempting compiles, and the checks see through it")
    write(course, first, master(course, first).solution())
    session.wait_for("✓ passes", "quit")
    yield session.frame("You save again: it passes")
    session.press("n")
    session.wait_for(f"{second.name}.rs", second.fails[0], "quit")
    yield session.frame("n goes on to the next")
    session.press("q")


def listed(root: Path) -> list[str]:
    """The exercises in their order, as the runner itself tells them; this also sets the copy up."""
    command = [PYTHON, str(root / "workbook"), "list", "--json"]
    said = subprocess.run(command, cwd=root, env=environment(), capture_output=True, encoding="utf-8")
    if said.returncode != 0:
        raise OffScript(f"'list --json' failed:\n{said.stderr}")
    return [f"{item['chapter']}/{item['name']}" for item in json.loads(said.stdout)]


def master(course: Course, item: Exercise) -> exercise.Master:
    return exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))


def wrong_answer(course: Course, item: Exercise) -> str | None:
    """A tempting answer that compiles and fails a check, if the exercise has one."""
    for answer in tomllib.loads(course.file(item.wrong).read_text(encoding="utf-8"))["wrong"]:
        if re.fullmatch(r"[a-z]\w*", answer["rejected_by"]):
            return master(course, item).filled(answer["blocks"])
    return None


def write(course: Course, item: Exercise, text: str) -> None:
    course.file(item.path).write_text(text, encoding="utf-8", newline="\n")


# --- the drawing ------------------------------------------------------------------------------------------------------


def draw(frames: Sequence[Frame]) -> str:
    """One SVG that shows the frames in turn, by CSS alone and without a font of its own."""
    styles = sorted({style for frame in frames for row in frame.rows for style, _, _ in row}, key=str)
    names = {style: f"s{number}" for number, style in enumerate(styles)}
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = BAR + ROWS * LINE + 2 * MARGIN + BAR
    said = "; ".join(frame.caption for frame in frames)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="title about">',
        '<title id="title">The workbook in a terminal</title>',
        f'<desc id="about">{html.escape(said)}.</desc>',
        f"<style>{_css(frames, names)}</style>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="10" fill="{BACKGROUND}" stroke="#30363d"/>',
        *(
            f'<circle cx="{20 + 18 * number}" cy="17" r="5.5" fill="{colour}"/>'
            for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
        f'<text class="bar" x="{width / 2}" y="22" text-anchor="middle">python3 workbook</text>',
    ]
    for number, frame in enumerate(frames):
        lines.append(f'<g class="frame f{number}">')
        for row, parts in enumerate(frame.rows):
            lines += _row(row, parts, names)
        y = height - 13
        step = f"{number + 1}/{len(frames)}"
        lines.append(f'<text class="bar" x="{MARGIN}" y="{y}">{step}</text>')
        lines.append(f'<text class="caption" x="{MARGIN + 40}" y="{y}">{html.escape(frame.caption)}</text>')
        lines.append("</g>")
    return "\n".join([*lines, "</svg>"]) + "\n"


def _row(number: int, parts: Sequence[tuple[Cell, int, str]], names: dict[Cell, str]) -> Iterator[str]:
    top = BAR + MARGIN + number * LINE
    for style, column, text in parts:
        if style.background:
            x, width = MARGIN + column * CELL, len(text) * CELL
            yield f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{LINE}" fill="{style.background}"/>'
        shown = text.rstrip()
        start = len(shown) - len(shown.lstrip())
        shown = shown.lstrip()
        if not shown:
            continue
        # The length keeps the columns straight in whatever font the reader has.
        x, length = MARGIN + (column + start) * CELL, len(shown) * CELL
        yield (
            f'<text class="{names[style]}" x="{x:.1f}" y="{top + 13}" textLength="{length:.1f}" '
            f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{html.escape(shown, quote=False)}</text>'
        )


def _css(frames: Sequence[Frame], names: dict[Cell, str]) -> str:
    total = len(frames) * SECONDS_A_FRAME
    share = 100 / len(frames)
    rules = [
        "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace}",
        ".bar{fill:#8b949e}.caption{fill:#f0f6fc;font-family:system-ui,-apple-system,'Segoe UI',sans-serif}",
    ]
    for style, name in names.items():
        weight = ";font-weight:bold" if style.bold else ""
        rules.append(f".{name}{{fill:{style.colour}{weight}}}")
    # Without motion, by wish or for want of CSS animation, the first frame stands.
    rules.append(".frame{visibility:hidden}.f0{visibility:visible}")
    rules.append("@media (prefers-reduced-motion:no-preference){")
    rules.append(
        f"@keyframes show{{0%,{share:.3f}%{{visibility:visible}}{share + 0.001:.3f}%,100%{{visibility:hidden}}}}"
    )
    for number in range(len(frames)):
        rules.append(f".f{number}{{animation:show {total:g}s step-end {number * SECONDS_A_FRAME:g}s infinite}}")
    rules.append("}")
    return "".join(rules)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Makes the README's picture from a real session.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "runner.svg", metavar="FILE")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rust-for-ai-") as name:
        try:
            picture = draw(play(copy_course(Path(name).resolve() / "rust-for-ai")))
        except OffScript as problem:
            print(f"No picture: {problem}", file=sys.stderr)
            return 1
    options.out.write_text(picture, encoding="utf-8")
    print(f"{options.out}: {len(picture) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
