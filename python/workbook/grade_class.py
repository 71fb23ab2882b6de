"""The report about a class, `class.html`: pictures and the figures behind them.

Every picture is SVG inside the page, and what it shows stands in a table below it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbook import grade_statistics as figures
from workbook.course import Chapter
from workbook.grade_pages import shell
from workbook.grade_statistics import Cause, ExerciseFigures, ItemFigures

if TYPE_CHECKING:
    from workbook.grade import Learner

WIDTH, ROW = 720, 22
LABEL = 200
MOST_CAUSES = 15
BINS = 10

LOW = 0.2
"""A discrimination below this deserves a look at the item."""


def html(
    graded: Sequence[Learner],
    chapters: Sequence[Chapter],
    pages: Mapping[str, str],
    *,
    absent: Sequence[str] = (),
    waiting: Sequence[str] = (),
) -> str:
    """The page. `pages` has each learner's own page, relative to this one's folder."""
    return shell("The class", "\n".join(_html(graded, chapters, pages, absent, waiting)))


def _html(
    graded: Sequence[Learner],
    chapters: Sequence[Chapter],
    pages: Mapping[str, str],
    absent: Sequence[str],
    waiting: Sequence[str],
) -> Iterator[str]:
    titles = {(item.chapter, item.name): item.title for chapter in chapters for item in chapter.exercises}
    yield "<header><h1>The class</h1></header><main>"
    if waiting:
        yield f'<p class="note">Grading was stopped. Not graded yet: {escape(", ".join(waiting))}.</p>'
    if absent:
        yield f'<p class="note">In the class list, and nothing handed in: {escape(", ".join(absent))}.</p>'
    shares = [learner.points / learner.total for learner in graded if learner.total]
    yield '<ul class="facts">'
    yield f"<li><b>{len(graded)}</b> learner{'s' * (len(graded) != 1)}</li>"
    if shares:
        yield f"<li><b>{statistics.median(shares):.0%}</b> median mark</li>"
        yield f"<li><b>{statistics.mean(shares):.0%}</b> mean mark</li>"
    required = [learner for learner in graded if learner.unmet is not None]
    if required:
        yield f"<li><b>{sum(not learner.unmet for learner in required)}</b> reached what is required</li>"
    yield "</ul>"
    yield from _section("marks", "Marks", _marks(shares))
    exercises = figures.exercises(graded, titles)
    yield from _section("exercises", "Exercises", _exercises(exercises))
    items = figures.items(graded)
    if items:
        yield from _section("quizzes", "Quiz items", _items(items))
    yield from _section("errors", "Common errors", _causes(figures.causes(graded)))
    yield from _section("learners", "Learners", _learners(graded, pages))
    yield "</main>"


def _section(id: str, title: str, inside: Iterator[str]) -> Iterator[str]:
    yield f'<section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>'
    yield from inside
    yield "</section>"


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, text: int = 1) -> Iterator[str]:
    """A table of cells that are HTML; the first `text` columns are words, the rest numbers."""
    # It may be wider than the screen; then it scrolls, with the keyboard as well.
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption><thead><tr>"
    for place, name in enumerate(head):
        yield f'<th scope="col"{TEXT if place < text else ""}>{escape(name)}</th>'
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = "".join(f"<td{TEXT if place < text else ''}>{cell}</td>" for place, cell in enumerate(row[1:], start=1))
        yield f'<tr><th scope="row">{row[0]}</th>{cells}</tr>'
    yield "</tbody></table></div>"


TEXT = ' class="text"'


# --- the parts --------------------------------------------------------------------------------------------------------


def _marks(shares: Sequence[float]) -> Iterator[str]:
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    names = [f"{100 * n // BINS}–{100 * (n + 1) // BINS}%" for n in range(BINS)]
    said = "; ".join(f"{name}: {count}" for name, count in zip(names, counts, strict=True) if count)
    height, base, step = 170, 140, (WIDTH - 40) / BINS
    yield _figure("How many learners have which share of the points")
    yield f'<svg class="picture" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Learners by mark. {said}">'
    yield f'<line class="grid" x1="20" y1="{base + 0.5}" x2="{WIDTH - 20}" y2="{base + 0.5}"/>'
    for n, count in enumerate(counts):
        x, tall = 20 + n * step, 110 * count / max([*counts, 1])
        yield f'<rect class="link" x="{x + 3:.1f}" y="{base - tall:.1f}" width="{step - 6:.1f}" height="{tall:.1f}"/>'
        if count:
            yield _text(x + step / 2, base - tall - 6, str(count), anchor="middle")
        yield _text(x + step / 2, base + 18, names[n], anchor="middle", css="soft")
    yield "</svg></figure>"


def _exercises(found: Sequence[ExerciseFigures]) -> Iterator[str]:
    for chapter, mine in _by_chapter(found):
        yield f"{_figure(f'{chapter}: how many pass, and how long the checks run')}{_rates(chapter, mine)}</figure>"
    rows = [
        [
            f"<code>{escape(each.name)}</code>",
            escape(each.title),
            f"{each.passed} of {each.learners}",
            f"{each.rate:.0%}",
            str(each.tried),
            _seconds(each.median_seconds),
            _seconds(each.slowest_seconds),
        ]
        for each in found
    ]
    head = ("exercise", "title", "pass", "rate", "tried", "seconds", "most")
    yield from _table("Pass rate and time by exercise", head, rows, text=2)
    yield (
        "<p>Tried: handed in, and not as it was at the start. Seconds, the median and the most: what all checks "
        "together ran on the machine that graded. A program that does not compile has none.</p>"
    )


def _rates(chapter: str, found: Sequence[ExerciseFigures]) -> str:
    """Bars of the pass rate, and the median time beside each."""
    said = "; ".join(f"{each.name}: {each.rate:.0%}, {_seconds(each.median_seconds)} s" for each in found)
    right = WIDTH - 170
    parts = [f'<svg class="picture" viewBox="0 0 {WIDTH} {ROW * len(found) + 24}" role="img" ']
    parts.append(f'aria-label="Pass rate and time in {escape(chapter)}. {escape(said)}">')
    parts.append(_text(right + 60, 12, "passes", anchor="end", css="soft"))
    parts.append(_text(WIDTH, 12, "median s", anchor="end", css="soft"))
    slowest = max((each.median_seconds or 0 for each in found), default=0) or 1
    for n, each in enumerate(found):
        y = 24 + n * ROW
        parts.append(_text(LABEL - 10, y + 14, each.name, anchor="end"))
        parts.append(_bar(LABEL, y, right - LABEL, each.rate, "good"))
        parts.append(_text(right + 60, y + 14, f"{each.rate:.0%}", anchor="end"))
        if each.median_seconds is not None:
            parts.append(_bar(right + 70, y + 4, 40, each.median_seconds / slowest, "link", height=ROW - 14))
        parts.append(_text(WIDTH, y + 14, _seconds(each.median_seconds), anchor="end"))
    return "".join([*parts, "</svg>"])


def _items(found: Sequence[ItemFigures]) -> Iterator[str]:
    for chapter, mine in _by_chapter(found):
        if not any(each.taken for each in mine):
            continue
        yield f"{_figure(f'{chapter}: how many are right')}{_difficulties(chapter, mine)}</figure>"
    known = [each for each in found if each.discrimination is not None and each.difficulty is not None]
    if known:
        yield _figure("How many are right, and how well the item tells those who know the rest from those who do not")
        yield f"{_scatter(known)}</figure>"
    rows = [
        [
            f"<code>{escape(each.id)}</code>",
            str(each.taken),
            str(each.right),
            "–" if each.difficulty is None else f"{each.difficulty:.0%}",
            "–" if each.discrimination is None else f"{each.discrimination:+.2f}",
        ]
        for each in found
    ]
    head = ("item", "took it", "right", "difficulty", "discrimination")
    yield from _table("Difficulty and discrimination by quiz item", head, rows)
    yield (
        "<p>Difficulty: the share of those who handed the quiz in that are right; a small one is a hard item. "
        "Discrimination: the corrected point-biserial correlation, between the item and the score on the rest of its "
        f"quiz. There is none for fewer than {figures.FEWEST} learners, nor where all answered alike. Below {LOW}, and "
        "below 0 above all, look at the item: who knows the rest misses it as often as who does not.</p>"
    )


def _difficulties(chapter: str, found: Sequence[ItemFigures]) -> str:
    said = "; ".join(f"{each.id}: {each.difficulty:.0%}" for each in found if each.difficulty is not None)
    parts = [f'<svg class="picture" viewBox="0 0 {WIDTH} {ROW * len(found)}" role="img" ']
    parts.append(f'aria-label="Right answers in {escape(chapter)}. {escape(said)}">')
    wide = LABEL + 120
    for n, each in enumerate(found):
        y = n * ROW
        parts.append(_text(wide - 10, y + 14, _cut(each.id, 44), anchor="end"))
        parts.append(_bar(wide, y, WIDTH - 60 - wide, each.difficulty or 0, "link"))
        if each.difficulty is not None:
            parts.append(_text(WIDTH, y + 14, f"{each.difficulty:.0%}", anchor="end"))
    return "".join([*parts, "</svg>"])


def _scatter(found: Sequence[ItemFigures]) -> str:
    """Difficulty to the right, discrimination upwards."""
    left, right, top, base = 50, WIDTH - 20, 10, 250

    def x(share: float) -> float:
        return left + (right - left) * share

    def y(value: float) -> float:
        return top + (base - top) * (1 - value) / 2

    poor = sum((each.discrimination or 0) < LOW for each in found)
    said = f"{len(found)} items; {poor} discriminate less than {LOW}"
    parts = [f'<svg class="picture" viewBox="0 0 {WIDTH} {base + 45}" role="img" aria-label="{said}">']
    for value in (-1, -0.5, 0, 0.5, 1):
        parts.append(f'<line class="grid" x1="{left}" y1="{y(value):.1f}" x2="{right}" y2="{y(value):.1f}"/>')
        parts.append(_text(left - 8, y(value) + 4, f"{value:g}", anchor="end", css="soft"))
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(_text(x(share), base + 18, f"{share:.0%}", anchor="middle", css="soft"))
    parts.append(_text((left + right) / 2, base + 38, "right answers", anchor="middle", css="soft"))
    for each in found:
        css = "bad" if (each.discrimination or 0) < LOW else "good"
        place = f'cx="{x(each.difficulty or 0):.1f}" cy="{y(each.discrimination or 0):.1f}"'
        parts.append(f'<circle class="{css}" {place} r="5"><title>{escape(each.id)}</title></circle>')
    return "".join([*parts, "</svg>"])


def _causes(found: Sequence[Cause]) -> Iterator[str]:
    if not found:
        yield "<p>No exercise that was worked on fails.</p>"
        return
    shown = found[:MOST_CAUSES]
    most = shown[0].learners
    said = "; ".join(f"{each.cause}: {each.learners}" for each in shown)
    yield _figure("How many learners an error, a check or a lint stopped")
    yield f'<svg class="picture" viewBox="0 0 {WIDTH} {ROW * len(shown)}" role="img" '
    yield f'aria-label="Learners by what failed. {escape(said)}">'
    wide = LABEL + 120
    for n, each in enumerate(shown):
        y = n * ROW
        yield _text(wide - 10, y + 14, _cut(each.cause, 44), anchor="end")
        yield _bar(wide, y, WIDTH - 60 - wide, each.learners / most, "bad")
        yield _text(WIDTH, y + 14, str(each.learners), anchor="end")
    yield "</svg></figure>"
    rows = [
        [
            f"<code>{escape(each.cause)}</code>",
            ", ".join(f"<code>{escape(name)}</code> {count}" for name, count in each.exercises[:4]),
            str(each.learners),
        ]
        for each in found
    ]
    yield from _table("What exercises fail by", ("cause", "where", "learners"), rows, text=2)


def _learners(graded: Sequence[Learner], pages: Mapping[str, str]) -> Iterator[str]:
    rows = []
    for learner in graded:
        late = [mark.chapter for mark in learner.chapters if mark.late_days]
        notes = [
            f"attempt {next(n for n, each in enumerate(learner.attempts, 1) if each.counts)} of {len(learner.attempts)}"
            if len(learner.attempts) > 1
            else "",
            f"late: {', '.join(late)}" if late else "",
            f"required, not reached: {', '.join(learner.unmet)}" if learner.unmet else "",
            f"{len(learner.problems)} remark{'s' * (len(learner.problems) != 1)} about the files"
            if learner.problems
            else "",
        ]
        share = f"{learner.points / learner.total:.0%}" if learner.total else "–"
        rows.append(
            [
                f'<a href="{escape(quote(pages[learner.learner]))}">{escape(learner.learner)}</a>',
                escape("; ".join(filter(None, notes))),
                f"{learner.points:g} of {learner.total:g}",
                share,
            ]
        )
    yield from _table("Marks by learner", ("learner", "notes", "points", "share"), rows, text=2)


# --- drawing ----------------------------------------------------------------------------------------------------------


def _figure(caption: str) -> str:
    """The start of a picture. It is wider than a telephone, and scrolls there, with the keyboard as well."""
    return f'<figure tabindex="0" aria-label="{escape(caption)}"><figcaption>{escape(caption)}</figcaption>'


def _by_chapter(found: Sequence[ExerciseFigures] | Sequence[ItemFigures]) -> Iterator[tuple[str, list]]:
    for chapter in dict.fromkeys(each.chapter for each in found):
        yield chapter, [each for each in found if each.chapter == chapter]


def _text(x: float, y: float, text: str, *, anchor: str = "start", css: str = "") -> str:
    kind = f' class="{css}"' if css else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _bar(x: float, y: float, width: float, share: float, css: str, *, height: float = ROW - 6) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" height="{height}"'
    filled = f'<rect class="{css}" {place} width="{width * share:.1f}"/>' if share else ""
    return f'<rect class="track" {place} width="{width:.1f}"/>{filled}'


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"
