"""What a `chapter.toml` and a file of wrong answers may say, and messages for when they say something else.

The field descriptions here are the reference; CONTRIBUTING points at this file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from workbook.course import Chapter, CourseError, Exercise, When

Model = TypeVar("Model", bound=BaseModel)

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
# What `python3 workbook fetch` knows.
ModelName = Literal["minilm", "smollm2"]
# `E0382`, a check's function name, or a lint: `clippy::ptr_arg`, `unused_mut`.
Cause = Annotated[str, Field(pattern=r"^(E\d{4}|[a-z][a-z0-9_]*|clippy::[a-z0-9_]+)$")]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Causes = Annotated[list[Cause], Field(min_length=1), BeforeValidator(_listed)]


class Strict(BaseModel):
    """A table in which an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class WhenModel(Strict):
    """A hint that is shown first when `on` is what happened."""

    on: Cause = Field(
        description="Error code, check, lint, or one of: timeout, output, checks_missing, crash, uncoded, not_imported."
    )
    hint: Text


class ExerciseModel(Strict):
    """One exercise; the order of the entries is the order of the course."""

    name: Name = Field(description="File name without .rs, unique in the whole course.")
    title: Text
    minutes: int = Field(ge=1, le=90, description="What a reader of the lesson needs.")
    teaches: list[Name] = Field(
        default=[], max_length=1, description="The one new concept; none for a joining exercise."
    )
    needs: list[Name] = Field(
        default=[], description="Concepts that an earlier exercise or the lesson so far has taught."
    )
    fails: Causes = Field(
        description="Why the starter fails: an error code, or the checks that fail. Nothing else may."
    )
    hints: list[Text] = Field(min_length=3, max_length=3, description="A nudge, the place to look, nearly the line.")
    why: Text = Field(description="One or two sentences: why the master is written so.")
    when: list[WhenModel] = []
    lints: list[Cause] = Field(default=[], description="Lints that fail this exercise; elsewhere lints only advise.")
    limit: float = Field(default=10.0, gt=0, le=120, description="Seconds that all checks together may run.")
    models: list[ModelName] = Field(default=[], description="Real models that the checks run: fetched before.")
    checked_by: Literal["rust", "python", "node"] = Field(
        default="rust",
        description="python: the file is built as an extension module, and checks/NAME.py is pytest's. "
        "node: it is built for WebAssembly, and checks/NAME.py runs its JavaScript in Node.",
    )


class ChapterModel(Strict):
    """A `chapter.toml`."""

    title: Text
    summary: Text = Field(description="One sentence for the chapter table.")
    minutes: int = Field(ge=1, description="Lesson, exercises and quiz together.")
    crate: str = Field(
        default="",
        pattern=r"^[a-z][a-z0-9_-]*$|^$",
        description="The chapter's own package, where its topic's name is taken by a crate of the field.",
    )
    models: list[ModelName] = Field(
        default=[], description="Real models that the chapter's own tests and notebook run."
    )
    group: Literal["", "torch"] = Field(
        default="",
        description="Makes it optional: the group of Python packages without which it does not build. It is a cargo "
        "workspace of its own, comes after all others, and is judged where it is named.",
    )
    concepts: dict[Name, Text] = Field(min_length=1, description="Concept id = the lesson's heading that teaches it.")
    exercises: list[ExerciseModel] = Field(min_length=1)


class WrongModel(Strict):
    """A plausible wrong answer."""

    name: Name
    tempting: Text = Field(description="What makes a learner write this.")
    rejected_by: Cause = Field(description="The error code, check or lint that must reject it.")
    blocks: list[str] = Field(description="What stands in the master's marked blocks, in order.")


class WrongFile(Strict):
    """`chapters/NN_topic/wrong/NAME.toml`."""

    wrong: list[WrongModel] = Field(min_length=2)


def read_chapter(path: Path) -> Chapter:
    """Reads and validates one `chapter.toml`. Raises `CourseError` with every fault and its line."""
    model = read(path, ChapterModel)
    name = path.parent.name
    exercises = tuple(
        Exercise(
            chapter=name,
            **{
                **item.model_dump(exclude={"when"}),
                "teaches": tuple(item.teaches),
                "needs": tuple(item.needs),
                "fails": tuple(item.fails),
                "hints": tuple(item.hints),
                "lints": tuple(item.lints),
                "models": tuple(item.models),
                "when": tuple(When(when.on, when.hint) for when in item.when),
            },
        )
        for item in model.exercises
    )
    chapter = Chapter(name, model.title, model.summary, model.minutes, dict(model.concepts), exercises)
    return replace(chapter, crate=model.crate or chapter.package, models=tuple(model.models), group=model.group)


def read_wrong(path: Path) -> list[WrongModel]:
    """Reads an exercise's wrong answers. Raises `CourseError`."""
    return read(path, WrongFile).wrong


def read(path: Path, model: type[Model]) -> Model:
    """Reads a TOML file into `model`. Raises `CourseError` with every fault, its line and its field."""
    shown = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
        return model.model_validate(data)
    except FileNotFoundError:
        raise CourseError(f"{shown} is missing.") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{shown} is not UTF-8 text (byte {error.start}).") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{shown}: {error}") from None
    except ValidationError as error:
        faults = [_fault(shown, text, _keys(data, fault), fault["msg"]) for fault in error.errors()]
        raise CourseError("\n".join(dict.fromkeys(faults))) from None


def _shown(path: Path) -> str:
    """The path from the course's root, which is not known here: from the folder that opens it."""
    opening = (index for index, part in enumerate(path.parts) if part in ("chapters", "quizzes"))
    return "/".join(path.parts[max(opening, default=-1) :])


def _keys(data: Any, fault: ErrorDetails) -> tuple[int | str, ...]:
    """A fault's place without the names that pydantic gives to the branches of a union; the file has no such keys."""
    kept: list[int | str] = []
    for depth, part in enumerate(fault["loc"], start=1):
        absent = fault["type"] == "missing" and depth == len(fault["loc"])
        if isinstance(part, str) and not absent and not (isinstance(data, dict) and part in data):
            continue
        kept.append(part)
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = {}
    return tuple(kept)


def _fault(shown: str, text: str, loc: tuple[int | str, ...], message: str) -> str:
    field = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    line = locate(text, loc)
    # A validator of ours is reported as 'Value error, …'.
    message = message.removeprefix("Value error, ")
    return f"{shown}:{line}: field '{field}': {message[0].lower()}{message[1:]}"


HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?$")
KEY = re.compile(r"^\s*([\w\"'.\- ]+?)\s*=\s*(.*)$")


def locate(text: str, loc: tuple[int | str, ...]) -> int:
    """The line of a TOML document where the value at `loc` stands, or the nearest table's line.

    tomllib keeps no positions, so this follows headers and (dotted) keys, which is how our files are written; inside
    an array or an inline table it answers with the key's line.
    """
    best, line = 0, 1
    for path, number in _positions(text):
        same = 0
        while same < min(len(path), len(loc)) and path[same] == loc[same]:
            same += 1
        if same > best:
            best, line = same, number
    return line


def _positions(text: str) -> Iterator[tuple[tuple[int | str, ...], int]]:
    """Every header and key of a TOML document as its full path, with its line."""
    table: tuple[int | str, ...] = ()
    counts: dict[tuple[int | str, ...], int] = {}
    quote: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:
            quote = None if quote in line else quote
            continue
        if header := HEADER.match(line):
            table = ()
            parts = _dotted(header[2])
            for depth, part in enumerate(parts):
                table += (part,)
                if depth + 1 == len(parts) and header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                # A table below an array's belongs to the array's last entry.
                if table in counts:
                    table += (counts[table],)
            yield table, number
        elif key := KEY.match(line):
            yield (*table, *_dotted(key[1])), number
        for mark in ('"""', "'''"):
            if line.count(mark) % 2:
                quote = mark


def _dotted(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
