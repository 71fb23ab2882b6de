"""What a `chapter.toml` and a file of wrong answers may say, and messages for when they say something else.

The field descriptions here are the reference; CONTRIBUTING points at this file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from workbook.course import Chapter, CourseError, Exercise, When

Model = TypeVar("Model", bound=BaseModel)

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
# `E0382`, a check's function name, or a lint: `clippy::ptr_arg`, `unused_mut`.
Cause = Annotated[str, Field(pattern=r"^(E\d{4}|[a-z][a-z0-9_]*|clippy::[a-z0-9_]+)$")]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Causes = Annotated[list[Cause], Field(min_length=1), BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class WhenModel(_Strict):
    """A hint that is shown first when `on` is what happened."""

    on: Cause = Field(description="Error code, check, lint, or one of: timeout, output, checks_missing, crash.")
    hint: Text


class ExerciseModel(_Strict):
    """One exercise; the order of the entries is the order of the course."""

    name: Name = Field(description="File name without .rs, unique in the whole course.")
    title: Text
    minutes: int = Field(ge=1, le=90, description="What a reader of the lesson needs.")
    teaches: list[Name] = Field(default=[], max_length=1, description="The one new concept; none for a joining exercise.")
    needs: list[Name] = Field(default=[], description="Concepts that an earlier exercise or the lesson so far has taught.")
    fails: Causes = Field(description="Why the starter fails: an error code, or the checks that fail. Nothing else may.")
    hints: list[Text] = Field(min_length=3, max_length=3, description="A nudge, the place to look, nearly the line.")
    why: Text = Field(description="One or two sentences: why the master is written so.")
    when: list[WhenModel] = []
    lints: list[Cause] = Field(default=[], description="Lints that fail this exercise; elsewhere lints only advise.")
    limit: float = Field(default=10.0, gt=0, le=120, description="Seconds that all checks together may run.")


class ChapterModel(_Strict):
    """A `chapter.toml`."""

    title: Text
    summary: Text = Field(description="One sentence for the chapter table.")
    minutes: int = Field(ge=1, description="Lesson, exercises and quiz together.")
    concepts: dict[Name, Text] = Field(min_length=1, description="Concept id = the lesson's heading that teaches it.")
    exercises: list[ExerciseModel] = Field(min_length=1)


class WrongModel(_Strict):
    """A plausible wrong answer."""

    name: Name
    tempting: Text = Field(description="What makes a learner write this.")
    rejected_by: Cause = Field(description="The error code, check or lint that must reject it.")
    blocks: list[str] = Field(description="What stands in the master's marked blocks, in order.")


class WrongFile(_Strict):
    """`chapters/NN_topic/wrong/NAME.toml`."""

    wrong: list[WrongModel] = Field(min_length=2)


def read_chapter(path: Path) -> Chapter:
    """Reads and validates one `chapter.toml`. Raises `CourseError` with every fault and its line."""
    model = _read(path, ChapterModel)
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
                "when": tuple(When(when.on, when.hint) for when in item.when),
            },
        )
        for item in model.exercises
    )
    return Chapter(name, model.title, model.summary, model.minutes, dict(model.concepts), exercises)


def read_wrong(path: Path) -> list[WrongModel]:
    """Reads an exercise's wrong answers. Raises `CourseError`."""
    return _read(path, WrongFile).wrong


def _read(path: Path, model: type[Model]) -> Model:
    shown = "/".join(path.parts[-3:])
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(tomllib.loads(text))
    except FileNotFoundError:
        raise CourseError(f"{shown} is missing.") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{shown} is not UTF-8 text (byte {error.start}).") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{shown}: {error}") from None
    except ValidationError as error:
        faults = [_fault(shown, text, fault["loc"], fault["msg"]) for fault in error.errors()]
        raise CourseError("\n".join(faults)) from None


def _fault(shown: str, text: str, loc: tuple[int | str, ...], message: str) -> str:
    field = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    line = locate(text, loc)
    return f"{shown}:{line}: field '{field}': {message[0].lower()}{message[1:]}"


def locate(text: str, loc: tuple[int | str, ...]) -> int:
    """The line of a TOML document where the value at `loc` stands, or the nearest table's line.

    tomllib keeps no positions, so this follows `[[table]]` headers and `key =` lines, which is how our files are
    written; inside an inline array it answers with the key's line.
    """
    lines = text.splitlines()
    start, tables = 0, ""
    for depth, part in enumerate(loc):
        if isinstance(part, int):
            header = re.compile(rf"^\s*\[\[{re.escape(tables)}\]\]")
            found = [n for n, line in enumerate(lines) if n >= start and header.match(line)]
            if part >= len(found):
                break
            start = found[part]
        else:
            tables = f"{tables}.{part}" if tables else part
            key = re.compile(rf"^\s*{re.escape(part)}\s*=")
            header = re.compile(rf"^\s*\[\[?{re.escape(tables)}\]\]?")
            if depth + 1 < len(loc) and isinstance(loc[depth + 1], int) and any(map(header.match, lines[start:])):
                continue
            for n in range(start, len(lines)):
                if n > start and lines[n].startswith("[[") and not lines[n].startswith(f"[[{tables}"):
                    break
                if key.match(lines[n]) or header.match(lines[n]):
                    start = n
                    break
    return start + 1
