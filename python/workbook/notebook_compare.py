"""Outputs beside outputs, as nbval compares them: the same rule for a learner's turn as for the course's own cells.

nbval's comparison is a method of a pytest item. It is called here without pytest, on an object that has what it asks
for; a difference is kept as a sentence instead of a coloured report.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import nbformat
from nbval.plugin import IPyNbCell, coalesce_streams, nocolors

from workbook.notebook import text_of

# As nbval's collector sets it for a file (tests/test_grade_notebooks.py holds the two together): what differs from run
# to run, and pictures, which are not compared byte for byte.
SKIPPED = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    "application/vnd.jupyter.widget-view+json",
    "image/png",
    "image/jpeg",
)


class _Comparer:
    """Stands where nbval has a pytest item."""

    compare_outputs: Any = IPyNbCell.compare_outputs
    sanitize: Any = IPyNbCell.sanitize
    colors = nocolors

    def __init__(self) -> None:
        self.parent = SimpleNamespace(skip_compare=SKIPPED, sanitize_patterns={})
        self.comparison_traceback: list[str] = []

    def format_output_compare(self, key: str, left: Any, right: Any) -> None:
        """nbval's own asks pytest's hooks for a report; `difference` writes one."""


def same(got: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]) -> bool:
    """Whether a cell said what it should. Standard error is left out: a warning is no mistake."""
    try:
        return bool(_Comparer().compare_outputs(_nodes(got), _nodes(wanted)))
    except (AttributeError, TypeError):
        # Where outputs differ that are no text, nbval stumbles over the report that it makes of it.
        return False


def difference(got: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]) -> str:
    """Where two outputs part, as a sentence without its full stop."""
    theirs, ours = text_of(got).splitlines(), text_of(wanted).splitlines()
    for number, (mine, expected) in enumerate(zip(theirs, ours, strict=False), start=1):
        if mine != expected:
            return f"line {number} should be {_quoted(expected)}, and is {_quoted(mine)}"
    if len(theirs) < len(ours):
        return f"line {len(theirs) + 1} is missing: {_quoted(ours[len(theirs)])}"
    if len(theirs) > len(ours):
        return f"line {len(ours) + 1} is too much: {_quoted(theirs[len(ours)])}"
    return "it reads the same, and is another kind of output: printed in place of shown, or with a picture more or less"


def error_of(outputs: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The error that a cell ended with, if it did."""
    return next((output for output in outputs if output["output_type"] == "error"), None)


def _quoted(line: str) -> str:
    line = line.replace("`", "'")
    return f"`{line if len(line) <= 120 else line[:120] + ' …'}`"


def _nodes(outputs: Sequence[dict[str, Any]]) -> list[Any]:
    """What nbval takes: nodes with whole texts, streams of the same name in one piece."""
    kept = [copy.deepcopy(output) for output in outputs if output.get("name") != "stderr"]
    for output in kept:
        for holder in (output, output.get("data", {})):
            for key, value in holder.items():
                if isinstance(value, list) and all(isinstance(line, str) for line in value) and key != "traceback":
                    holder[key] = "".join(value)
    return list(coalesce_streams([nbformat.from_dict(output) for output in kept]))
