"""Runs a notebook in a fresh kernel, for the author: what it prints becomes the outputs that are committed.

Needs the group `notebooks` and the notebook's kernel; `prepare` sees to both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from workbook import extension, groups, kernels
from workbook.course import Course, CourseError
from workbook.files import write_atomically
from workbook.notebook import LEARNERS, Notebook, render

CELL_WAIT = 600
"""Seconds for one cell: the first may build a crate with all that it needs."""


MODULE = "rust_ai_tools"
"""What a notebook names if it needs the compiled module, which takes a minute or two to build."""

RESET = "\x1b[0m"
COLOURED = re.compile(r"(\x1b\[[\d;]*m)?([^\x1b]*)")


class RunError(CourseError):
    """A notebook did not run to its end; the message says at which cell, and why."""


def prepare(notebooks: list[Notebook], notify: Callable[[str], None] | None = None) -> None:
    """Makes what these notebooks need ready: packages, the Rust kernel, the compiled module. Raises `CourseError`."""
    groups.ensure("notebooks")
    os.environ.update(kernels.settings(groups.ROOT))
    languages = {notebook.kernel.language for notebook in notebooks}
    if "rust" in languages:
        kernels.ensure_rust(notify)
    if any(MODULE in cell.source for notebook in notebooks for cell in notebook.code):
        extension.ensure(notify)


def store(course: Course, notebook: Notebook) -> None:
    """Runs the solved notebook and writes it with its outputs. Raises `RunError`; then the old file stays."""
    outputs = execute(course, notebook.solved(None))
    path = course.root / notebook.solved_path
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, render(notebook.solved(outputs)))


def execute(course: Course, document: dict[str, Any], *, to_the_end: bool = False) -> list[list[dict[str, Any]]]:
    """Runs a notebook, given as JSON, in a fresh kernel; returns the outputs of each code cell.

    An error ends the run with a `RunError`, unless its cell is tagged `raises-exception` or `to_the_end` is set.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    node = nbformat.reads(render(document), as_version=4)
    client = NotebookClient(
        node,
        timeout=CELL_WAIT,
        allow_errors=to_the_end,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(course.root / LEARNERS)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        failed = next(cell for cell in reversed(node.cells) if cell.get("outputs"))
        told = [line for output in failed.outputs for line in output.get("traceback", [output.get("text", "")])]
        raise RunError("\n".join(["This cell failed:", failed.source, *told]) or str(error)) from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise RunError(str(error)) from None
    return [[plain(output) for output in cell.outputs] for cell in node.cells if cell.cell_type == "code"]


def merged(line: str) -> str:
    """A line of a message without needless changes of colour: evcxr paints each letter by itself."""
    shown = wanted = ""
    pieces: list[str] = []
    for code, text in COLOURED.findall(line):
        if code:
            wanted = "" if code == RESET else code
        if text and wanted != shown:
            pieces += [RESET if shown else "", wanted]
            shown = wanted
        pieces.append(text)
    return "".join(pieces) + (RESET if shown else "")


def plain(output: Any) -> dict[str, Any]:
    """An output as it is stored: texts as lists of lines, nothing that differs from run to run."""
    kept = {key: value for key, value in output.items() if key != "transient"}
    if "text" in kept:
        kept["text"] = str(kept["text"]).splitlines(keepends=True)
    if "data" in kept:
        kept["data"] = {
            kind: value.splitlines(keepends=True) if kind.startswith("text/") or kind.endswith("+xml") else value
            for kind, value in kept["data"].items()
        }
        kept["metadata"] = {}
    if "traceback" in kept:
        kept["traceback"] = [merged(line) for line in kept["traceback"]]
    return kept
