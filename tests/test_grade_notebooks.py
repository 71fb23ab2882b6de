"""Grading notebooks: what is taken of a learner's file, what a turn is worth, and what a kernel cannot do to the rest."""

from __future__ import annotations

import copy as copies
import csv
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from junitparser import JUnitXml

from course_copy import Copy
from test_json import holds
from workbook import grade_notebooks, groups, lab, notebook, notebook_answer
from workbook import course as courses
from workbook.course import CourseError
from workbook.grade_notebooks import Item
from workbook.notebook import Notebook

NAME = "01_tensors"
RUST = "01_tensors_rust"

MASTER = """\
---
jupyter:
  kernelspec:
    display_name: Python 3 (ipykernel)
    language: python
    name: python3
---

# Three turns

```python
weights = [1.0, 2.0, 4.0]
len(weights)
```

```python turn="scale" points=2
# TODO: Multiply each of them.
# [starter]
# def scale(values, factor):
#     return values
# [solution]
def scale(values, factor):
    return [value * factor for value in values]
# [end]
```

```python decides="scale"
print("twice", scale(weights, 2.0))
print("still", weights)
```

Nothing, times two:

```python decides="scale"
scale([], 2.0)
```

```python turn="mean"
# TODO: Divide by how many there are.
# [starter]
# def mean(values):
#     return sum(values)
# [solution]
def mean(values):
    return sum(values) / len(values)
# [end]
```

```python decides="mean"
print("mean", round(mean(weights), 2))
```

```python turn="shape" points=3
# TODO: The last line of the cell is what is looked at.
# [starter]
# ()
# [solution]
(len(weights), 1)
# [end]
```
"""

# One list for each code cell, written by hand: the first test of a class holds a real kernel against it.
OUTPUTS: list[list[dict[str, Any]]] = [
    [{"output_type": "execute_result", "data": {"text/plain": ["3"]}, "metadata": {}, "execution_count": 1}],
    [],
    [
        {
            "output_type": "stream",
            "name": "stdout",
            "text": ["twice [2.0, 4.0, 8.0]\n", "still [1.0, 2.0, 4.0]\n"],
        }
    ],
    [{"output_type": "execute_result", "data": {"text/plain": ["[]"]}, "metadata": {}, "execution_count": 4}],
    [],
    [{"output_type": "stream", "name": "stdout", "text": ["mean 2.33\n"]}],
    [{"output_type": "execute_result", "data": {"text/plain": ["(3, 1)"]}, "metadata": {}, "execution_count": 7}],
]

RUST_MASTER = """\
---
jupyter:
  kernelspec:
    display_name: Rust
    language: rust
    name: rust
---

# In Rust

```rust
:dep tensors = { path = "../chapters/01_tensors" }
let weights: Vec<f32> = vec![1.0, 2.5];
```

```rust turn="sum"
// TODO: Only look at them.
// [starter]
// fn total(values: Vec<f32>) -> f32 {
//     values.iter().sum()
// }
// [solution]
fn total(values: &[f32]) -> f32 {
    values.iter().sum()
}
// [end]
```

```rust decides="sum"
println!("{}", total(&weights));
```

```rust turn="count"
// TODO: Count them.
// [starter]
// let count: usize = 0;
// [solution]
let count: usize = weights.len();
// [end]
```

```rust decides="count"
println!("{count} weights");
```
"""

RUST_OUTPUTS: list[list[dict[str, Any]]] = [
    [],
    [],
    [{"output_type": "stream", "name": "stdout", "text": ["3.5\n"]}],
    [],
    [{"output_type": "stream", "name": "stdout", "text": ["2 weights\n"]}],
]

SCALE = "def scale(values, factor):\n    return [value * factor for value in values]\n"
MEAN = "def mean(values):\n    return sum(values) / len(values)\n"
SHAPE = "len(weights), 1\n"
ALL = {"scale": SCALE, "mean": MEAN, "shape": SHAPE}
TOTAL = 6


def add_notebook(course: Copy, name: str, master: str, outputs: list[list[dict[str, Any]]]) -> None:
    """What `author sync` writes, with outputs that are given."""
    path = course.root / notebook.MASTERS / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(master, encoding="utf-8")
    parsed = notebook.read(course.course(), path)
    path.with_suffix(".ipynb").write_text(notebook.render(parsed.solved(outputs)), encoding="utf-8")
    learner = course.root / notebook.LEARNERS / f"{name}.ipynb"
    learner.parent.mkdir(exist_ok=True)
    learner.write_text(notebook.render(parsed.learner(outputs)), encoding="utf-8")


@pytest.fixture(scope="session")
def template(templates: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    groups.ensure("notebooks")
    place = Path(shutil.copytree(templates[1], tmp_path_factory.mktemp("notebooks") / "a cöurse"))
    add_notebook(Copy(place), NAME, MASTER, OUTPUTS)
    return place


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Copy:
    """A course with one notebook in Python."""
    return Copy(Path(shutil.copytree(template, tmp_path / "a cöurse")))


@pytest.fixture(scope="session")
def shared(template: Path) -> Copy:
    """The same, for tests that only read it."""
    return Copy(template)


def item_of(course: Copy) -> Item:
    return grade_notebooks.load(course.course(), [])[0]


Document = dict[str, Any]


def given(course: Copy, name: str = NAME) -> Document:
    """The notebook as `lab` gives it to a learner."""
    text = (course.root / notebook.LEARNERS / f"{name}.ipynb").read_text(encoding="utf-8")
    return lab.unread(json.loads(text), text)


def cell_of(document: Document, cell_id: str) -> dict[str, Any]:
    return next(cell for cell in document["cells"] if cell["id"] == cell_id)


def solved(course: Copy, turns: dict[str, str], name: str = NAME) -> Document:
    """The learner's notebook with texts in its turns."""
    document = given(course, name)
    for turn, text in turns.items():
        cell_of(document, f"turn-{turn}")["source"] = text
    return document


def hand_in(room: Path, learner: str, document: Document | bytes, name: str = NAME) -> Path:
    path = room / learner / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return path


class Marks:
    """What came out for a class."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.results = json.loads((out / "notebooks.json").read_text(encoding="utf-8"))
        self.learners = {learner["learner"]: learner for learner in self.results["learners"]}

    def points(self) -> dict[str, int]:
        return {name: learner["points"] for name, learner in self.learners.items()}

    def turn(self, learner: str, name: str) -> dict[str, Any]:
        turns = [turn for each in self.learners[learner]["notebooks"] for turn in each["turns"]]
        return next(turn for turn in turns if turn["turn"] == name)

    def states(self, learner: str) -> list[tuple[str, str | None, int]]:
        turns = [turn for each in self.learners[learner]["notebooks"] for turn in each["turns"]]
        return [(turn["state"], turn["reason"], turn["points"]) for turn in turns]

    def problems(self, learner: str) -> list[str]:
        return [each["problem"] for each in self.learners[learner]["problems"]]


def graded(course: Copy, room: Path, *options: str) -> Marks:
    out = room.parent / "marks"
    reply = course.call("grade", "notebooks", str(room), "--out", str(out), "--trust", *options)
    assert reply.code == 0, reply.err
    return Marks(out)


PASSED = [("passed", None, 2), ("passed", None, 1), ("passed", None, 3)]


# A class, from the command line.


def test_a_class_is_graded(course: Copy, tmp_path: Path) -> None:
    """A folder, a zip, a checkout and a single file; each learner stands for another way to do."""
    room = tmp_path / "class"
    hand_in(room, "ada", solved(course, ALL))
    # What is stored counts for nothing: neither right outputs under a starter, nor wrong ones under a solution.
    forged = given(course)
    for cell, said in zip([c for c in forged["cells"] if c["cell_type"] == "code"], OUTPUTS, strict=True):
        cell["outputs"], cell["execution_count"] = said, 1
    hand_in(room, "bob", forged)
    honest = solved(course, ALL)
    for cell in honest["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "wrong\n"}]
    hand_in(room, "cy", honest)
    # A checkout: the learner's copy counts, not the course's two.
    checkout = room / "di"
    shutil.copytree(course.root / "notebooks", checkout / "notebooks")
    shutil.copytree(course.root / "solutions" / "notebooks", checkout / "solutions" / "notebooks")
    hand_in(checkout, lab.COPIES, solved(course, {"mean": MEAN}))
    with zipfile.ZipFile(room / "eve.zip", "w") as archive:
        archive.writestr("work/01_tensors (1).ipynb", json.dumps(solved(course, {**ALL, "shape": "(3, 2)"})))
    (room / "fay.ipynb").write_text(json.dumps(solved(course, {"scale": SCALE + "\nscale([1.0], None)"})))
    (room / "gus").mkdir()
    (room / "notes.txt").write_text("nobody's", encoding="utf-8")

    out = tmp_path / "out"
    reply = course.call("grade", "notebooks", str(room), "--out", str(out), "--trust", "--json")
    assert reply.code == 0, reply.err
    assert "notes.txt is no folder, no .zip and no .ipynb" in reply.err
    holds("grade-notebooks", reply.data)
    marks = Marks(out)
    holds("grade-notebooks", marks.results)
    assert reply.data["learners"] == marks.results["learners"]
    assert (marks.results["complete"], marks.results["not_graded"], marks.results["notebooks"]) == (True, [], [NAME])
    assert marks.points() == {"ada": 6, "bob": 0, "cy": 6, "di": 1, "eve": 3, "fay": 2, "gus": 0}
    assert {learner["total"] for learner in marks.learners.values()} == {TOTAL}
    assert marks.states("ada") == marks.states("cy") == PASSED
    assert marks.states("bob") == [("unchanged", None, 0)] * 3
    assert marks.learners["di"]["notebooks"][0]["path"] == f"{lab.COPIES}/{NAME}.ipynb"
    # The tree of a checkout is not worth a remark each; that there are two copies is.
    assert marks.problems("di") == [f"is another '{NAME}'; {lab.COPIES}/{NAME}.ipynb counts"]
    assert marks.turn("eve", "shape") == {
        "turn": "shape",
        "state": "failed",
        "reason": "differs",
        "points": 0,
        "total": 3,
        "message": "Line 1 should be `(3, 1)`, and is `(3, 2)`.",
        "expected": "(3, 1)",
        "got": "(3, 2)",
    }
    # The error stands after the definition, in the learner's own cell: what decides is right all the same.
    assert marks.turn("fay", "scale")["state"] == "passed"
    assert marks.states("gus") == [("missing", None, 0)] * 3
    for name in ("ada", "bob", "cy", "eve", "fay", "gus"):
        assert marks.problems(name) == [], name

    with (out / "notebooks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert (rows["eve"]["points"], rows["eve"][f"{NAME}/scale"], rows["eve"][f"{NAME}/shape"]) == ("3", "2", "0")
    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(out / "notebooks.xml"))}
    assert (suites["eve"].tests, suites["eve"].failures) == (3, 1)
    assert (suites["ada"].tests, suites["ada"].failures) == (3, 0)
    assert suites["gus"].failures == 3
    page = (out / "feedback" / "eve.notebooks.md").read_text(encoding="utf-8")
    assert "- `shape`, 0 of 3: Line 1 should be `(3, 1)`, and is `(3, 2)`." in page
    assert "Expected:\n\n    (3, 1)\n\nGot:\n\n    (3, 2)\n" in page
    assert "Not handed in." in (out / "feedback" / "gus.notebooks.md").read_text(encoding="utf-8")


def test_without_trust_nothing_is_run(shared: Copy, tmp_path: Path) -> None:
    hand_in(tmp_path / "class", "ada", solved(shared, {"scale": f"open({str(tmp_path / 'ran')!r}, 'w')"}))
    reply = shared.call("grade", "notebooks", str(tmp_path / "class"), "--out", str(tmp_path / "out"))
    assert reply.code == 2
    assert "add --trust" in reply.err and "without a sandbox" in reply.err
    assert not (tmp_path / "ran").exists() and not (tmp_path / "out").exists()
