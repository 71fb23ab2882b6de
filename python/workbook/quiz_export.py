"""The quizzes for course platforms: QTI 1.2, through text2qti, for Canvas and others; GIFT for Moodle.

Platforms know choices and typed answers, and nothing of programs. So a tracing item becomes a typed answer: what the
program prints, or the error's code and line; and an ordering becomes its letters. What they cannot say is lost: neither
compares the case of a typed answer.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import markdown
from text2qti.config import Config
from text2qti.err import Text2qtiError
from text2qti.qti import QTI
from text2qti.quiz import Quiz as Text2qtiQuiz

from workbook import quiz as quizzes
from workbook.course import Chapter, Course, CourseError
from workbook.files import write_atomically
from workbook.quiz import Choice, Quiz, Tracing

TRACE = (
    "Does this program compile? If it does, type what it prints, with ` / ` between two lines. If it does not, type "
    "the code and the line of the compiler's error, as in `E0308 12`."
)

ORDER = "Type the letters in order, as in `C A B`."


@dataclass(frozen=True)
class Item:
    """A question as platforms know it. Texts are Markdown, but for the `right` of a typed one."""

    id: str
    kind: Literal["one", "several", "typed"]
    prompt: str
    choices: tuple[str, ...]
    right: tuple[str, ...]
    context: str


def main(course: Course, chapters: Sequence[Chapter], out: Path) -> int:
    """Writes the files of the chapters' quizzes, or of all. Raises `CourseError`."""
    chosen = chapters or [each for each in course.chapters if quizzes.path(course, each.name).exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for chapter in chosen:
            found = items(quizzes.load(course, chapter.name))
            source = text2qti(chapter.title, found)
            write_atomically(out / f"{chapter.name}.text2qti.txt", source)
            (out / f"{chapter.name}.qti.zip").write_bytes(qti(chapter.name, source))
            write_atomically(out / f"{chapter.name}.gift.txt", gift(chapter.name, found))
            print(f"{chapter.name}: {len(found)} items")
    except OSError as error:
        raise CourseError(
            f"{out} cannot be written: {error.strerror or error}. Name another folder with --out."
        ) from None
    print(f"For Canvas: {out}/*.qti.zip. For Moodle: {out}/*.gift.txt.")
    return 0


def items(quiz: Quiz) -> list[Item]:
    """A quiz in the platforms' terms."""
    return [_item(quiz, question) for question in quiz.questions]


def _item(quiz: Quiz, question: quizzes.Choice | quizzes.Tracing | quizzes.Short) -> Item:
    shared = f"{quiz.multipart[question.multipart].strip()}\n\n" if question.multipart else ""
    context = question.context.strip()
    if isinstance(question, Choice):
        kind: Literal["one", "several"] = "several" if question.several else "one"
        choices = tuple(choice.strip() for choice in question.choices())
        right = tuple(choice.strip() for choice in question.right)
        return Item(question.id, kind, shared + question.prompt.prompt.strip(), choices, right, context)
    if isinstance(question, Tracing):
        # Numbered: a platform shows no line numbers, and the answer may be one.
        lines = [f"{number:>2}  {line}".rstrip() for number, line in enumerate(question.program.splitlines(), start=1)]
        prompt = f"{shared}{TRACE}\n\n```\n" + "\n".join(lines) + "\n```"
        return Item(question.id, "typed", prompt, (), tuple(_traced(question)), context)
    if question.order:
        answers = [way.join(quizzes.letters(text) or "") for text in question.right for way in (" ", "", ", ", ",")]
        prompt = f"{shared}{question.prompt.prompt.strip()}\n\n{ORDER}"
        return Item(question.id, "typed", prompt, (), tuple(dict.fromkeys(answers)), context)
    typed = tuple(dict.fromkeys(" ".join(text.split()) for text in question.right))
    return Item(question.id, "typed", shared + question.prompt.prompt.strip(), (), typed, context)


def _traced(question: Tracing) -> Iterator[str]:
    """The ways to type what a program does."""
    answer = question.answer
    if answer.does_compile:
        lines = [" ".join(line.split()) for line in (answer.stdout or "").strip().splitlines()] or ["nothing"]
        yield from dict.fromkeys(way.join(lines) for way in (" / ", "/", " "))
    else:
        yield from (f"{answer.code}{way}{answer.line_number}" for way in (" ", ", ", ",", " / ", " line ", ", line "))


# --- QTI --------------------------------------------------------------------------------------------------------------


def text2qti(title: str, found: Sequence[Item]) -> str:
    """The quiz in text2qti's own format, which a teacher may edit and convert again."""
    return "\n".join(_text2qti(title, found)) + "\n"


def _text2qti(title: str, found: Sequence[Item]) -> Iterator[str]:
    yield f"Quiz title: {title}"
    for number, item in enumerate(found, start=1):
        yield from ("", f"Title: {item.id}")
        yield from _marked(f"{number}. ", item.prompt)
        yield from _marked("... ", item.context)
        if item.kind == "typed":
            yield from (f"* {answer}" for answer in item.right)
            continue
        for letter, choice in zip(string.ascii_lowercase, item.choices, strict=False):
            sign = "*" if choice in item.right else " "
            mark = f"[{sign}] " if item.kind == "several" else f"{sign.strip()}{letter}) "
            yield from _marked(mark, choice)


def _marked(mark: str, text: str) -> Iterator[str]:
    """Lines behind a mark, set in as far as the first one."""
    for number, line in enumerate(text.splitlines()):
        yield f"{' ' * len(mark) if number else mark}{line}".rstrip()


def qti(name: str, source: str) -> bytes:
    """The zip that Canvas and others import. Raises `CourseError` where text2qti does not take the quiz."""
    try:
        # Not `load`, which would read and write a file in the user's home.
        return bytes(QTI(Text2qtiQuiz(source, config=Config(), source_name=f"{name}.text2qti.txt")).zip_bytes())
    except Text2qtiError as error:
        raise CourseError(f"The quiz of {name} cannot be written as QTI: {error}") from None


# --- GIFT -------------------------------------------------------------------------------------------------------------

RESERVED = re.compile(r"([\\~=#{}:])")
PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


def gift(name: str, found: Sequence[Item]) -> str:
    """The quiz as Moodle imports it, in a category of its own."""
    return "\n\n".join([f"$CATEGORY: Rust for AI/{name}", *(_gift(item) for item in found)]) + "\n"


def _gift(item: Item) -> str:
    lines = [f"::{_escaped(item.id)}::[html]{_html(item.prompt)}{{"]
    if item.kind == "typed":
        lines += [f"={_escaped(_literal(item, answer))}" for answer in item.right]
    elif item.kind == "one":
        lines += [f"{'=' if choice in item.right else '~'}{_html(choice)}" for choice in item.choices]
    else:
        # All of the right ones give all, and a wrong one takes all away. Moodle knows fractions by five digits.
        share = f"{100 / len(item.right):.5f}".rstrip("0").rstrip(".")
        lines += [f"~%{share if choice in item.right else -100}%{_html(choice)}" for choice in item.choices]
    return "\n".join([*lines, f"####{_html(item.context)}", "}"])


def _literal(item: Item, answer: str) -> str:
    """A typed answer in which Moodle sees no pattern."""
    if "->" in answer:
        # Moodle would take the whole item for a matching one, and knows no way to say otherwise.
        raise CourseError(f"Item '{item.id}': GIFT has no way to write the answer '{answer}', because of its arrow.")
    return answer.replace("*", r"\*")


def _html(text: str) -> str:
    """Markdown as HTML on one line: an empty line would end a question."""
    html = markdown.markdown(text, extensions=["fenced_code", "sane_lists", "tables"])
    single = PARAGRAPH.fullmatch(html)
    return _escaped(single[1] if single else html)


def _escaped(text: str) -> str:
    return RESERVED.sub(r"\\\1", text).replace("\n", r"\n")
