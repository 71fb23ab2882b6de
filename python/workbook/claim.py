"""The registry of claims: what a chapter's `claims.toml` may say.

The field descriptions here are the reference.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbook import schema
from workbook.course import Chapter, Course, CourseError
from workbook.schema import Name, Strict, Text

BUILD = (
    r"^(-p [\w-]+ --(bin|example) \w+( --no-default-features)?"
    r"|--manifest-path chapters/\w+/Cargo\.toml --profile \w+ --examples)$"
)


class SideModel(Strict):
    """One side of a claim: a program that is called with `figure` as its one argument.

    It prints one JSON line: `{"name": figure, UNIT: a number, "output": what was computed}`.
    """

    label: Text
    figure: Name = Field(description="The name of the figure; the program's one argument.")
    bench: Name | None = Field(default=None, description="A bench target of the chapter's crate.")
    script: str | None = Field(default=None, pattern=r"^[\w/]+\.py$", description="Python, relative to the chapter.")
    module: str | None = Field(default=None, pattern=r"^[\w.]+$", description="Python, as in `python -m`.")
    packages: str | None = Field(
        default=None,
        pattern=r"^peers/\w+\.txt$",
        description="A lock in the chapter. Its packages are installed into a folder of their own, which this side "
        "alone finds: pydantic 1 beside the pydantic 2 of everybody else.",
    )

    @model_validator(mode="after")
    def _one_program(self) -> SideModel:
        if sum(program is not None for program in (self.bench, self.script, self.module)) != 1:
            raise ValueError("name one of bench, script and module")
        return self


class ClaimModel(Strict):
    """One claim: `ours` takes at most one `at_least`-th of what `peer` takes."""

    name: Name = Field(description="Unique in the whole course.")
    says: Text = Field(description="What the field claims, in our words.")
    source: Text = Field(description="Who says so.")
    unit: Name = Field(description="The key of the figure in what the programs print; less is better.")
    at_least: float = Field(gt=0, description="The claim holds when the peer's median is so many times ours.")
    outputs: Literal["equal"] | Annotated[float, Field(gt=0, lt=1)] = Field(
        description="How the sides' outputs are compared first: equal, or within this relative difference."
    )
    needs: list[Literal["llamacpp", "peers", "rust_ai_tools", "smollm2", "torch", "wasm"]] = Field(
        default=[],
        description="What is installed, built or fetched before: groups of packages, a module, a model, the pages of "
        "`workbook wasm`.",
    )
    builds: list[Annotated[str, Field(pattern=BUILD)]] = Field(
        default=[],
        description="What cargo builds before, for a script that runs it: `-p PACKAGE --bin NAME` in release mode, or "
        "the examples of a chapter that is a workspace of its own, in a profile of its own.",
    )
    quick: Literal["run", "look"] = Field(
        default="run",
        description="What `--quick` does: run it (on the small input that a program takes when CLAIMS_QUICK is set), "
        "or, where that would download or build too much, look whether all that it names is there.",
    )
    note: Text | None = Field(default=None, description="The conditions under which it holds or does not.")
    systems: list[Literal["linux", "darwin", "windows"]] = Field(
        default=[], description="Where it can be measured; none: anywhere."
    )
    ours: SideModel
    peer: SideModel


class ClaimsFile(Strict):
    """`chapters/NN_topic/claims.toml`."""

    claims: list[ClaimModel] = Field(min_length=1)


@dataclass(frozen=True)
class Claim:
    """A claim and the chapter that makes it."""

    chapter: Chapter
    model: ClaimModel

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def measurable_here(self) -> bool:
        return not self.model.systems or platform.system().lower() in self.model.systems

    @property
    def sides(self) -> tuple[SideModel, SideModel]:
        return self.model.ours, self.model.peer


def load(course: Course) -> list[Claim]:
    """Every claim of the course. Raises `CourseError` with file, line and field where a registry is broken."""
    found: list[Claim] = []
    for chapter in course.chapters:
        path = course.root / "chapters" / chapter.name / "claims.toml"
        if path.exists():
            found += [Claim(chapter, model) for model in schema.read(path, ClaimsFile).claims]
    for claim in found:
        same = [other.chapter.name for other in found if other.name == claim.name]
        if len(same) > 1:
            raise CourseError(f"{len(same)} claims are called '{claim.name}' ({', '.join(same)}); names are unique.")
    return found
