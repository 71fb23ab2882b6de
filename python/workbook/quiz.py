"""The quizzes: what a `quizzes/NN_topic.toml` may say, and when an answer to it is right.

The files are written in mdbook-quiz's schema, so the book shows the same questions. Keys that are ours (`concept`,
`proof`, `order`, `answer.code`) are ones that mdbook-quiz ignores. `docs/quizzes.md` explains them to authors.
"""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from workbook.course import Course, CourseError
from workbook.schema import Name, Strict, Text, locate, read

RESERVED = ("chapter", "questions", "answers")
"""Keys of a hand-in file that an item's id must not be."""

ERROR_CODE = re.compile(r"\bE\d{4}\b")
FENCE = re.compile(r"^```[\w,]*\n(?P<code>.*?)\n?```$", re.DOTALL)

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Code = Annotated[str, Field(pattern=r"^E\d{4}$")]


class _Table(Strict):
    # camelCase in the files, as mdbook-quiz has it. Not stripped: a program's indentation counts.
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, str_strip_whitespace=False)


class Proof(_Table):
    """A program that shows an answer to be right. `{answer}` in it stands for each answer in turn."""

    program: Text
    compiles: bool = True
    code: str | None = Field(default=None, pattern=r"^(E\d{4}|\{answer\})$", description="The compiler's error code.")
    line: int | Literal["{answer}"] | None = Field(default=None, description="The line that the error points at.")
    stdout: str | None = Field(default=None, description="What the program prints.")
    panics: bool = Field(default=False, description="The program must end in a panic.")
    crates: list[str] = Field(default=[], description="Crates of the chapter that the program uses.")

    @model_validator(mode="after")
    def _consistent(self) -> Proof:
        if self.compiles and (self.code or self.line):
            raise ValueError("a program that compiles has no `code` and no `line`")
        if not self.compiles and self.code is None:
            raise ValueError('name the error: `code = "E0382"`')
        if not self.compiles and (self.stdout is not None or self.panics):
            raise ValueError("a program that does not compile prints nothing and does not panic")
        return self

    @property
    def open(self) -> bool:
        """Whether it depends on the answer that is put in."""
        return any("{answer}" in str(part) for part in (self.program, self.code, self.line, self.stdout))


class _Item(_Table):
    id: Id = Field(description="Unique in the whole course.")
    concept: Name = Field(description="The concept of this or an earlier chapter that is asked about.")
    context: Text = Field(description="The explanation, shown after the answer.")
    multipart: str | None = None
    prompt_explanation: bool = False
    proof: list[Proof] = Field(default=[], description="What shows the answer to be right.")

    @field_validator("id")
    @classmethod
    def _free(cls, value: str) -> str:
        if value in RESERVED:
            raise ValueError(f"'{value}' has a meaning of its own in a file of answers")
        return value


class ChoicePrompt(_Table):
    prompt: Text
    distractors: list[Text] = Field(min_length=1)
    answer_index: int | None = Field(default=None, ge=0)
    sort_answers: bool | None = None


class ChoiceAnswer(_Table):
    answer: Any

    @field_validator("answer")
    @classmethod
    def _text_or_texts(cls, value: Any) -> Any:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
            raise ValueError("must be a text (one right choice) or an array of texts (several)")
        return value


class Choice(_Item):
    """One right choice (`answer` is a text) or several (an array)."""

    type: Literal["MultipleChoice"]
    prompt: ChoicePrompt
    answer: ChoiceAnswer

    @model_validator(mode="after")
    def _choices(self) -> Choice:
        folded = [fold(text) for text in (*self.right, *self.prompt.distractors)]
        if len(set(folded)) != len(folded):
            raise ValueError("two of the choices are the same")
        if self.prompt.answer_index is not None and self.prompt.sort_answers is not None:
            raise ValueError("`answerIndex` and `sortAnswers` exclude each other")
        if (self.prompt.answer_index or 0) > len(self.prompt.distractors):
            raise ValueError("`answerIndex` is larger than the number of distractors")
        return self

    @property
    def several(self) -> bool:
        return isinstance(self.answer.answer, list)

    @property
    def right(self) -> list[str]:
        return list(self.answer.answer) if self.several else [self.answer.answer]

    @property
    def kind(self) -> str:
        return "several" if self.several else "choice"

    def choices(self) -> list[str]:
        """All choices as they are shown: shuffled, but the same way in every run."""
        if self.prompt.answer_index is not None:
            shown = list(self.prompt.distractors)
            shown[self.prompt.answer_index : self.prompt.answer_index] = self.right
            return shown
        shown = sorted([*self.right, *self.prompt.distractors])
        if not self.prompt.sort_answers:
            random.Random(self.id).shuffle(shown)
        return shown

    def pick(self, said: str) -> str | None:
        """The choice that `said` names, by its text or its letter."""
        shown = self.choices()
        for text in shown:
            if fold(said) in (fold(text), fold(bare(text))):
                return text
        letter = said.strip().upper()
        if len(letter) == 1 and letter in string.ascii_uppercase[: len(shown)]:
            return shown[string.ascii_uppercase.index(letter)]
        return None

    def mark(self, said: Any) -> bool:
        """`said` is a text, or a list of texts where several are right. Raises `AnswerError`."""
        if self.several:
            if not isinstance(said, list) or not all(isinstance(part, str) for part in said):
                raise AnswerError("several choices are right: give a list of texts or letters")
            return {self.pick(part) for part in said} == set(self.right)
        if not isinstance(said, str):
            raise AnswerError("give the choice's text or its letter")
        return self.pick(said) in self.right


class TracingPrompt(_Table):
    program: Text


class TracingAnswer(_Table):
    does_compile: bool
    stdout: str | None = None
    line_number: int | None = Field(default=None, ge=1)
    code: Code | None = None

    @model_validator(mode="after")
    def _consistent(self) -> TracingAnswer:
        if self.does_compile:
            if self.stdout is None or self.line_number or self.code:
                raise ValueError("a program that compiles has a `stdout`, no `code` and no `lineNumber`")
            if "" in [line.strip() for line in self.stdout.strip().splitlines()]:
                raise ValueError("`stdout` has an empty line inside, which nobody can type in a terminal")
        elif self.stdout is not None or not self.line_number or not self.code:
            raise ValueError("a program that does not compile has a `code` and a `lineNumber`, no `stdout`")
        return self


class Tracing(_Item):
    """Does the program compile? Then what does it print; else which error is it, and where?"""

    type: Literal["Tracing"]
    prompt: TracingPrompt
    answer: TracingAnswer
    crates: list[str] = Field(default=[], description="Crates of the chapter that the program uses.")

    @property
    def kind(self) -> str:
        return "tracing"

    @property
    def program(self) -> str:
        """The program as it is shown and compiled; line 1 is its first line that is not empty."""
        return self.prompt.program.strip() + "\n"

    def mark(self, said: Any) -> bool:
        """`said` is a table `{doesCompile, stdout}` or `{doesCompile, code, lineNumber}`. Raises `AnswerError`."""
        form = "give a table with doesCompile, and stdout or code and lineNumber"
        if not isinstance(said, dict) or not isinstance(said.get("doesCompile"), bool):
            raise AnswerError(form)
        if unknown := sorted(set(said) - {"doesCompile", "stdout", "code", "lineNumber"}):
            raise AnswerError(f"'{unknown[0]}' is not part of the answer: {form}")
        stdout, code, line = said.get("stdout"), said.get("code"), said.get("lineNumber")
        if not isinstance(stdout, str | None) or not isinstance(code, str | None):
            raise AnswerError("stdout and code are texts")
        if isinstance(line, bool) or not isinstance(line, int | None):
            raise AnswerError("lineNumber is a number")
        if said["doesCompile"] != self.answer.does_compile:
            return False
        if self.answer.does_compile:
            return lines_of(stdout or "") == lines_of(self.answer.stdout or "")
        return error_code(code or "") == self.answer.code and line == self.answer.line_number


class ShortPrompt(_Table):
    prompt: Text
    response: Literal["short", "long", "code"] | None = None


class ShortAnswer(_Table):
    answer: Text
    alternatives: list[Text] = Field(default=[])


class Order(_Table):
    """The lines of an ordering item, A first, and the program that they go into."""

    lines: list[Text] = Field(min_length=2, max_length=5)
    program: str = Field(pattern=r"\{lines\}")
    stdout: str
    crates: list[str] = Field(default=[], description="Crates of the chapter that the program uses.")


class Short(_Item):
    """A typed answer; with an `order`, the letters of shuffled lines in the right order."""

    type: Literal["ShortAnswer"]
    prompt: ShortPrompt
    answer: ShortAnswer
    order: Order | None = None

    @model_validator(mode="after")
    def _letters(self) -> Short:
        if self.order:
            wanted = sorted(self.labels)
            for text in self.right:
                if sorted(letters(text) or "") != wanted:
                    raise ValueError(f"the answer '{text}' does not name each of {' '.join(wanted)} once")
            for label, line in zip(self.labels, self.order.lines, strict=True):
                shown = re.compile(rf"^\W*{label}\b.*{re.escape(line.strip())}", re.MULTILINE)
                if not shown.search(self.prompt.prompt):
                    raise ValueError(f"the prompt does not show line {label}: {line.strip()}")
        return self

    @property
    def labels(self) -> str:
        return string.ascii_uppercase[: len(self.order.lines)] if self.order else ""

    @property
    def right(self) -> list[str]:
        return [self.answer.answer, *self.answer.alternatives]

    @property
    def kind(self) -> str:
        return "ordering" if self.order else "short"

    def mark(self, said: Any) -> bool:
        """`said` is a text; for an ordering a list of letters will do. Raises `AnswerError`."""
        if self.order:
            if isinstance(said, list) and all(isinstance(part, str) for part in said):
                said = " ".join(said)
            if not isinstance(said, str):
                raise AnswerError("give the letters in order, as in 'C A B'")
            return letters(said) in {letters(text) for text in self.right}
        if not isinstance(said, str):
            raise AnswerError("give a text")
        if self.prompt.response == "code":
            return " ".join(said.split()) in {" ".join(text.split()) for text in self.right}
        return fold(said) in {fold(text) for text in self.right}


Question = Annotated[Union[Choice, Tracing, Short], Field(discriminator="type")]  # noqa: UP007


class QuizFile(_Table):
    """A whole `quizzes/NN_topic.toml`."""

    multipart: dict[str, str] = Field(default={}, description="What several questions share.")
    questions: list[Question] = Field(min_length=1)


class AnswerError(ValueError):
    """An answer of a wrong form, which can be neither right nor wrong; the message says what form is wanted."""


@dataclass(frozen=True)
class Quiz:
    """A chapter's quiz, and where each part of it stands."""

    chapter: str
    text: str
    questions: tuple[Choice | Tracing | Short, ...]
    multipart: dict[str, str]

    def question(self, id: str) -> Choice | Tracing | Short:
        return next(question for question in self.questions if question.id == id)

    @property
    def ids(self) -> list[str]:
        return [question.id for question in self.questions]

    def where(self, question: Choice | Tracing | Short, *field: str | int) -> str:
        """`quizzes/01_ownership.toml:12: item 'twice'`, to open a message with."""
        # By identity: two items may be equal in all they say.
        index = next(index for index, item in enumerate(self.questions) if item is question)
        line = locate(self.text, ("questions", index, *field))
        return f"quizzes/{self.chapter}.toml:{line}: item '{question.id}'"


def path(course: Course, chapter: str) -> Path:
    return course.root / "quizzes" / f"{chapter}.toml"


def load(course: Course, chapter: str) -> Quiz:
    """Reads a chapter's quiz. Raises `CourseError` with file, line and field where it is broken."""
    file = path(course, chapter)
    if not file.exists():
        raise CourseError(f"Chapter {chapter} has no quiz yet: quizzes/{chapter}.toml is missing.")
    model = read(file, QuizFile)
    text = file.read_text(encoding="utf-8")
    quiz = Quiz(chapter, text, tuple(model.questions), model.multipart)
    faults = []
    for question in quiz.questions:
        if quiz.ids.count(question.id) > 1:
            faults.append(f"{quiz.where(question, 'id')}: this id is used twice")
        if question.multipart is not None and question.multipart not in quiz.multipart:
            faults.append(f"{quiz.where(question, 'multipart')}: [multipart] has no '{question.multipart}'")
    if faults:
        raise CourseError("\n".join(faults))
    return quiz


def fold(text: str) -> str:
    """Case and white space do not count."""
    return " ".join(text.split()).casefold()


def bare(markdown: str) -> str:
    """A choice's text without the back-ticks around it: what a reader would type."""
    text = markdown.strip()
    if fence := FENCE.match(text):
        return fence["code"]
    if len(text) > 2 and text[0] == text[-1] == "`" and "`" not in text[1:-1]:
        return text[1:-1]
    return text


def letters(said: str) -> str | None:
    """`c, a, d, b` and `CADB` are `CADB`; anything but letters and separators is None."""
    found = re.sub(r"[\s,;.>()-]+", "", said).upper()
    return found if re.fullmatch(r"[A-Z]+", found) else None


def error_code(said: str) -> str:
    """`e0382`, `382` and `error[E0382]` are `E0382`."""
    found = re.search(r"\d{1,4}", said)
    return f"E{found[0]:0>4}" if found else ""


def lines_of(output: str) -> list[str]:
    """A program's output for comparison: trailing blanks and empty lines do not count."""
    return [line.rstrip() for line in output.splitlines() if line.strip()]


def main(course: Course, chapter: str | None, answers: Path | None, as_json: bool, plain: bool) -> int:
    """The `quiz` command: asks in a terminal, grades a file of answers, or prints the questions.

    Returns 0 when all is right or a session ended, 1 when the file has wrong answers, 2 when it could not be graded.
    """
    import sys

    from workbook import quiz_file, quiz_session

    try:
        if answers:
            return quiz_file.grade(course, chapter, answers, as_json=as_json)
        quiz = load(course, course.chapter(chapter).name if chapter else quiz_session.due(course))
        if as_json:
            return quiz_file.template(quiz)
        if sys.stdin.isatty() and sys.stdout.isatty():
            return quiz_session.run(course, quiz, plain=plain)
        return quiz_session.show(quiz)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
