"""`author mutants`: are the checks worth anything? Each solution is changed a little, and the checks must notice.

cargo-mutants finds the changes: a function that returns a constant, `<` in place of `<=`, an arm that is gone. Its own
way to judge them is a build of the package for each. Here they are answers like any learner's, and judged as these are
(`guarded.py`), each compiled by itself.

A mutant that does not compile says nothing. One that passes all checks survives: a check is too weak, or the change
makes no difference that a check could see. `benchmarks/mutants.toml` lists the survivors, each with its reason.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from workbook import exercise, guarded, sandbox, tools
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.scratch import Answer

VERSION = "27.1.0"
SCRATCH = ".mutants"
SURVIVORS = "benchmarks/mutants.toml"
WANTED = 0.95
"""The share of viable mutants that must be caught."""

MANIFEST = '[package]\nname = "masters"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n'

Fate = Literal["caught", "survived", "unviable"]


@dataclass(frozen=True)
class Mutant:
    """A solution with one change. `name` says which, without its line: lines move."""

    item: Exercise
    name: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        return f"{self.item.chapter}/{self.item.name}", self.name


@dataclass
class Tally:
    """What became of a chapter's mutants."""

    chapter: str
    counts: Counter[Fate] = field(default_factory=Counter)
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def viable(self) -> int:
        return self.counts["caught"] + self.counts["survived"]


def main(course: Course, chapters: Sequence[Chapter], *, as_json: bool = False) -> int:
    """Judges all mutants of the chapters. Returns 1 where too many survive, or one for no reason that is known."""
    known = reasons(course.root)
    cell = sandbox.find()
    new: list[Mutant] = []
    tallies = []
    for chapter in chapters:
        tally = judge(course, chapter, list(find(course, chapter)), cell)
        tallies.append(tally)
        if not as_json:
            share = tally.counts["caught"] / tally.viable if tally.viable else 1.0
            print(
                f"{chapter.name}: {tally.counts['caught']} of {tally.viable} caught ({share:.1%}), "
                f"{tally.counts['unviable']} do not compile",
                flush=True,
            )
        for mutant in tally.survivors:
            if mutant.key not in known:
                new.append(mutant)
            if not as_json:
                print(f"  {mutant.item.name}: {mutant.name}: {known.get(mutant.key, 'NO REASON')}", flush=True)
    if as_json:
        print(json.dumps([_to_json(tally) for tally in tallies], indent=2))
    viable = sum(tally.viable for tally in tallies)
    caught = sum(tally.counts["caught"] for tally in tallies)
    if not as_json:
        print(f"{caught} of {viable} viable mutants are caught, {len(new)} survive for no reason that is written down")
    return int(bool(new) or caught < WANTED * viable)


def _to_json(tally: Tally) -> dict[str, Any]:
    survivors = [{"exercise": mutant.item.name, "mutant": mutant.name} for mutant in tally.survivors]
    counts = {str(fate): count for fate, count in tally.counts.items()}
    return {"chapter": tally.chapter, **counts, "survivors": survivors}


def reasons(root: Path) -> dict[tuple[str, str], str]:
    """Why each known survivor may survive, by exercise and mutant."""
    data = tomllib.loads((root / SURVIVORS).read_text(encoding="utf-8"))
    return {(entry["exercise"], entry["mutant"]): entry["reason"] for entry in data.get("survivors", [])}


def find(course: Course, chapter: Chapter) -> Iterator[Mutant]:
    """The mutants of a chapter's solutions, in the course's order. Raises `CourseError`."""
    program = tools.ensure_tool("cargo-mutants", VERSION, minutes=4)
    texts: dict[str, str] = {}
    for item in chapter.exercises:
        master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
        texts[item.name] = master.solution()
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        source = Path(folder) / "src"
        source.mkdir()
        (source.parent / "Cargo.toml").write_text(MANIFEST, encoding="utf-8")
        (source / "lib.rs").write_text("".join(f"mod {name};\n" for name in texts), encoding="utf-8")
        for item in chapter.exercises:
            # Without the last two lines: the checks are not what is changed.
            body = texts[item.name].removesuffix(f"{item.footer}\n")
            (source / f"{item.name}.rs").write_text(body, encoding="utf-8")
        command = [str(program), "mutants", "--list", "--json", "--dir", folder]
        said = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    if said.returncode != 0:
        raise CourseError(f"cargo-mutants could not read the solutions of {chapter.name}: {said.stderr.strip()[-300:]}")
    items = {f"src/{item.name}.rs": item for item in chapter.exercises}
    seen: Counter[tuple[str, str]] = Counter()
    for found in json.loads(said.stdout):
        item = items[found["file"]]
        name = re.sub(r"^\S+:\d+:\d+: ", "", found["name"])
        seen[item.name, name] += 1
        numbered = f"{name} ({seen[item.name, name]})" if seen[item.name, name] > 1 else name
        yield Mutant(item, numbered, changed(texts[item.name], found["span"], found["replacement"]))


def changed(text: str, span: dict[str, dict[str, int]], replacement: str) -> str:
    """A text with a part of it replaced. Lines and columns count from 1, and columns are characters."""
    lines = text.splitlines(keepends=True)

    def offset(place: dict[str, int]) -> int:
        return sum(len(line) for line in lines[: place["line"] - 1]) + place["column"] - 1

    return text[: offset(span["start"])] + replacement + text[offset(span["end"]) :]


def judge(course: Course, chapter: Chapter, mutants: Sequence[Mutant], cell: sandbox.Cell | None) -> Tally:
    """What becomes of each mutant before the course's own checks."""
    tally = Tally(chapter.name)
    ready = guarded.prepare(course, chapter, SCRATCH)
    answers = [Answer(mutant.item, mutant.item.name, mutant.text, mutant.item.limit) for mutant in mutants]
    for mutant, outcome in zip(mutants, guarded.judge_all(course, ready, answers, cell=cell), strict=True):
        fate: Fate = "caught"
        if outcome.verdict.passed:
            fate = "survived"
            tally.survivors.append(mutant)
        elif outcome.verdict.stage == "compile":
            fate = "unviable"
        tally.counts[fate] += 1
    return tally
