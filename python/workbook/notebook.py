"""A notebook's master, and what is made of it: the notebook that a learner opens, and the solved one with its outputs.

The master is `solutions/notebooks/NN_topic.md`, Markdown as jupytext reads it: a fenced block in the kernel's language
is a code cell, everything else is text. What a learner is to write stands between the markers of an exercise's master:

    ```rust turn="lend-it" points=1
    // TODO: what to do
    // [starter]
    // total(weights)
    // [solution]
    total(&weights)
    // [end]
    ```

Two files are generated from it and committed:

    solutions/notebooks/NN_topic.ipynb   solved, with the outputs of a real run; nbval compares against these
    notebooks/NN_topic.ipynb             the same cells and outputs; each turn has its starter and what it should print

A run (`notebook_run`) is needed only when code has changed. Everything else here is text, and the standard library's.
docs/notebooks.md has the format in full.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook import exercise
from workbook.course import Chapter, Course, CourseError
from workbook.exercise import Master, MasterError

MASTERS = "solutions/notebooks"
LEARNERS = "notebooks"

TURN, DECIDES, VARIES, RAISES, SKIP = "your-turn", "decides", "nbval-ignore-output", "raises-exception", "nbval-skip"
"""The tags: the last three are nbval's and nbclient's own."""

ATTRIBUTES = {"turn", "points", "decides", "varies", "raises"}
TURNS = range(2, 5)
"""How many turns a notebook has."""

HEADER = re.compile(r"\A---\n(?P<fields>.*?)\n---\n", re.DOTALL)
KERNEL = re.compile(r"(?m)^    name: (?P<name>\S+)$")
FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
ATTRIBUTE = re.compile(r'\s*(?P<key>\w+)=(?P<value>"(?:[^"\\]|\\.)*"|\d+)')
SLUG = re.compile(r"[a-z][a-z0-9-]*")
NAME = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class Kernel:
    """What runs a notebook. `name` and `language` are those that Jupyter knows it by."""

    name: str
    display: str
    language: str
    comment: str
    suffix: str


KERNELS = {
    "rust": Kernel("rust", "Rust", "rust", "//", ".rs"),
    "python3": Kernel("python3", "Python 3 (ipykernel)", "python", "#", ".py"),
}


@dataclass(frozen=True)
class Cell:
    """A cell of a master. `source` is what stands there, markers and all."""

    kind: str
    source: str
    line: int
    attributes: dict[str, str | int] = field(default_factory=dict)

    @property
    def turn(self) -> str | None:
        """The name of the turn that this cell is, if it is one."""
        return self._text("turn")

    @property
    def decides(self) -> str | None:
        """The name of the turn that this cell's output decides."""
        return self._text("decides")

    @property
    def varies(self) -> str | None:
        """Why this cell's output is not the same each time."""
        return self._text("varies")

    @property
    def raises(self) -> str | None:
        """The error code or exception that this cell ends with, on purpose."""
        return self._text("raises")

    @property
    def points(self) -> int:
        return int(self.attributes.get("points", 1))

    def _text(self, name: str) -> str | None:
        value = self.attributes.get(name)
        return None if value is None else str(value)


@dataclass(frozen=True)
class Notebook:
    """A notebook's master, read."""

    path: Path
    """The master, relative to the course's root."""
    kernel: Kernel
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.cells[0].source.splitlines()[0].removeprefix("# ")

    @property
    def solved_path(self) -> str:
        return f"{MASTERS}/{self.name}.ipynb"

    @property
    def learner_path(self) -> str:
        return f"{LEARNERS}/{self.name}.ipynb"

    @property
    def code(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.kind == "code")

    @property
    def turns(self) -> tuple[Cell, ...]:
        """The cells that the learner writes, in order."""
        return tuple(cell for cell in self.cells if cell.turn)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """One id a cell, in order. A turn keeps its own whatever changes around it; another's goes with its text."""
        ids: list[str] = []
        for cell in self.cells:
            if cell.turn:
                wanted = f"turn-{cell.turn}"
            elif cell.decides:
                wanted = f"decides-{cell.decides}"
            else:
                wanted = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:8]
            count = sum(used == wanted or used.startswith(f"{wanted}_") for used in ids)
            # nbformat takes letters, digits, - and _.
            ids.append(f"{wanted}_{count + 1}" if count else wanted)
        return tuple(ids)

    def master(self, cell: Cell) -> Master:
        """A code cell's starter and solution. Raises `MasterError`."""
        return exercise.parse(cell.source, self.path, self.kernel.comment, cell.line + 1)

    def solution(self, cell: Cell) -> str:
        """What stands in the cell when it is solved."""
        return self.master(cell).solution().rstrip("\n") if cell.kind == "code" else cell.source

    def starter(self, cell: Cell) -> str:
        """What a learner finds in the cell."""
        if not cell.turn:
            return self.solution(cell)
        plural = "s" if cell.points != 1 else ""
        head = f"{self.kernel.comment} Your turn: {cell.turn} ({cell.points} point{plural})"
        return f"{head}\n{self.master(cell).starter()}".rstrip("\n")

    def solved(self, outputs: Sequence[Sequence[dict[str, Any]]] | None) -> dict[str, Any]:
        """The solved notebook as JSON, with one list of outputs for each code cell; without outputs before a run."""
        said: Sequence[Sequence[dict[str, Any]] | None] = [None] * len(self.code) if outputs is None else outputs
        return self._document(
            self._code_cell(cell, cell_id, self.solution(cell), count, said[count - 1])
            if cell.kind == "code"
            else _text_cell(cell_id, cell.source)
            for cell, cell_id, count in self._numbered()
        )

    def learner(self, outputs: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
        """The learner's notebook as JSON, made of the outputs of the solved one."""
        return self._document(self._learner_cells(outputs))

    def expected(self, turn: str, outputs: Sequence[Sequence[dict[str, Any]]]) -> str:
        """What the cells that decide a turn print when it is right: the text of their outputs, in order."""
        parts = [
            text_of(said)
            for cell, said in zip(self.code, outputs, strict=True)
            if cell.decides == turn or (cell.turn == turn and said)
        ]
        return "\n".join(part for part in parts if part)

    def _learner_cells(self, outputs: Sequence[Sequence[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        last = {cell.turn or cell.decides: cell for cell in self.cells if cell.turn or cell.decides}
        for cell, cell_id, count in self._numbered():
            if cell.kind != "code":
                yield _text_cell(cell_id, cell.source)
                continue
            turn = cell.turn or cell.decides
            # Neither is run by nbval as long as the turn is open: a starter need not even compile.
            document = self._code_cell(
                cell, cell_id, self.starter(cell), count, None if turn else outputs[count - 1], skip=bool(turn)
            )
            yield document
            if turn and last[turn] is cell:
                text = f"Expected of `{turn}`:\n\n```text\n{self.expected(turn, outputs)}\n```"
                yield {**_text_cell(f"expected-{turn}", text), "metadata": {"deletable": False, "editable": False}}

    def _numbered(self) -> Iterator[tuple[Cell, str, int]]:
        """Each cell with its id and, for a code cell, its number among the code cells, from 1."""
        count = 0
        for cell, cell_id in zip(self.cells, self.ids, strict=True):
            count += cell.kind == "code"
            yield cell, cell_id, count

    def _code_cell(
        self,
        cell: Cell,
        cell_id: str,
        source: str,
        count: int,
        outputs: Sequence[dict[str, Any]] | None,
        *,
        skip: bool = False,
    ) -> dict[str, Any]:
        tags: list[str] = []
        metadata: dict[str, Any] = {}
        if cell.turn:
            metadata["deletable"] = False
            metadata["workbook"] = {"turn": cell.turn, "points": cell.points}
            tags.append(TURN)
        if cell.decides:
            metadata |= {"deletable": False, "editable": False, "workbook": {"decides": cell.decides}}
            tags.append(DECIDES)
        if cell.varies:
            metadata["workbook"] = {"varies": cell.varies}
            tags.append(VARIES)
        if cell.raises:
            metadata["workbook"] = {"raises": cell.raises}
            tags.append(RAISES)
        if skip:
            tags.append(SKIP)
        if tags:
            metadata["tags"] = tags
        return {
            "cell_type": "code",
            "execution_count": None if outputs is None else count,
            "id": cell_id,
            "metadata": metadata,
            "outputs": [] if outputs is None else [_numbered_output(output, count) for output in outputs],
            "source": _lines(source),
        }

    def _document(self, cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
        kernel = self.kernel
        return {
            "cells": list(cells),
            "metadata": {
                "kernelspec": {"display_name": kernel.display, "language": kernel.language, "name": kernel.name},
                "language_info": {"file_extension": kernel.suffix, "name": kernel.language},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }


def _text_cell(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": _lines(source)}


def _lines(text: str) -> list[str]:
    """A text as notebooks keep it: its lines with their ends, so that a change of one line is a change of one line."""
    return text.splitlines(keepends=True)


def _numbered_output(output: dict[str, Any], count: int) -> dict[str, Any]:
    # The kernels count differently, and no reader cares.
    return {**output, "execution_count": count} if output.get("output_type") == "execute_result" else dict(output)


def text_of(outputs: Iterable[dict[str, Any]]) -> str:
    """What outputs say in words: streams but standard error, and results. A trailing line end is not part of it."""
    parts = []
    for output in outputs:
        if output["output_type"] == "stream" and output.get("name") == "stdout":
            parts.append("".join(output["text"]))
        elif output["output_type"] in ("execute_result", "display_data"):
            parts.append("".join(output["data"].get("text/plain", "")))
    return "\n".join(part.rstrip("\n") for part in parts if part.rstrip("\n"))


# --- reading --------------------------------------------------------------------------------------------------------


def read(course: Course, path: Path) -> Notebook:
    """Reads a master. Raises `MasterError` with file and line."""
    shown = path.relative_to(course.root)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{shown.as_posix()}: {error.strerror or error}") from None
    return parse(text, shown)


def parse(text: str, path: Path) -> Notebook:
    """Splits a master's text into cells. `path`, relative to the course, gives its name."""
    header = HEADER.match(text)
    kernel = KERNELS.get(found["name"]) if header and (found := KERNEL.search(header["fields"])) else None
    if not header or not kernel:
        problem = f"must open with jupytext's header, and its kernelspec's name be one of: {', '.join(KERNELS)}"
        raise MasterError(path, 1, problem)
    cells: list[Cell] = []
    words: list[str] = []
    begun = 0
    lines = text.splitlines()
    number = text[: header.end()].count("\n")

    def close() -> None:
        prose = "\n".join(words).strip("\n")
        if prose:
            cells.append(Cell("markdown", prose, begun))
        words.clear()

    while number < len(lines):
        line = lines[number]
        number += 1
        fence = FENCE.match(line)
        if not words:
            begun = number
        if not fence:
            if not line.strip() and words and not words[-1].strip():
                raise MasterError(path, number, "two empty lines: jupytext would begin a new cell here")
            words.append(line)
            continue
        opened, inner = number, []
        while number < len(lines) and lines[number].rstrip() != fence["ticks"]:
            inner.append(lines[number])
            number += 1
        if number == len(lines):
            raise MasterError(path, opened, f"this block is never closed: {fence['ticks']} is missing")
        number += 1
        language, _, rest = fence["info"].strip().partition(" ")
        if language == kernel.language:
            close()
            cells.append(Cell("code", "\n".join(inner), opened, _attributes(rest, path, opened)))
        elif language in {other.language for other in KERNELS.values()}:
            problem = f"jupytext would take this for a cell in {language}; for a sample to read, write "
            raise MasterError(path, opened, problem + ("```py" if language == "python" else "```rs"))
        else:
            words += [line, *inner, fence["ticks"]]
    close()
    return Notebook(path, kernel, tuple(cells))


def _attributes(text: str, path: Path, line: int) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    rest = text.strip()
    while rest:
        match = ATTRIBUTE.match(rest)
        if not match:
            raise MasterError(path, line, f'`{rest}` is not understood: a cell takes key="text" or key=number')
        if match["key"] not in ATTRIBUTES:
            known = ", ".join(sorted(ATTRIBUTES))
            raise MasterError(path, line, f"`{match['key']}` is no attribute of a cell; there are: {known}")
        value = match["value"]
        found[match["key"]] = json.loads(value)
        rest = rest[match.end() :].strip()
    return found


def masters(course: Course) -> list[Path]:
    """The master of every notebook, in the chapters' order."""
    return sorted((course.root / MASTERS).glob("*.md"))


def load(course: Course) -> list[Notebook]:
    """Every notebook's master. Raises `MasterError` for the first that cannot be read."""
    return [read(course, path) for path in masters(course)]


def find(course: Course, name: str) -> Notebook:
    """Finds `03_traits_curves`, its file's name or path, or what a chapter is called by: `traits`, `03`, `3`."""
    found = load(course)
    wanted = Path(name.replace("\\", "/")).name.removesuffix(".ipynb").removesuffix(".md")
    for notebook in found:
        number, _, topic = notebook.name.partition("_")
        if wanted in (notebook.name, topic, number, number.lstrip("0")):
            return notebook
    import difflib

    near = difflib.get_close_matches(wanted, [notebook.name for notebook in found], n=3, cutoff=0.4)
    known = ", ".join(notebook.name for notebook in found) or "none yet"
    advice = f"Did you mean {' or '.join(near)}?" if near else f"There are: {known}."
    raise CourseError(f"There is no notebook '{name}'. {advice}")


def chapter_of(course: Course, name: str) -> Chapter | None:
    """The chapter that a notebook called `name` belongs to."""
    # A topic may be two words, so the chapters are asked and not the name.
    named = NAME.fullmatch(name)
    return next((item for item in course.chapters if named and f"{name}_".startswith(f"{item.name}_")), None)


# --- what is generated ----------------------------------------------------------------------------------------------


def render(document: dict[str, Any]) -> str:
    """A notebook's text, as nbformat writes it."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stored_outputs(course: Course, notebook: Notebook) -> list[list[dict[str, Any]]] | None:
    """The outputs of the committed run, one list a code cell; None if there is none, or the code has changed since."""
    try:
        stored = json.loads((course.root / notebook.solved_path).read_text(encoding="utf-8"))
        ran = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in ran]
        if sources != [notebook.solution(cell) for cell in notebook.code]:
            return None
        if stored["metadata"]["kernelspec"]["name"] != notebook.kernel.name:
            return None
        if any(cell["execution_count"] is None for cell in ran):
            return None
        return [cell["outputs"] for cell in ran]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def generated(course: Course) -> Iterator[tuple[Path, str]]:
    """The generated files of every notebook whose run is up to date, with the text that each should have."""
    for path in masters(course):
        try:
            notebook = read(course, path)
            outputs = stored_outputs(course, notebook)
        except MasterError:
            continue  # `faults` reports it.
        if outputs is not None:
            yield course.root / notebook.solved_path, render(notebook.solved(outputs))
            yield course.root / notebook.learner_path, render(notebook.learner(outputs))


def unrun(course: Course) -> list[Notebook]:
    """The notebooks whose code is not that of the committed run."""
    return [notebook for notebook in load(course) if stored_outputs(course, notebook) is None]


# --- rules ----------------------------------------------------------------------------------------------------------


def faults(course: Course) -> Iterator[tuple[str, str]]:
    """Every broken rule of the notebooks, as a place and a problem. No kernel is started."""
    known = set()
    for path in masters(course):
        shown = path.relative_to(course.root).as_posix()
        known.add(path.stem)
        chapter = chapter_of(course, path.stem)
        if not chapter:
            yield shown, "belongs to no chapter"
        else:
            yield from _sent_to(course, chapter, path.stem)
        try:
            notebook = read(course, path)
            yield from _cells(notebook)
        except MasterError as error:
            yield shown, str(error).removeprefix(f"{path.relative_to(course.root)}:").strip()
            continue
        outputs = stored_outputs(course, notebook)
        if outputs is None:
            yield notebook.solved_path, "is not a run of its master: 'workbook author sync' runs it"
        else:
            yield from _outputs(notebook, outputs)
    for folder, suffixes in ((MASTERS, (".md", ".ipynb")), (LEARNERS, (".ipynb",))):
        for path in sorted((course.root / folder).glob("*")):
            if not path.name.startswith(".") and (path.suffix not in suffixes or path.stem not in known):
                yield f"{folder}/{path.name}", f"has no master in {MASTERS}/"


def _sent_to(course: Course, chapter: Chapter, name: str) -> Iterator[tuple[str, str]]:
    """A reader of the lesson hears of the notebook, and what to type."""
    lesson = f"chapters/{chapter.name}/README.md"
    command = f"`python3 workbook lab {name}`"
    try:
        text = course.file(lesson).read_text(encoding="utf-8")
    except OSError:
        # That it is missing is said elsewhere.
        return
    if command not in text:
        yield lesson, f"never sends the reader to the notebook: {command}"


def _cells(notebook: Notebook) -> Iterator[tuple[str, str]]:
    where = notebook.path.as_posix()
    first = notebook.cells[0] if notebook.cells else None
    if not first or first.kind != "markdown" or not first.source.startswith("# "):
        yield where, "does not begin with a title: `# …`"
    if len(notebook.turns) not in TURNS:
        problem = f"has {len(notebook.turns)} cells that are the learner's; there are {TURNS.start} to {TURNS.stop - 1}"
        yield where, problem
    seen: set[str] = set()
    for place, cell in enumerate(notebook.cells):
        here = f"{where}:{cell.line}"
        if cell.kind != "code":
            continue
        master = notebook.master(cell)
        if len({"turn", "decides", "varies", "raises"} & cell.attributes.keys()) > 1:
            yield here, "is more than one of turn, decides, varies, raises"
        if cell.turn:
            yield from _turn(notebook, cell, master, seen, here)
            seen.add(cell.turn)
        elif master.blocks:
            yield here, 'has a starter, and is no turn: write turn="name" behind the language'
        if cell.decides and cell.decides not in seen:
            yield here, f"decides '{cell.decides}', and no turn of that name stands before it"
        if cell.varies is not None:
            after = next((other for other in notebook.cells[place + 1 :] if other.kind == "code"), None)
            if not cell.varies.strip():
                yield here, 'varies and does not say why: varies="the reason"'
            if "assert" not in cell.source + (after.source if after else ""):
                yield here, "varies, and neither it nor the next code cell asserts what must hold all the same"


def _turn(notebook: Notebook, cell: Cell, master: Master, seen: set[str], here: str) -> Iterator[tuple[str, str]]:
    name = str(cell.turn)
    if not SLUG.fullmatch(name):
        yield here, f"'{name}' cannot name a turn: lower-case letters, digits and - only"
    if name in seen:
        yield here, f"is the second turn called '{name}'"
    if not master.blocks:
        yield here, f"the turn '{name}' has no place to work: no `{notebook.kernel.comment} [starter]`"
    if cell.points < 1:
        yield here, f"the turn '{name}' has no points"
    for block in master.blocks:
        if not block.todo:
            yield here, f"no `{notebook.kernel.comment} TODO: …` directly above the starter of '{name}'"
        if block.starter == block.solution:
            yield here, f"the starter of '{name}' is its solution"


def _outputs(notebook: Notebook, outputs: Sequence[Sequence[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """The committed run went as its master says."""
    for number, (cell, said) in enumerate(zip(notebook.code, outputs, strict=True), start=1):
        here = f"{notebook.solved_path}: code cell {number}"
        errors = [output for output in said if output["output_type"] == "error"]
        told = "\n".join("\n".join([error["ename"], error["evalue"], *error["traceback"]]) for error in errors)
        if errors and not cell.raises:
            yield here, f"ended with {errors[0]['ename']}: {errors[0]['evalue']}"
        if cell.raises and cell.raises not in told:
            yield here, f"should end with {cell.raises}, and ended with {told.splitlines()[0] if told else 'no error'}"
        if not cell.varies and any(output.get("name") == "stderr" for output in said):
            yield here, "wrote to standard error, which nobody can rely on to come in order"
    for turn in notebook.turns:
        if not notebook.expected(str(turn.turn), outputs):
            yield f"{notebook.path.as_posix()}:{turn.line}", f"nothing is printed that could decide '{turn.turn}'"
