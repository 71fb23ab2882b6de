"""What `grade notebooks` writes: notebooks.json, notebooks.csv, notebooks.xml (JUnit), and a page for each learner.

The names differ from those of `grade submissions`, so that both can write into one folder. `docs/grading.md` documents
the shapes, and `docs/schema/grade-notebooks.json` is the JSON's schema.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook import junit
from workbook.course import CourseError
from workbook.files import write_atomically
from workbook.grade_feedback import code, plain, set_in
from workbook.grade_gradebooks import harmless
from workbook.grade_notebooks import Item, Learner, TurnMark
from workbook.verdict import Check, Verdict

FORMAT = 1
MOST_PROBLEMS = 40


class Reports:
    """The output folder. `waiting` are the learners not graded yet."""

    def __init__(self, items: Sequence[Item], out: Path) -> None:
        self.items, self.out = items, out
        self.graded: list[Learner] = []
        self.waiting: list[str] = []
        try:
            (out / "feedback").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(
                f"{out} cannot be made: {error.strerror or error}. Name another folder with --out."
            ) from None

    def add(self, learner: Learner) -> None:
        """Takes a learner's marks, and writes their page."""
        name = re.sub(r'[<>:"/\\|?*]', "_", learner.learner)
        write_atomically(self.out / "feedback" / f"{name}.notebooks.md", "\n".join(_feedback(learner)) + "\n")
        self.graded.append(learner)
        self.waiting.remove(learner.learner)

    def results(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": not self.waiting,
            "notebooks": [item.name for item in self.items],
            "not_graded": self.waiting,
            "learners": [learner.to_json() for learner in self.graded],
        }

    def close(self) -> None:
        """Writes the reports about the class, if anybody is graded."""
        if not self.graded:
            return
        write_atomically(self.out / "notebooks.json", json.dumps(self.results(), indent=2, ensure_ascii=False) + "\n")
        write_atomically(self.out / "notebooks.csv", _csv(self.graded))
        junit.write_suites(self.out / "notebooks.xml", {each.learner: list(_cases(each)) for each in self.graded})


def table(graded: Sequence[Learner]) -> None:
    """The class on standard output: a line a learner."""
    width = max((len(learner.learner) for learner in graded), default=0)
    for learner in graded:
        count = len(learner.problems)
        noted = f"  {count} remark{'s' * (count != 1)} about the files" if count else ""
        print(f"{learner.learner:<{width}}  {learner.points:>4} of {learner.total}{noted}")


def _csv(graded: Sequence[Learner]) -> str:
    """A row a learner: the sum, then a column a turn."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    turns = [f"{mark.notebook}/{turn.turn}" for mark in graded[0].notebooks for turn in mark.turns]
    writer.writerow(["learner", "points", "total", *turns])
    for learner in graded:
        points = [turn.points for mark in learner.notebooks for turn in mark.turns]
        writer.writerow([harmless(learner.learner), learner.points, learner.total, *points])
    return text.getvalue()


def _cases(learner: Learner) -> Iterator[Verdict]:
    """A learner's marks as verdicts, one a turn. Only a turn with all of its points passes."""
    for mark in learner.notebooks:
        for turn in mark.turns:
            passed = turn.state == "passed"
            message = turn.message if not turn.points else f"{turn.points} of {turn.total} points. {turn.message}"
            check = Check(turn.turn, "passed" if passed else "failed", 0.0, turn.message, turn.expected, turn.got or "")
            yield Verdict(
                mark.notebook,
                turn.turn,
                passed,
                "done" if passed else "check",
                code=None if passed else turn.reason or turn.state,
                message=message,
                checks=[check] if turn.got is not None else [],
            )


# --- feedback -------------------------------------------------------------------------------------------------------


def _feedback(learner: Learner) -> Iterator[str]:
    yield f"# {plain(learner.learner)}, notebooks: {learner.points} of {learner.total} points"
    for mark in learner.notebooks:
        yield ""
        yield f"## {mark.notebook}: {mark.points} of {mark.total}"
        yield ""
        if all(turn.state == "missing" for turn in mark.turns) and mark.path is None:
            yield "Not handed in."
            continue
        for turn in mark.turns:
            yield f"- `{turn.turn}`, {turn.points} of {turn.total}: {_line(turn)}"
        for turn in mark.turns:
            if turn.got is not None and turn.state != "passed":
                yield from _compared(turn)
    if learner.problems:
        yield from ("", "## The files", "")
        shown = learner.problems[:MOST_PROBLEMS]
        yield from (f"- {code(each.path)} {plain(each.problem)}." for each in shown)
        if len(learner.problems) > len(shown):
            yield f"- {len(learner.problems) - len(shown)} more remarks are in notebooks.json."


def _line(turn: TurnMark) -> str:
    return " ".join(plain(turn.message).split())


def _compared(turn: TurnMark) -> Iterator[str]:
    yield from ("", f"### `{turn.turn}`", "", "Expected:", "")
    yield from set_in(turn.expected)
    yield from ("", "Got:", "")
    yield from set_in(turn.got or "(nothing)")
