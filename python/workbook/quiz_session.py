"""A quiz in the terminal: one question at a time, the explanation after the answer, then what was missed again."""

from __future__ import annotations

import os
import random
import re
import string
import sys
import textwrap
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown, MarkdownElement
from rich.syntax import Syntax

from workbook import quiz as quizzes
from workbook.course import Course, CourseError
from workbook.interview import Open
from workbook.progress import Progress
from workbook.quiz import Choice, Quiz, Short, Tracing

WIDTH = 88
PROGRAM = re.compile(r"^```rust[^\n]*\n(?P<code>.*?)\n```$", re.MULTILINE | re.DOTALL)

# What a reader is offered beside the right code: to recognise one teaches more than to remember a number.
CODES = {
    "E0106": "missing lifetime specifier",
    "E0277": "a trait is not implemented for this type",
    "E0282": "the type cannot be inferred",
    "E0308": "mismatched types",
    "E0369": "the operator is not defined for this type",
    "E0373": "a closure or thread may outlive what it borrows",
    "E0381": "used before it is given a value",
    "E0382": "used after it was moved",
    "E0384": "a second value for an immutable variable",
    "E0432": "an import that does not exist",
    "E0499": "borrowed mutably twice at the same time",
    "E0502": "borrowed mutably and immutably at the same time",
    "E0503": "used while it is mutably borrowed",
    "E0505": "moved out while it is borrowed",
    "E0506": "assigned to while it is borrowed",
    "E0507": "moved out of something that is only borrowed",
    "E0515": "a reference to a local variable is returned",
    "E0521": "borrowed data escapes its function",
    "E0594": "assigned to, but not declared mutable",
    "E0596": "borrowed mutably, but not declared mutable",
    "E0597": "does not live long enough",
    "E0599": "no such method for this type",
    "E0716": "a temporary value is dropped while it is borrowed",
}


def due(course: Course) -> str:
    """The chapter whose quiz is asked when none is named: the first that has one not yet fully answered."""
    progress = Progress.load(course.root)
    written = [chapter.name for chapter in course.chapters if quizzes.path(course, chapter.name).exists()]
    if not written:
        raise CourseError("The course has no quiz yet: the folder quizzes/ is empty.")
    for chapter in written:
        result = progress.quiz(chapter)
        if not result or result["missed"]:
            return chapter
    return written[0]


def show(quiz: Quiz) -> int:
    """Without a terminal: the questions as text, and how to answer them."""
    screen = Screen(plain=True)
    for number, question in enumerate(quiz.questions, start=1):
        screen.print(f"\n{number}. [{question.id}]")
        screen.question(quiz, question)
    name = quiz.chapter
    screen.print(
        f"\nTo answer, type 'python3 workbook quiz {name}' in a terminal. Or write a file that maps each [id] to its "
        f"answer, and let it be graded:\n    python3 workbook quiz {name} --json >answers.json"
        f"\n    python3 workbook quiz {name} --answers answers.json"
    )
    return 0


def run(course: Course, quiz: Quiz, *, title: str = "", plain: bool = False) -> int:
    """Asks until all is right or the reader stops. Each answer is kept at once, so that stopping loses nothing."""
    screen = Screen(plain=plain or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb")
    progress = Progress.load(course.root)
    last = progress.quiz(quiz.chapter)
    # A quiz that has grown or shrunk since is asked from the start.
    fresh = not last or last["total"] != len(quiz.ids)
    left = [id for id in quiz.ids if fresh or (last and id in last["missed"])]
    practice = not left
    screen.title(title or f"{course.chapter(quiz.chapter).title}: quiz")
    if practice:
        screen.print("You have answered all of these. This round is practice and changes nothing.")
        left = list(quiz.ids)
    elif len(left) < len(quiz.ids):
        screen.print(f"{len(left)} of {len(quiz.ids)} are left from last time.")
    screen.print("Ctrl-D stops; what you have answered is kept.")

    right = [id for id in quiz.ids if id not in left]
    try:
        while left:
            missed: list[str] = []
            for number, id in enumerate(left, start=1):
                question = quiz.question(id)
                screen.rule(f"Question {number} of {len(left)}")
                screen.question(quiz, question)
                correct = question.mark(Asker(screen).ask(quiz, question))
                (right if correct else missed).append(id)
                if not practice:
                    open_ = [id for id in quiz.ids if id not in right]
                    progress.record_quiz(quiz.chapter, len(right), len(quiz.ids), open_)
                screen.verdict(question, correct)
                if number < len(left):
                    # Else the next question would push the explanation off a small screen.
                    input("\nEnter goes on. ")
            left = missed
            screen.rule("Result")
            screen.print(f"{len(right)} of {len(quiz.ids)} are right.")
            if left and not screen.yes(f"Ask the {len(left)} that you missed once more?"):
                break
    except (KeyboardInterrupt, EOFError):
        kept = "" if practice else " What you have answered is kept; the next session asks the rest."
        screen.print(f"\nStopped: {len(right)} of {len(quiz.ids)} are right.{kept}")
    return 0


class Screen:
    """Text, Markdown and programs on the terminal, or the same as plain text."""

    def __init__(self, *, plain: bool) -> None:
        self.plain = plain
        self.console = Console(no_color=plain, highlight=False, soft_wrap=plain)
        if not plain and self.console.width > WIDTH:
            # A longer line is harder to read, however wide the window.
            self.console.width = WIDTH

    def print(self, text: str, style: str = "") -> None:
        self.console.print(text, style=None if self.plain else style or None, markup=False)

    def title(self, text: str) -> None:
        self.print(f"\n{text}", "bold")

    def rule(self, text: str) -> None:
        if self.plain:
            self.print(f"\n--- {text} ---")
        else:
            self.console.print()
            self.console.rule(text, align="left", style="dim")

    def markdown(self, text: str, indent: int = 0, *, numbered: bool = False) -> None:
        """Markdown; `numbered` gives its programs line numbers, as the book does in a question."""
        if self.plain:
            shown = PROGRAM.sub(lambda fence: _numbered(fence["code"]), text) if numbered else text
            self.print(textwrap.indent(shown.strip(), " " * indent))
        else:
            kind = NumberedMarkdown if numbered else Markdown
            self.console.print(kind(text.strip(), code_theme="ansi_dark", inline_code_theme="ansi_dark"))

    def program(self, code: str) -> None:
        if self.plain:
            self.print(_numbered(code))
        else:
            self.console.print(Syntax(code.rstrip(), "rust", theme="ansi_dark", line_numbers=True))

    def question(self, quiz: Quiz, question: Choice | Tracing | Short | Open) -> None:
        if isinstance(question, Open):
            self.markdown(question.prompt)
            return
        if question.multipart:
            self.markdown(quiz.multipart[question.multipart])
        if isinstance(question, Tracing):
            self.print("Does this program compile? What does it print, or which error stops it?")
            self.program(question.program)
            return
        self.markdown(question.prompt.prompt, numbered=True)
        if isinstance(question, Choice):
            if not self.plain:
                self.print("")
            self.options(question.choices())
            if question.several:
                self.print("(more than one may be right)", "dim")

    def options(self, texts: list[str]) -> None:
        for label, text in zip(string.ascii_uppercase, texts, strict=False):
            if self.plain:
                self.print(textwrap.indent(text.strip(), "     ").replace("     ", f"  {label}. ", 1))
            else:
                from rich.table import Table

                row = Table.grid(padding=(0, 1))
                body = Markdown(text.strip(), code_theme="ansi_dark", inline_code_theme="ansi_dark")
                row.add_row(f"  [bold]{label}[/]", body)
                self.console.print(row)

    def verdict(self, question: Choice | Tracing | Short | Open, correct: bool) -> None:
        self.print("")
        if isinstance(question, Open):
            self.print("A good answer." if correct else "Not yet. One that has it all:", "bold")
        elif correct:
            self.print("Right.", "bold green")
        else:
            self.print("Not right. The answer is:", "bold red")
            self.solution(question)
        self.print("")
        self.markdown(question.context)

    def solution(self, question: Choice | Tracing | Short) -> None:
        if isinstance(question, Tracing):
            answer = question.answer
            if answer.does_compile:
                self.print("It compiles and prints:")
                self.print(textwrap.indent((answer.stdout or "").strip() or "(nothing)", "    "))
            else:
                meaning = f", {CODES[answer.code]}," if answer.code in CODES else ""
                self.print(f"It does not compile: {answer.code}{meaning} at line {answer.line_number}.")
        elif isinstance(question, Choice):
            shown = question.choices()
            for label, text in zip(string.ascii_uppercase, shown, strict=False):
                if text in question.right:
                    self.markdown(f"{label}. {text}" if self.plain else f"**{label}.** {text}", indent=2)
        elif question.order:
            self.print(f"    {question.answer.answer}")
            for label in quizzes.letters(question.answer.answer) or "":
                self.print(f"    {question.order.lines[question.labels.index(label)]}")
        else:
            self.print(textwrap.indent(question.answer.answer, "    "))

    def yes(self, text: str) -> bool:
        said = input(f"{text} [Y/n] ").strip().lower()
        return said in ("", "y", "yes")


class _NumberedCode(CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.lexer_name != "rust":
            yield from super().__rich_console__(console, options)
        else:
            yield Syntax(str(self.text).rstrip(), "rust", theme=self.theme, line_numbers=True)


class NumberedMarkdown(Markdown):
    """Markdown whose Rust programs have line numbers."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": _NumberedCode,
        "code_block": _NumberedCode,
    }


def _numbered(code: str) -> str:
    lines = code.rstrip().splitlines()
    return "\n".join(f"{number:>3} | {line}" for number, line in enumerate(lines, start=1))


class Asker:
    """Takes an answer from the keyboard in the form that the question marks, asking again when it has no meaning."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def ask(self, quiz: Quiz, question: Choice | Tracing | Short | Open) -> object:
        if isinstance(question, Open):
            return self._self_mark(question)
        if isinstance(question, Tracing):
            return self._trace(quiz, question)
        if isinstance(question, Choice):
            return self._choose(question)
        if question.order:
            return self._order(question)
        return self._line("Your answer: ")

    def _self_mark(self, question: Open) -> list[bool]:
        input("Answer aloud, or on paper. Enter when you are done. ")
        self.screen.print("Did your answer have this?")
        said = []
        for point in question.rubric:
            self.screen.markdown(f"- {point}")
            said.append(self._yes_no("[y/n] "))
        return said

    def _choose(self, question: Choice) -> str | list[str]:
        labels = string.ascii_uppercase[: len(question.choices())]
        form = "one or more letters, as in 'A C'" if question.several else f"one letter of {labels[0]} to {labels[-1]}"
        while True:
            said = self._line("Your answer: ")
            if not question.several and question.pick(said):
                return said
            picked = quizzes.letters(said) or ""
            if picked and set(picked) <= set(labels) and (question.several or len(picked) == 1):
                return sorted(set(picked)) if question.several else picked
            self.screen.print(f"Please give {form}.")

    def _order(self, question: Short) -> str:
        while True:
            said = self._line(f"The order, as in '{' '.join(question.labels)}': ")
            if sorted(quizzes.letters(said) or "") == sorted(question.labels):
                return said
            self.screen.print(f"Please give each of {' '.join(question.labels)} once.")

    def _trace(self, quiz: Quiz, question: Tracing) -> dict[str, object]:
        if self._yes_no("Does it compile? [y/n] "):
            self.screen.print("What does it print? An empty line ends your answer.")
            lines = []
            while line := input("> ").rstrip():
                lines.append(line)
            return {"doesCompile": True, "stdout": "\n".join(lines)}
        options = offered(quiz, question)
        self.screen.print("Which error stops it?")
        self.screen.options([f"{code}: {CODES[code]}" if code in CODES else code for code in options])
        while True:
            said = self._line("The error, as a letter or a code: ").upper()
            if len(said) == 1 and said in string.ascii_uppercase[: len(options)]:
                code = options[string.ascii_uppercase.index(said)]
            else:
                code = quizzes.error_code(said)
            if code:
                break
            self.screen.print("Please give a letter from the list, or a code such as E0308.")
        last = len(question.program.splitlines())
        while True:
            line = self._line("At which line does the error point? ")
            if line.isdecimal() and 1 <= int(line) <= last:
                return {"doesCompile": False, "code": code, "lineNumber": int(line)}
            self.screen.print(f"Please give a number from 1 to {last}.")

    def _yes_no(self, text: str) -> bool:
        while True:
            said = self._line(text).lower()
            if said in ("y", "yes", "n", "no"):
                return said.startswith("y")
            self.screen.print("Please type y or n.")

    def _line(self, text: str) -> str:
        """A line that is not empty."""
        while True:
            sys.stdout.flush()
            if said := input(text).strip():
                return said


def offered(quiz: Quiz, question: Tracing) -> list[str]:
    """Four codes to choose from: the right one, if there is one, others of this quiz first, then common ones."""
    # The same list for every question that is answered 'no', also where the program does compile.
    chance = random.Random(question.id)
    others = [q.answer.code for q in quiz.questions if isinstance(q, Tracing) and q.answer.code]
    pool = [code for code in dict.fromkeys([*others, *CODES]) if code != question.answer.code]
    near = len(set(others) - {question.answer.code})
    count = 3 if question.answer.code else 4
    # At most two from the quiz itself, else the list would be the same at every question.
    picked = chance.sample(pool[:near], min(2, near))
    picked += chance.sample([code for code in pool[near:] if code not in picked], count - len(picked))
    return sorted([*picked, *([question.answer.code] if question.answer.code else [])])
