"""What a learner is told: what passed, what failed and how, the hint that fits, and what was wrong with the files.

`page` gathers it once; `markdown` and `html` write the same facts. Nothing of the teacher's own checks is in it: only
what `ExerciseMark` says to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from workbook import quiz as quizzes
from workbook.course import Chapter
from workbook.grade_pages import inline, meter, shell
from workbook.verdict import strip_ansi

if TYPE_CHECKING:
    from workbook.grade import ChapterMark, ExerciseMark, Learner, QuizMark

EXTRA_SHOWN = 20
LONGEST_VALUE = 400
LONGEST_MESSAGE = 40


@dataclass(frozen=True)
class FailedCheck:
    """A check that failed; `wanted` and `got` are None where nothing was compared."""

    name: str
    message: str
    wanted: str | None
    got: str | None


@dataclass(frozen=True)
class Failure:
    """An exercise that does not pass."""

    name: str
    title: str
    state: str
    points: float
    total: float
    message: str
    compiler: str
    checks: tuple[FailedCheck, ...]
    hint: str | None


@dataclass(frozen=True)
class Result:
    """An exercise, and how it failed if it did."""

    name: str
    title: str
    points: float
    total: float
    failure: Failure | None


@dataclass(frozen=True)
class QuizPart:
    """A quiz; `missed` are items by id, each with the heading of the lesson that it asks about."""

    score: int
    total: int
    points: float
    out_of: float
    answered: bool
    missed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A chapter."""

    name: str
    title: str
    points: float
    total: float
    late: str
    results: tuple[Result, ...]
    quiz: QuizPart | None

    @property
    def passed(self) -> list[Result]:
        return [result for result in self.results if not result.failure]

    @property
    def failures(self) -> list[Failure]:
        return [result.failure for result in self.results if result.failure]


@dataclass(frozen=True)
class Page:
    """All that one learner is told."""

    learner: str
    points: float
    total: float
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    problems: tuple[tuple[str, str], ...]
    extra: tuple[str, ...] = field(default=())


def page(chapters: Sequence[Chapter], course_quizzes: Mapping[str, quizzes.Quiz], learner: Learner) -> Page:
    """What is said to a learner. All texts are printable, and none is Markdown or HTML yet, but for the hints."""
    headings = {concept: title for chapter in chapters for concept, title in chapter.concepts.items()}
    marks = {mark.chapter: mark for mark in learner.chapters}
    parts = []
    for chapter in chapters:
        mine = [item for item in learner.exercises if item.chapter == chapter.name]
        titles = {item.name: item.title for item in chapter.exercises}
        mark = marks[chapter.name]
        quiz = next((quiz for quiz in learner.quizzes if quiz.chapter == chapter.name), None)
        parts.append(
            Part(
                chapter.name,
                chapter.title,
                mark.points,
                mark.total,
                lateness(mark),
                tuple(_result(item, titles[item.name]) for item in mine),
                _quiz(quiz, course_quizzes[chapter.name], headings) if quiz else None,
            )
        )
    return Page(
        plain(learner.learner),
        learner.points,
        learner.total,
        tuple(_notes(learner)),
        tuple(parts),
        tuple((flat(entry.path), flat(entry.problem)) for entry in learner.problems),
        tuple(flat(path) for path in learner.extra),
    )


def lateness(mark: ChapterMark) -> str:
    """A sentence about a chapter that came late; empty for one that did not."""
    if not mark.late_days:
        return ""
    days = f"{mark.late_days} day{'s' * (mark.late_days != 1)}"
    lost = f"{100 * (1 - mark.keeps):.4g}% of its points are lost" if mark.keeps else "it is worth nothing any more"
    return f"Late by up to {days}: {lost}."


def _notes(learner: Learner) -> Iterator[str]:
    if len(learner.attempts) > 1:
        number = next(n for n, each in enumerate(learner.attempts, start=1) if each.counts)
        handed = learner.attempts[number - 1].handed_in
        at = datetime.fromisoformat(handed) if handed else None
        when = f", of {at.day} {at:%B %Y, %H:%M}" if at else ""
        all_ = ", ".join(f"{each.points:g}" for each in learner.attempts)
        yield f"Attempt {number} of {len(learner.attempts)} counts{when}. The attempts have {all_} points."
    if learner.unmet:
        what = [name for name in learner.unmet if name != "total"]
        if what:
            yield f"Required, and not reached yet: {', '.join(what)}."
        if "total" in learner.unmet:
            yield "The points of all chapters together are fewer than required."


def _quiz(mark: QuizMark, quiz: quizzes.Quiz, headings: Mapping[str, str]) -> QuizPart:
    missed = [str(item["id"]) for item in mark.items if not item["correct"]]
    about = tuple((id, headings.get(quiz.question(id).concept, "")) for id in missed)
    return QuizPart(mark.score, mark.total, mark.points, mark.out_of, mark.answered, about)


def _result(item: ExerciseMark, title: str) -> Result:
    return Result(item.name, title, item.points, item.total, None if item.passed else _failure(item, title))


def _failure(item: ExerciseMark, title: str) -> Failure:
    unchanged = item.state == "unchanged"
    message = "This file is as it was at the start." if unchanged else plain(item.message)
    outcome = None if unchanged else item.verdict
    first = next((each for each in outcome.diagnostics if each.level == "error"), None) if outcome else None
    checks = [
        FailedCheck(
            check.name,
            short(check.message),
            short(check.wanted) if check.wanted is not None and check.got is not None else None,
            short(check.got) if check.wanted is not None and check.got is not None else None,
        )
        for check in (outcome.checks if outcome else [])
        if check.state == "failed"
    ]
    compiler = "\n".join(plain(first.rendered).strip("\n").splitlines()[:LONGEST_MESSAGE]) if first else ""
    return Failure(item.name, title, item.state, item.points, item.total, message, compiler, tuple(checks), item.hint)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def markdown(page: Page) -> str:
    return "\n".join(_markdown(page)) + "\n"


def _markdown(page: Page) -> Iterator[str]:
    yield f"# {page.learner}: {page.points:g} of {page.total:g} points"
    for note in page.notes:
        yield from ("", note)
    for part in page.parts:
        yield from ("", f"## {part.name}: {part.title}", "")
        if part.late:
            yield part.late
        yield f"Exercises: {len(part.passed)} of {len(part.results)} pass."
        if part.quiz:
            yield f"Quiz: {part.quiz.score} of {part.quiz.total}." if part.quiz.answered else NO_ANSWERS
            if part.quiz.answered and part.quiz.missed:
                yield f"Look again at: {', '.join(f'`{id}`' for id, _ in part.quiz.missed)}."
        if part.passed:
            yield from ("", f"Passed: {', '.join(f'`{each.name}`' for each in part.passed)}.")
        for failure in part.failures:
            yield from ("", *failure_lines(failure, "###"))
    if page.problems or page.extra:
        yield from ("", "## The files", "")
        yield from (f"- {code(path)} {problem}." for path, problem in page.problems)
    if page.extra:
        yield f"- {NOT_GRADED}: {', '.join(code(path) for path in page.extra[:EXTRA_SHOWN])}{_more(page)}."


NO_ANSWERS = "Quiz: no answers were handed in."
NOT_GRADED = "Not graded, because only `exercises/` and `answers/` are, or because the course's own copy counts"


def failure_lines(failure: Failure, heading: str) -> Iterator[str]:
    """A failed exercise in Markdown."""
    part = f" ({failure.points:g} of {failure.total:g} points)" if failure.points else ""
    yield from (f"{heading} `{failure.name}`: {failure.title}{part}", "", failure.message)
    if failure.compiler:
        yield from ("", *set_in(failure.compiler))
    for check in failure.checks:
        about = f": {code(check.message)}" if check.message else ""
        values = f", wanted {code(check.wanted or '')}, got {code(check.got or '')}" if check.wanted is not None else ""
        yield from ("", f"- Check `{check.name}`{about}{values}")
    if failure.hint:
        yield from ("", f"Hint: {failure.hint}")


def _more(page: Page) -> str:
    return f" and {len(page.extra) - EXTRA_SHOWN} more" if len(page.extra) > EXTRA_SHOWN else ""


def set_in(text: str) -> list[str]:
    """A code block by indentation, which nothing that the text holds can close."""
    return [f"    {line}".rstrip() for line in plain(text).strip("\n").splitlines()[:LONGEST_MESSAGE]]


def code(text: str) -> str:
    """Inline code, on one line and not too long."""
    return f"`{short(text).replace('`', chr(39))}`"


def short(text: str) -> str:
    line = flat(text)
    return line if len(line) <= LONGEST_VALUE else f"{line[:LONGEST_VALUE]} …"


def flat(text: str) -> str:
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    return "".join(char for char in strip_ansi(text) if char in "\n\t" or char.isprintable())


# --- HTML -------------------------------------------------------------------------------------------------------------

STATES = {"failed": "not yet", "unchanged": "not begun", "missing": "missing", "refused": "not read"}


def html(page: Page) -> str:
    """A page that holds all it needs: no script, no other file."""
    return shell(f"{page.learner}: {page.points:g} of {page.total:g} points", "\n".join(_html(page)))


def _html(page: Page) -> Iterator[str]:
    yield f'<header><h1>{escape(page.learner)}</h1><p class="mark">{_points(page.points, page.total)} points</p>'
    yield f"{meter(page.points, page.total, 'All points')}</header><main>"
    for note in page.notes:
        yield f'<p class="note">{escape(note)}</p>'
    if len(page.parts) > 1:
        yield '<nav aria-label="Chapters"><ul class="chapters">'
        for part in page.parts:
            link = f'<a href="#{escape(part.name)}">{escape(part.title)}</a>'
            said = f"{part.title}: {part.points:g} of {part.total:g} points"
            points = f'<span class="points">{_points(part.points, part.total)}</span>'
            yield f"<li>{link}{meter(part.points, part.total, said)}{points}</li>"
        yield "</ul></nav>"
    for part in page.parts:
        yield from _part(part)
    if page.problems or page.extra:
        yield '<section aria-labelledby="files"><h2 id="files">The files</h2><ul>'
        yield from (f"<li><code>{escape(path)}</code> {escape(problem)}.</li>" for path, problem in page.problems)
        if page.extra:
            shown = ", ".join(f"<code>{escape(path)}</code>" for path in page.extra[:EXTRA_SHOWN])
            yield f"<li>{inline(NOT_GRADED)}: {shown}{_more(page)}.</li>"
        yield "</ul></section>"
    yield "</main>"


def _points(points: float, total: float) -> str:
    return f"<b>{points:g}</b> of {total:g}"


def _part(part: Part) -> Iterator[str]:
    points = f'<span class="points">{_points(part.points, part.total)}</span>'
    yield f'<section aria-labelledby="{escape(part.name)}">'
    yield f'<h2 id="{escape(part.name)}">{escape(part.title)} {points}</h2>'
    if part.late:
        yield f'<p class="note">{escape(part.late)}</p>'
    yield f"<p>Exercises: {len(part.passed)} of {len(part.results)} pass.</p>"
    if part.passed:
        yield '<ul class="passed">'
        yield from (f"<li><code>{escape(each.name)}</code> {escape(each.title)}</li>" for each in part.passed)
        yield "</ul>"
    for failure in part.failures:
        yield from _failed(failure)
    if part.quiz and not part.quiz.answered:
        yield f"<p>{NO_ANSWERS}</p>"
    elif part.quiz:
        yield f"<p>Quiz: {part.quiz.score} of {part.quiz.total}{'. Look again at:' if part.quiz.missed else '.'}</p>"
        if part.quiz.missed:
            yield "<ul>"
            for id, about in part.quiz.missed:
                yield f"<li><code>{escape(id)}</code>{f' ({inline(about)})' if about else ''}</li>"
            yield "</ul>"
    yield "</section>"


def _failed(failure: Failure) -> Iterator[str]:
    points = f' <span class="points">{_points(failure.points, failure.total)}</span>' if failure.points else ""
    yield f'<article class="{failure.state}"><h3><span class="state">{STATES[failure.state]}</span> '
    yield f"<code>{escape(failure.name)}</code> {escape(failure.title)}{points}</h3>"
    yield "".join(f"<p>{inline(line)}</p>" for line in failure.message.split("\n\n"))
    if failure.compiler:
        # It may be wider than the screen; then it scrolls, with the keyboard as well.
        yield f'<pre tabindex="0" role="region" aria-label="The compiler about {escape(failure.name)}">'
        yield f"<code>{escape(failure.compiler)}</code></pre>"
    if failure.checks:
        yield '<ul class="checks">'
        for check in failure.checks:
            about = f": {escape(check.message)}" if check.message else ""
            yield f"<li>Check <code>{escape(check.name)}</code>{about}"
            if check.wanted is not None:
                yield f"<dl><dt>wanted</dt><dd><code>{escape(check.wanted)}</code></dd>"
                yield f"<dt>got</dt><dd><code>{escape(check.got or '')}</code></dd></dl>"
            yield "</li>"
        yield "</ul>"
    if failure.hint:
        yield f'<p class="hint"><b>Hint.</b> {inline(failure.hint)}</p>'
    yield "</article>"
