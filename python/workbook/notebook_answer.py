"""What a learner wrote into a notebook: the text of each turn, and whatever else about the file they should know.

Nothing else of the file is used: not its outputs, not its other cells, not their tags. They are looked at only to tell
the learner that the course's own count. Standard library only, and nothing in the file can make it raise.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook.notebook import Notebook

LARGEST = 32 << 20
"""Bytes of one notebook: the learner's outputs are in it, and pictures among them."""

LARGEST_TURN = 64 << 10
"""Bytes of one turn; the course's own have a few hundred."""

SHOWN = 60
MOST_EDITED = 4
"""Cells of the course that are named one by one when they were changed."""


@dataclass
class Answer:
    """`turns` has the text of each turn that can be graded, `refused` why another cannot; `problems` is the rest."""

    turns: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    fault: str | None = None
    """Why nothing of the file can be graded."""


@dataclass(frozen=True)
class _Cell:
    kind: str
    id: str
    turn: str | None
    source: str


class _NotANotebook(Exception):
    """The file is not a notebook that can be read; the message says why."""


def read(data: bytes, notebook: Notebook, version: str) -> Answer:
    """Takes the turns of `notebook` out of a learner's file. `version` is that of the notebook they are given now."""
    answer = Answer()
    try:
        document = _document(data)
        cells = _cells(document)
    except _NotANotebook as problem:
        answer.fault = str(problem)
        return answer
    language = _language(document)
    if language and language != notebook.kernel.language:
        answer.fault = (
            f"is a notebook in {language}, and {notebook.name} is in {notebook.kernel.language}: the kernel was "
            "changed, or this is another notebook"
        )
        return answer
    given = {str(turn.turn): [cell for cell in cells if cell.turn == turn.turn] for turn in notebook.turns}
    if not any(given.values()):
        answer.fault = f"holds no turn of {notebook.name} ({', '.join(given)})"
        return answer
    for name, found in given.items():
        _take(answer, name, found)
    begun_with = _copied_from(document)
    if begun_with and begun_with != version:
        # Whatever else is different is so because of that.
        answer.problems.append("was begun with another version of the notebook; this version's cells count")
    else:
        answer.problems += _remarks(notebook, cells)
    return answer


def turns_of(data: bytes) -> set[str]:
    """The names of all turns in a file; none if it is not a notebook. It tells which notebook a file is."""
    try:
        return {cell.turn for cell in _cells(_document(data)) if cell.turn}
    except _NotANotebook:
        return set()


# --- the file -------------------------------------------------------------------------------------------------------


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _NotANotebook(f"is not UTF-8 text (byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise _NotANotebook(f"is not a notebook: {_sentence(error)}") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        if isinstance(document, dict) and "worksheets" in document:
            raise _NotANotebook("is a notebook in a format before 4: open it in Jupyter and save it again")
        raise _NotANotebook("is JSON, but not a notebook: it has no list of cells")
    return document


def _sentence(error: Exception) -> str:
    return "its brackets go too deep" if isinstance(error, RecursionError) else f"{error}"[:120]


def _cells(document: dict[str, Any]) -> list[_Cell]:
    cells = []
    for cell in document["cells"]:
        if not isinstance(cell, dict):
            raise _NotANotebook("is not a notebook: one of its cells is none")
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise _NotANotebook("is not a notebook: a cell's source is no text")
        # Line ends of another system are no change.
        source = source.replace("\r\n", "\n")
        own = cell.get("id")
        cells.append(
            _Cell(str(cell.get("cell_type")), own if isinstance(own, str) else "", _turn(cell, source), source)
        )
    return cells


def _turn(cell: dict[str, Any], source: str) -> str | None:
    """The turn that a cell says it is: by its id, by its metadata; where a program dropped both, by its first line."""
    own = cell.get("id")
    if isinstance(own, str) and own.startswith("turn-"):
        return own.removeprefix("turn-")
    metadata = cell.get("metadata")
    ours = metadata.get("workbook") if isinstance(metadata, dict) else None
    if isinstance(ours, dict) and isinstance(ours.get("turn"), str):
        return str(ours["turn"])
    first = source.lstrip().split("\n", 1)[0].lstrip("#/ ")
    if first.startswith("Your turn: "):
        return first.removeprefix("Your turn: ").split(" ", 1)[0]
    return None


def _language(document: dict[str, Any]) -> str | None:
    """The language of the notebook's kernel, in lower case; None if the file does not say."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return None
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        about = metadata.get(part)
        if isinstance(about, dict) and isinstance(about.get(key), str):
            return str(about[key]).lower()
    return None


def _copied_from(document: dict[str, Any]) -> str | None:
    metadata = document.get("metadata")
    ours = metadata.get("workbook") if isinstance(metadata, dict) else None
    found = ours.get("copied_from") if isinstance(ours, dict) else None
    return found if isinstance(found, str) else None


# --- the turns ------------------------------------------------------------------------------------------------------


def _take(answer: Answer, name: str, found: list[_Cell]) -> None:
    """The turn's text, if it is clear which cell it is, and if it can be one."""
    if not found:
        return  # It is missing, and the mark says so.
    code = [cell for cell in found if cell.kind == "code"]
    if not code:
        answer.refused[name] = f"its cell was made a {found[0].kind} cell; it must be code"
        return
    texts = {cell.source for cell in code}
    if len(texts) > 1:
        # A copied cell gets an id of its own: the one that kept its name is the turn.
        original = [cell for cell in code if cell.id == f"turn-{name}"]
        if len(original) != 1:
            answer.refused[name] = f"its cell is there {len(code)} times, with different texts; keep one"
            return
        answer.problems.append(f"holds the turn '{name}' {len(code)} times; the cell that kept its name counts")
        code = original
    elif len(code) > 1:
        answer.problems.append(f"holds the turn '{name}' {len(code)} times, with the same text")
    text = code[0].source
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        answer.refused[name] = "its cell holds characters that are no text"
        return
    if size > LARGEST_TURN:
        answer.refused[name] = f"its cell has {size} bytes, and no more than {LARGEST_TURN} are read"
        return
    answer.turns[name] = text


# --- what the learner should know -----------------------------------------------------------------------------------


def _remarks(notebook: Notebook, cells: Sequence[_Cell]) -> Iterator[str]:
    """What is not the learner's and not the course's either. None of it changes a mark."""
    turns = {str(turn.turn) for turn in notebook.turns}
    for name in sorted({cell.turn for cell in cells if cell.turn} - turns):
        yield f"holds a turn '{name[:SHOWN]}' that this version of the notebook does not have"
    ours = {
        cell_id: (cell, notebook.solution(cell))
        for cell, cell_id in zip(notebook.cells, notebook.ids, strict=True)
        if cell.kind == "code" and not cell.turn
    }
    ids = {source: cell_id for cell_id, (_, source) in ours.items()}
    # A cell is the course's by its id; by its text where a program has dropped the ids.
    places: list[str] = []
    texts: dict[str, set[str]] = {cell_id: set() for cell_id in ours}
    others = 0
    for cell in cells:
        own = f"turn-{cell.turn}" if cell.turn in turns else cell.id if cell.id in ours else ids.get(cell.source, "")
        if not own:
            others += cell.kind == "code" and bool(cell.source.strip()) and not cell.turn
            continue
        places.append(own)
        if own in texts:
            texts[own].add(cell.source)
    edited = []
    for cell_id, (mine, source) in ours.items():
        if source not in texts[cell_id]:
            what = (
                f"the cell that decides '{mine.decides}'"
                if mine.decides
                else f"the course's cell {_first_line(source)}"
            )
            edited.append(f"has {what} changed" if texts[cell_id] else f"lacks {what}")
    if len(edited) > MOST_EDITED:
        edited = [f"has {len(edited)} of the course's cells changed or lacks them"]
    yield from (f"{what}; the course's own counts" for what in edited)
    copies = sum(count - 1 for own, count in Counter(places).items() if own in ours)
    if copies:
        yield f"holds {_counted(copies, 'copy', 'copies')} of the course's cells; each is run once, in its place"
    once = list(dict.fromkeys(places))
    if once != [cell_id for cell_id in notebook.ids if cell_id in once]:
        yield "has its cells in another order; they are run in the course's"
    if others:
        yield f"holds {_counted(others, 'cell', 'cells')} that the course does not have; only turns are graded"


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _first_line(source: str) -> str:
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return f"`{first[:SHOWN].replace('`', chr(39))}{' …' if len(first) > SHOWN else ''}`"
