"""The interview track: questions by level, short ones that are marked and open ones that you mark yourself.

`quizzes/interview.toml` holds them. A short question is a quiz item with a level; an open one has a rubric, a model
answer and the code of this course that proves it. `author sync` writes the page from it, `author check` proves it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from pydantic import Field

from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError, UnknownName
from workbook.quiz import AnswerError, Choice, Id, Quiz, Short, Tracing
from workbook.schema import Name, Strict, Text, read

NAME = "interview"
LEVELS = ("mid", "senior", "principal")
ABOUT = {
    "mid": "You write Rust with a review.",
    "senior": "You review it, and say what it costs.",
    "principal": "You decide where it belongs.",
}

Level = Literal["mid", "senior", "principal"]
# `chapters/06_concurrency/src/slot.rs#Slot`: a file, and what in it to look at.
Link = Annotated[str, Field(pattern=r"^[\w./-]+(#[\w ]+)?$")]


class GradedChoice(Choice):
    level: Level


class GradedTracing(Tracing):
    level: Level


class GradedShort(Short):
    level: Level


Graded = Annotated[Union[GradedChoice, GradedTracing, GradedShort], Field(discriminator="type")]  # noqa: UP007


class Open(Strict):
    """A question to be answered aloud. `mark` takes what the reader ticked of the rubric."""

    id: Id
    level: Level
    concept: Name = Field(description="The concept of the course that the question is about.")
    prompt: Text
    rubric: list[Text] = Field(min_length=3, max_length=6, description="What a good answer says, a point each.")
    answer: Text = Field(description="The model answer.")
    code: list[Link] = Field(min_length=1, description="Files of the course that prove it, `path#item`.")
    multipart: None = None

    @property
    def kind(self) -> str:
        return "open"

    @property
    def enough(self) -> int:
        """So many points make the answer a good one: all but one."""
        return len(self.rubric) - 1

    @property
    def context(self) -> str:
        shown = "\n".join(f"- {link.replace('#', ': ')}" for link in self.code)
        return f"{self.answer}\n\nThe code that proves it:\n\n{shown}\n"

    def mark(self, said: Any) -> bool:
        if not isinstance(said, list) or len(said) != len(self.rubric):
            raise AnswerError("say of each point of the rubric whether the answer had it")
        return sum(map(bool, said)) >= self.enough


class InterviewFile(Strict):
    """A whole `quizzes/interview.toml`."""

    questions: list[Graded]
    open: list[Open]


@dataclass(frozen=True)
class Interview:
    """All questions: `graded` is a quiz as a chapter has one."""

    graded: Quiz
    open: tuple[Open, ...]

    def at(self, level: str) -> list[Choice | Tracing | Short | Open]:
        """A level's questions: the short ones first, to warm up."""
        return [item for item in (*self.graded.questions, *self.open) if item.level == level]  # type: ignore[union-attr]


def written(course: Course) -> bool:
    return quizzes.path(course, NAME).exists()


def load(course: Course) -> Interview:
    """Raises `CourseError` with file, line and field where the file is broken."""
    file = quizzes.path(course, NAME)
    model = read(file, InterviewFile)
    graded = Quiz(NAME, file.read_text(encoding="utf-8"), tuple(model.questions), {})
    ids = [*graded.ids, *(item.id for item in model.open)]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise CourseError(f"quizzes/{NAME}.toml: the id '{twice[0]}' is used twice")
    return Interview(graded, tuple(model.open))


# --- the command ----------------------------------------------------------------------------------------------------


def main(course: Course, level: str | None, *, answers: bool, as_json: bool, plain: bool) -> int:
    """The `interview` command: asks in a terminal, else prints the questions, with `answers` their answers too."""
    import sys

    from workbook import quiz_session

    if level is not None and level not in LEVELS:
        raise UnknownName(f"There is no level '{level}'. There are: {', '.join(LEVELS)}.")
    interview = load(course)
    levels = [level] if level else list(LEVELS)
    if as_json:
        data = [_as_json(item) for name in levels for item in interview.at(name)]
        print(json.dumps({"questions": data}, indent=2, ensure_ascii=False))
        return 0
    if answers or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _print(interview, levels, answers=answers)
        return 0
    from workbook.progress import Progress

    progress = Progress.load(course.root)
    for name in levels:
        last = progress.quiz(f"{NAME}-{name}")
        if level or not last or last["missed"] or name == LEVELS[-1]:
            quiz = Quiz(f"{NAME}-{name}", "", tuple(interview.at(name)), {})  # type: ignore[arg-type]
            return quiz_session.run(course, quiz, title=f"Interview, {name}: {ABOUT[name]}", plain=plain)
    raise AssertionError("the last level is asked in any case")


def _as_json(item: Choice | Tracing | Short | Open) -> dict[str, Any]:
    data: dict[str, Any] = item.model_dump(by_alias=True, exclude_none=True, exclude={"proof", "order", "crates"})
    return data | {"kind": item.kind}


def _print(interview: Interview, levels: Sequence[str], *, answers: bool) -> None:
    from workbook.quiz_session import Screen

    screen = Screen(plain=True)
    for name in levels:
        screen.title(f"{name.capitalize()}. {ABOUT[name]}")
        for number, item in enumerate(interview.at(name), start=1):
            screen.print(f"\n{number}. [{item.id}]")
            screen.question(interview.graded, item)
            if not answers:
                continue
            if isinstance(item, Open):
                screen.print("  A good answer says:")
                for point in item.rubric:
                    screen.markdown(f"- {point}", indent=2)
            else:
                screen.print("  The answer:")
                screen.solution(item)
            screen.print("")
            screen.markdown(item.context, indent=2)
    if not answers:
        screen.print(
            "\nIn a terminal, 'python3 workbook interview LEVEL' asks them and keeps what you know; "
            "'--answers' prints the answers, too."
        )


# --- the page -------------------------------------------------------------------------------------------------------

HEAD = """\
# Interview questions

<!-- Written from quizzes/interview.toml by 'python3 workbook author sync'; change that file instead. -->

What is asked of people who build AI systems in Rust, by level. Answer aloud, in two minutes, and then open the answer:
it has the points that an interviewer listens for, and links to the code of this course that proves it. In a terminal,
`python3 workbook interview` asks the same, marks the short ones, lets you mark the open ones, and asks again what you
missed.
"""

TAIL = """\
## Short questions, of all levels

They have one answer, and are marked.

{{#quiz ../quizzes/interview.toml}}
"""


def page(course: Course) -> str:
    """`chapters/interview.md`, as the file says it."""
    interview = load(course)
    parts = [HEAD]
    for level in LEVELS:
        parts.append(f"## {level.capitalize()}\n\n{ABOUT[level]}\n")
        for item in (item for item in interview.open if item.level == level):
            lesson = _lesson(course, item.concept)
            rubric = "\n".join(f"- {point}" for point in item.rubric)
            links = ", ".join(_link(link) for link in item.code)
            parts.append(
                f"### {_title(item.prompt)}\n\n<details>\n<summary>What a good answer says</summary>\n\n{rubric}\n\n"
                f"{item.answer.strip()}\n\nCode: {links}. {lesson}\n\n</details>\n"
            )
    return "\n".join([*parts, TAIL])


def _title(prompt: str) -> str:
    return " ".join(prompt.split())


def _link(link: str) -> str:
    path, _, item = link.partition("#")
    target = posixpath.relpath(path, "chapters")
    return f"[`{item or Path(path).name}`]({target})"


def _lesson(course: Course, concept: str) -> str:
    for chapter in course.chapters:
        if concept in chapter.concepts:
            return f"Lesson: [{chapter.title}]({chapter.name}/README.md), '{chapter.concepts[concept]}'."
    return ""


# --- the rules ------------------------------------------------------------------------------------------------------


def faults(course: Course) -> Iterator[tuple[str, str]]:
    """Where the file does not agree with the course; programs are proven by `quiz_proof`."""
    from workbook import quiz_proof

    file = f"quizzes/{NAME}.toml"
    try:
        interview = load(course)
    except CourseError as error:
        yield file, str(error)
        return
    known = {concept for chapter in course.chapters for concept in chapter.concepts}
    for item in (*interview.graded.questions, *interview.open):
        if item.concept not in known:
            yield file, f"item '{item.id}': no chapter has the concept '{item.concept}'"
    foreign = _quiz_ids(course.chapters, course)
    for id in (*interview.graded.ids, *(item.id for item in interview.open)):
        if id in foreign:
            yield file, f"item '{id}': quizzes/{foreign[id]}.toml has this id too"
    for item in interview.open:
        for link in item.code:
            yield from ((file, f"item '{item.id}': {fault}") for fault in _link_faults(course.root, link))
    for level in LEVELS:
        if not any(item.level == level for item in interview.open):
            yield file, f"no open question is for the level '{level}'"
    for question in interview.graded.questions:
        yield from ((file, fault) for fault in quiz_proof.unproven(interview.graded, question))
    yield from ((file, fault) for fault in quiz_proof.prove(course, interview.graded))


def _quiz_ids(chapters: Sequence[Chapter], course: Course) -> dict[str, str]:
    ids: dict[str, str] = {}
    for chapter in chapters:
        if quizzes.path(course, chapter.name).exists():
            try:
                ids |= dict.fromkeys(quizzes.load(course, chapter.name).ids, chapter.name)
            except CourseError:
                continue
    return ids


def _link_faults(root: Path, link: str) -> Iterator[str]:
    path, _, item = link.partition("#")
    file = root / path
    if not file.is_file():
        yield f"{path} is not there"
    elif item and not re.search(rf"\b{re.escape(item)}\b", file.read_text(encoding="utf-8")):
        yield f"{path} does not say '{item}'"
