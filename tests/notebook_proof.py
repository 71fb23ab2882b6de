"""What only kernels and Jupyter's own libraries can say of the notebooks. The step `notebooks` runs it beside nbval."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest

from workbook import course as courses
from workbook import notebook, notebook_run
from workbook.notebook import Notebook

ROOT = Path(__file__).resolve().parents[1]
COURSE = courses.load(ROOT)
NOTEBOOKS = notebook.load(COURSE)

every_notebook = pytest.mark.parametrize("item", NOTEBOOKS, ids=lambda item: item.name)


def stored(item: Notebook) -> list[list[dict[str, Any]]]:
    outputs = notebook.stored_outputs(COURSE, item)
    assert outputs is not None, f"{item.solved_path} is not a run of its master"
    return outputs


@every_notebook
def test_jupytext_reads_the_same_cells(item: Notebook) -> None:
    theirs = jupytext.read(ROOT / item.path)
    assert theirs.metadata.kernelspec.name == item.kernel.name
    assert [(cell.cell_type, cell.source) for cell in theirs.cells] == [(cell.kind, cell.source) for cell in item.cells]
    for cell, mine in zip(theirs.cells, item.cells, strict=True):
        assert {key: value for key, value in cell.metadata.items() if key in notebook.ATTRIBUTES} == mine.attributes


@every_notebook
@pytest.mark.parametrize("which", ["solved_path", "learner_path"])
def test_it_is_a_valid_notebook(item: Notebook, which: str) -> None:
    nbformat.validate(json.loads((ROOT / getattr(item, which)).read_text(encoding="utf-8")))


@every_notebook
def test_an_untouched_turn_is_not_right_and_harms_nothing_else(item: Notebook) -> None:
    """Every starter, in one fresh kernel that goes on after errors."""
    outputs = stored(item)
    document = item.solved(None)
    sources = {f"turn-{turn.turn}": item.starter(turn) for turn in item.turns}
    for cell in document["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    got = notebook_run.execute(COURSE, document, to_the_end=True)
    for turn in item.turns:
        name = str(turn.turn)
        assert item.expected(name, got) != item.expected(name, outputs), f"the starter of '{name}' is right"
    for cell, mine, theirs in zip(item.code, got, outputs, strict=True):
        if not (cell.turn or cell.decides or cell.varies or cell.raises):
            assert notebook.text_of(mine) == notebook.text_of(theirs), cell.source
