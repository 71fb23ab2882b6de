"""Grading notebooks: what is taken of a learner's file, what a turn is worth, what a kernel cannot do to the rest."""

from __future__ import annotations

import ast
import copy as copies
import csv
import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from course_copy import Copy
from test_json import holds
from workbook import grade_notebooks, groups, lab, notebook, notebook_answer, notebook_bench, sandbox
from workbook.course import CourseError
from workbook.grade_notebooks import HandIn, Item, Judge, TurnMark
from workbook.notebook_answer import Answer
from workbook.notebook_bench import Bench, Limits, Run

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
print("not at all", scale(weights, 0.0))
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
            "text": ["twice [2.0, 4.0, 8.0]\n", "not at all [0.0, 0.0, 0.0]\n", "still [1.0, 2.0, 4.0]\n"],
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
    out = room.parent / f"marks of {room.name}"
    graded_as_json(course, room, out, *options)
    return Marks(out)


def graded_as_json(course: Copy, room: Path, out: Path, *options: str) -> tuple[Any, str]:
    """What is printed, and what is said. A kernel takes seconds, so this waits longer than other calls."""
    done = subprocess.run(
        course.command("grade", "notebooks", str(room), "--out", str(out), "--json", *options),
        env=course.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


PASSED = [("passed", None, 2), ("passed", None, 1), ("passed", None, 3)]


# A class, from the command line.


def test_a_class_is_graded(course: Copy, tmp_path: Path) -> None:
    """A folder, a zip, a checkout and a single file; each learner stands for another way to do."""
    room = tmp_path / "class"
    hand_in(room, "ada", solved(course, ALL))
    # What is stored counts for nothing: neither right outputs under a starter, nor wrong ones under a solution.
    forged = given(course)
    for cell, outputs in zip([c for c in forged["cells"] if c["cell_type"] == "code"], OUTPUTS, strict=True):
        cell["outputs"], cell["execution_count"] = outputs, 1
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
    printed, said = graded_as_json(course, room, out)
    assert "notes.txt is no folder, no .zip and no .ipynb" in said
    holds("grade-notebooks", printed)
    marks = Marks(out)
    holds("grade-notebooks", marks.results)
    assert printed["learners"] == marks.results["learners"]
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


def test_without_a_sandbox_nothing_is_run(shared: Copy, tmp_path: Path) -> None:
    """A PATH without bubblewrap, as on a machine that has none."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").symlink_to(shutil.which("git") or "git")
    hand_in(tmp_path / "class", "ada", solved(shared, {"scale": f"open({str(tmp_path / 'ran')!r}, 'w')"}))
    reply = shared.call(
        "grade", "notebooks", str(tmp_path / "class"), "--out", str(tmp_path / "out"), PATH=str(programs)
    )
    assert reply.code == 2
    assert "bubblewrap" in reply.err and "--trust" in reply.err
    assert not (tmp_path / "ran").exists() and not (tmp_path / "out").exists()


# What is taken of a file. No kernel runs.


def taken(course: Copy, document: Document | bytes) -> Answer:
    item = item_of(course)
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return notebook_answer.read(data, item.notebook, item.version)


def double(document: Document, cell_id: str, **changes: Any) -> None:
    """Copies a cell and pastes it behind itself, as in a browser: the copy has an id of its own."""
    cells = document["cells"]
    place = next(n for n, cell in enumerate(cells) if cell["id"] == cell_id)
    cells.insert(place + 1, {**copies.deepcopy(cells[place]), "id": "a-copy", **changes})


def drop(document: Document, *ids: str) -> None:
    document["cells"] = [cell for cell in document["cells"] if cell["id"] not in ids]


def without_ids(document: Document) -> None:
    """What older programs save: format 4.4 knows no ids."""
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        del cell["id"]


def without_metadata(document: Document) -> None:
    for turn, text in ALL.items():
        cell_of(document, f"turn-{turn}")["source"] = f"# Your turn: {turn} (1 point)\n{text}"
    without_ids(document)
    for cell in document["cells"]:
        cell["metadata"] = {}


def first_code(document: Document) -> dict[str, Any]:
    return next(cell for cell in document["cells"] if cell["cell_type"] == "code")


def begun_earlier(document: Document) -> None:
    document["metadata"]["workbook"]["copied_from"] = "0" * 16
    drop(document, "decides-mean")


def decides_cells(document: Document) -> list[dict[str, Any]]:
    return [cell for cell in document["cells"] if cell["id"].startswith("decides-")]


def replace_all_of_the_courses(document: Document) -> None:
    for cell in [first_code(document), *decides_cells(document)]:
        cell["source"] = "pass"
    document["cells"].insert(0, {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "source": "1"})


Change = Callable[[Document], Any]

# What was done to a notebook in which everything is right, and what the learner is told. Their turns are taken.
EDITED: dict[str, tuple[Change, list[str]]] = {
    "nothing": (lambda d: None, []),
    "a turn twice": (
        lambda d: double(d, "turn-mean"),
        ["holds the turn 'mean' 2 times, with the same text"],
    ),
    "a turn and another try": (
        lambda d: double(d, "turn-mean", source="def mean(values): return 7"),
        ["holds the turn 'mean' 2 times; the cell that kept its name counts"],
    ),
    "the other way round": (
        lambda d: d["cells"].reverse(),
        ["has its cells in another order; they are run in the course's"],
    ),
    "a deciding cell edited": (
        lambda d: cell_of(d, "decides-mean").update(source="print('mean 2.33')"),
        ["has the cell that decides 'mean' changed; the course's own counts"],
    ),
    "a deciding cell deleted": (
        lambda d: drop(d, "decides-mean"),
        ["lacks the cell that decides 'mean'; the course's own counts"],
    ),
    "a deciding cell twice": (
        lambda d: double(d, "decides-mean"),
        ["holds 1 copy of the course's cells; each is run once, in its place"],
    ),
    "the first cell edited": (
        lambda d: first_code(d).update(source="weights = [7.0]"),
        ["has the course's cell `weights = [1.0, 2.0, 4.0]` changed; the course's own counts"],
    ),
    "all of them": (
        replace_all_of_the_courses,
        [
            *("has the course's cell `weights = [1.0, 2.0, 4.0]` changed; the course's own counts",),
            *("has the cell that decides 'scale' changed; the course's own counts",) * 2,
            *("has the cell that decides 'mean' changed; the course's own counts",),
            "holds 1 cell that the course does not have; only turns are graded",
        ],
    ),
    "another text, and an empty cell at the end": (
        lambda d: (
            d["cells"][0].update(source="# My title"),
            d["cells"].append({"cell_type": "code", "id": "e", "metadata": {}, "outputs": [], "source": []}),
        ),
        [],
    ),
    "an older version": (
        begun_earlier,
        ["was begun with another version of the notebook; this version's cells count"],
    ),
    "a turn of another version": (
        lambda d: double(d, "turn-mean", id="turn-median", metadata={}),
        ["holds a turn 'median' that this version of the notebook does not have"],
    ),
    "no ids": (without_ids, []),
    "neither ids nor metadata": (without_metadata, []),
    "no kernel named": (lambda d: d["metadata"].clear(), []),
    "a kernel of another name": (lambda d: d["metadata"]["kernelspec"].update(name="conda-env-ml-py"), []),
    "line ends of another system": (
        lambda d: [cell.update(source="".join(cell["source"]).replace("\n", "\r\n")) for cell in d["cells"]],
        [],
    ),
    "tags that would switch nbval off": (
        lambda d: [cell["metadata"].update(tags=["nbval-skip", "raises-exception"]) for cell in d["cells"]],
        [],
    ),
}


@pytest.mark.parametrize("change", EDITED)
def test_an_edited_notebook_loses_nothing_and_is_told(shared: Copy, change: str) -> None:
    document = solved(shared, ALL)
    alter, said = EDITED[change]
    alter(document)
    answer = taken(shared, document)
    assert answer.fault is None and answer.refused == {}
    got = {turn: text.split("\n", 1)[1] if "Your turn" in text else text for turn, text in answer.turns.items()}
    assert got == ALL
    assert answer.problems == said


def test_more_than_a_few_edits_are_one_line(shared: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_answer, "MOST_EDITED", 3)
    document = solved(shared, ALL)
    replace_all_of_the_courses(document)
    told = taken(shared, document).problems
    assert told[0] == "has 4 of the course's cells changed or lacks them; the course's own counts" and len(told) == 2


def same_id_twice(document: Document) -> None:
    double(document, "turn-mean", id="turn-mean", source="def mean(values): return 7")


# What was done to one turn, and why it cannot be graded; '' if it is not there at all. The others are taken.
LOST: dict[str, tuple[Change, str]] = {
    "deleted": (lambda d: drop(d, "turn-mean"), ""),
    "two with one id": (same_id_twice, "its cell is there 2 times, with different texts; keep one"),
    "made a text": (
        lambda d: cell_of(d, "turn-mean").update(cell_type="markdown"),
        "its cell was made a markdown cell; it must be code",
    ),
    "half a character": (
        lambda d: cell_of(d, "turn-mean").update(source="x = '\ud800'"),
        "its cell holds characters that are no text",
    ),
    "too long": (
        lambda d: cell_of(d, "turn-mean").update(source="#" * 70_000),
        "its cell has 70000 bytes, and no more than 65536 are read",
    ),
}


@pytest.mark.parametrize("change", LOST)
def test_a_turn_that_cannot_be_graded_leaves_the_others(shared: Copy, change: str) -> None:
    document = solved(shared, ALL)
    alter, why = LOST[change]
    alter(document)
    answer = taken(shared, document)
    assert answer.fault is None
    assert answer.turns == {turn: text for turn, text in ALL.items() if turn != "mean"}
    assert answer.refused == ({"mean": why} if why else {})


def other_kernel(document: Document) -> None:
    document["metadata"]["kernelspec"] = {"display_name": "Rust", "language": "rust", "name": "rust"}


FAULTY: dict[str, tuple[Change | bytes, str]] = {
    "another kernel": (other_kernel, "is a notebook in rust, and 01_tensors is in python"),
    "no turn": (
        lambda d: drop(d, *(f"turn-{turn}" for turn in ALL)),
        "holds no turn of 01_tensors (scale, mean, shape)",
    ),
    "empty": (b"", "is not a notebook: "),
    "a program": (b"print('hello')", "is not a notebook: "),
    "not UTF-8": (b'{"cells": "\xff"}', "is not UTF-8 text (byte 11)"),
    "other JSON": (b'{"cells": 7}', "is JSON, but not a notebook: it has no list of cells"),
    "a list": (b"[1]", "is JSON, but not a notebook: it has no list of cells"),
    "format 3": (b'{"worksheets": []}', "is a notebook in a format before 4: open it in Jupyter and save it again"),
    "brackets": (b'{"cells": ' + b"[" * 200_000, "is not a notebook: its brackets go too deep"),
    "a cell that is none": (b'{"cells": [7]}', "is not a notebook: one of its cells is none"),
    "a source that is none": (b'{"cells": [{"source": {"a": 1}}]}', "is not a notebook: a cell's source is no text"),
    "odd metadata": (
        b'{"cells": [{"source": [], "metadata": 7, "id": 7}], "metadata": []}',
        "holds no turn of 01_tensors",
    ),
}


@pytest.mark.parametrize("what", FAULTY)
def test_what_is_no_such_notebook_is_named(shared: Copy, what: str) -> None:
    change, said = FAULTY[what]
    document: Document | bytes
    if isinstance(change, bytes):
        document = change
    else:
        document = solved(shared, ALL)
        change(document)
    answer = taken(shared, document)
    assert answer.fault is not None and answer.fault.startswith(said)
    assert answer.turns == {}


# Whose file it is, and which one counts. No kernel runs.


def read(course: Copy, source: Path) -> HandIn:
    return grade_notebooks.read([item_of(course)], "ada", source)


def told(handed: HandIn) -> dict[str, str]:
    return {problem.path: problem.problem for problem in handed.problems}


def test_links_pipes_and_large_files_are_named(shared: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = json.dumps(solved(shared, ALL)).encode()
    monkeypatch.setattr(grade_notebooks, "LARGEST", len(right))
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(right)
    room = tmp_path / "ada"
    hand_in(room, "a", right + b" ")
    hand_in(room, "b", b"").unlink()
    (room / "b" / f"{NAME}.ipynb").symlink_to(secret)
    hand_in(room, "c", b"").unlink()
    os.mkfifo(room / "c" / f"{NAME}.ipynb")
    (room / "d").symlink_to(tmp_path)
    (room / ".ipynb_checkpoints").mkdir()
    (room / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb").write_bytes(right)
    handed = read(shared, room)
    large = f"has {len(right) + 1} bytes, and no more than {len(right)} are read"
    assert told(handed) == {
        f"a/{NAME}.ipynb": large,
        f"b/{NAME}.ipynb": "is a symbolic link; links are not followed",
        f"c/{NAME}.ipynb": "is not an ordinary file",
    }
    assert handed.answers == {} and handed.refused == {NAME: large}
    # One that can be read counts, whatever else there is.
    hand_in(room, "e", right)
    handed = read(shared, room)
    assert handed.refused == {} and handed.answers[NAME].turns == ALL and handed.files[NAME] == f"e/{NAME}.ipynb"


def test_a_zip_cannot_leave_its_folder(shared: Copy, tmp_path: Path) -> None:
    right = json.dumps(solved(shared, ALL))
    outside = "would be outside the submission"
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for name in (f"../{NAME}.ipynb", f"/etc/{NAME}.ipynb", f"a/../../solutions/{NAME}.ipynb"):
            archive.writestr(name, right)
    handed = read(shared, tmp_path / "ada.zip")
    assert set(told(handed).values()) == {outside} and len(handed.problems) == 3
    assert handed.answers == {} and handed.refused == {NAME: outside}
    (tmp_path / "bob.zip").write_bytes(b"PK no zip")
    assert "is not a zip that can be read" in told(read(shared, tmp_path / "bob.zip"))["bob.zip"]


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        (f"{NAME}.ipynb", True),
        (f"Ada_8412_{NAME}-Copy1 (2).ipynb", True),
        ("homework.ipynb", True),  # Its turns say which one it is.
        (f"my/notebooks/{NAME}.ipynb", True),
        (f"solutions/notebooks/{NAME}.ipynb", False),
        (f".workbook/backup/{NAME}.ipynb", False),
        (f"{NAME}.txt", False),
    ],
)
def test_a_notebook_is_found_by_its_name_or_its_turns(shared: Copy, tmp_path: Path, file: str, counts: bool) -> None:
    path = tmp_path / "ada" / file
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(solved(shared, ALL)), encoding="utf-8")
    handed = read(shared, tmp_path / "ada")
    assert handed.files == ({NAME: file} if counts else {})
    assert told(handed) == {}


def test_a_notebook_that_is_not_the_courses_is_named(shared: Copy, tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", {"cells": []}, "diary")
    assert told(read(shared, tmp_path / "ada")) == {
        "diary.ipynb": "is none of the course's notebooks that are graded: neither its name nor its turns are theirs"
    }


def test_a_folder_of_notebooks_is_one_learners(shared: Copy, tmp_path: Path) -> None:
    items = [item_of(shared)]
    hand_in(tmp_path / "ada", lab.COPIES, solved(shared, ALL))
    mine = tmp_path / "ada" / lab.COPIES
    assert grade_notebooks.gather(mine, items) == ([("ada", mine)], [])
    assert grade_notebooks.gather(tmp_path / "ada", items) == ([("ada", tmp_path / "ada")], [])
    found, ignored = grade_notebooks.gather(tmp_path, items)
    assert (found, ignored) == ([("ada", tmp_path / "ada")], [])


def test_learners_must_be_told_apart(shared: Copy, tmp_path: Path) -> None:
    items = [item_of(shared)]
    with pytest.raises(CourseError, match="is not a folder"):
        grade_notebooks.gather(tmp_path / "nowhere", items)
    with pytest.raises(CourseError, match="nobody to grade"):
        grade_notebooks.gather(tmp_path, items)
    (tmp_path / "ada").mkdir()
    (tmp_path / "Ada.ipynb").touch()
    with pytest.raises(CourseError, match="Two entries would be the learner 'ada'"):
        grade_notebooks.gather(tmp_path, items)


def test_a_call_that_cannot_be_graded_says_why(shared: Copy, tmp_path: Path) -> None:
    room = tmp_path / "class"
    hand_in(room, "ada", given(shared))
    course = shared.course()
    for folder, out, names, said in (
        (tmp_path / "nobody", tmp_path / "out", [], "is not a folder"),
        (room, room / "marks", [], "is inside"),
        (room, tmp_path / "out", ["tensor"], "There is no notebook 'tensor'. Did you mean 01_tensors?"),
    ):
        with pytest.raises(CourseError, match=said):
            grade_notebooks.main(course, folder, out=out, trust=True, names=names)
    assert not (tmp_path / "out").exists() and not (room / "marks").exists()


def test_a_course_whose_run_is_old_grades_nobody(course: Copy, tmp_path: Path) -> None:
    master = course.root / notebook.MASTERS / f"{NAME}.md"
    master.write_text(master.read_text(encoding="utf-8").replace("weights, 2.0", "weights, 3.0"), encoding="utf-8")
    with pytest.raises(CourseError, match="is not a run of its master: 'python3 workbook author sync'"):
        grade_notebooks.main(course.course(), tmp_path, out=tmp_path / "out", trust=True)


# How outputs are compared.


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def result(text: str, kind: str = "execute_result", **more: str) -> dict[str, Any]:
    return {"output_type": kind, "data": {"text/plain": text, **more}, "metadata": {}}


@pytest.mark.parametrize(
    ("got", "same"),
    [
        ([stream("a\nb\n"), result("7")], True),
        ([stream("a\n"), stream("b\n"), result("7")], True),
        ([stream("a warning", "stderr"), stream("a\nb\n"), result("7")], True),
        ([stream("a\nb\n"), result("7", "display_data")], True),
        ([stream("a\nb\n"), result("8")], False),
        ([stream("a\n"), result("7")], False),
        ([stream("a\nb\n7\n")], False),
        ([stream("a\nb\n"), result("7"), result("7")], False),
        ([stream("a\nb\n"), {"output_type": "error", "ename": "E", "evalue": "7", "traceback": []}], False),
        ([stream("a\nb\n"), {**result("7"), "data": {"application/json": {"a": [1]}}}], False),
        ([], False),
    ],
)
def test_outputs_are_compared_as_nbval_does(got: list[dict[str, Any]], same: bool) -> None:
    from workbook import notebook_compare

    stored = [{**stream(""), "text": ["a\n", "b\n"]}, {**result(""), "data": {"text/plain": ["7"]}}]
    assert notebook_compare.same(got, stored) is same


def test_pictures_are_not_compared_and_other_data_is() -> None:
    from workbook import notebook_compare

    stored = [result("<Figure>", "display_data", **{"image/png": "aaaa"})]
    assert notebook_compare.same([result("<Figure>", "display_data", **{"image/png": ""})], stored)
    many = [{**result("7"), "data": {"application/json": {"a": list(range(99))}}}]
    assert not notebook_compare.same(many * 2, many)


def test_what_is_not_compared_is_nbvals_own_list() -> None:
    from nbval.plugin import IPyNbFile

    from workbook import notebook_compare

    tree = ast.parse(inspect.getsource(IPyNbFile))
    lists = [
        ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and ast.unparse(node.targets[0]) == "self.skip_compare"
    ]
    assert lists == [tuple(kind for kind in notebook_compare.SKIPPED if kind not in ("image/png", "image/jpeg"))]


# What a turn is worth, with real kernels.

LIMITS = Limits(20, 120)


@pytest.fixture(scope="session")
def judge(template: Path) -> Judge:
    """One for all tests that look at different texts: what was run once is not run again."""
    return Judge(Bench(Copy(template).course()), LIMITS)


def weighed(judge: Judge, course: Copy, turns: dict[str, str]) -> dict[str, TurnMark]:
    """The marks for texts, without a file around them."""
    item = item_of(course)
    marked = judge.mark(item, HandIn("ada", {NAME: "a.ipynb"}, {NAME: Answer({**turns})}))
    assert marked.total == TOTAL and marked.points == sum(turn.points for turn in marked.turns)
    return {turn.turn: turn for turn in marked.turns}


def short(marks: dict[str, TurnMark]) -> dict[str, tuple[str, str | None, int]]:
    return {name: (mark.state, mark.reason, mark.points) for name, mark in marks.items()}


RIGHT = {"scale": ("passed", None, 2), "mean": ("passed", None, 1), "shape": ("passed", None, 3)}


def test_a_warning_is_not_a_zero(judge: Judge, shared: Copy) -> None:
    noise = "import sys, warnings\nwarnings.warn('old')\nprint('note', file=sys.stderr)\n"
    inside = "    warnings.warn('again')\n    print('note', file=sys.stderr)\n    return "
    turns = {**ALL, "scale": noise + SCALE.replace("    return ", inside), "shape": noise + SHAPE}
    assert short(weighed(judge, shared, turns)) == RIGHT


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("def scale(values, factor): return [value * 2 for value in values]", 1),
        # What the starter gets right as well is worth nothing: two lines of four.
        ("def scale(values, factor): return list(values)", 0),
        # All that it prints is right, and then it ends with an error.
        ("def scale(values, factor): return [value * factor for value in values or 1 / 0]", 1),
    ],
)
def test_some_of_the_points(judge: Judge, shared: Copy, text: str, points: int) -> None:
    """Of the four lines that decide `scale`, the starter gets two right."""
    assert weighed(judge, shared, {"scale": text})["scale"].points == points


def test_what_is_partly_right_is_shown(judge: Judge, shared: Copy) -> None:
    marks = weighed(
        judge, shared, {**ALL, "scale": "def scale(values, factor): return [value * 2 for value in values]"}
    )
    assert short(marks) == {**RIGHT, "scale": ("partial", "differs", 1)}
    mark = marks["scale"]
    assert mark.message == "Line 2 should be `not at all [0.0, 0.0, 0.0]`, and is `not at all [2.0, 4.0, 8.0]`."
    assert mark.expected == "twice [2.0, 4.0, 8.0]\nnot at all [0.0, 0.0, 0.0]\nstill [1.0, 2.0, 4.0]\n[]"
    assert mark.got == "twice [2.0, 4.0, 8.0]\nnot at all [2.0, 4.0, 8.0]\nstill [1.0, 2.0, 4.0]\n[]"


# A text for `scale` that is wrong, how, and what the learner reads. The other turns are right, and stay so.
SPOILERS: dict[str, tuple[str, str, str]] = {
    "what others need is gone": (
        "del weights, scale_it",
        "error",
        "Your cell ended with an error: NameError: name 'scale_it' is not defined",
    ),
    "everything is gone": ("%reset -f", "error", "The cell that decides ended with an error: NameError"),
    "print is another": (
        "import builtins\nbuiltins.print = lambda *_, **__: None\n" + SCALE,
        "differs",
        "Line 1 is missing: `twice [2.0, 4.0, 8.0]`.",
    ),
    "a syntax error": (
        "def scale(values, factor)\n",
        "error",
        "Your cell ended with an error: SyntaxError: expected ':'",
    ),
    "a dead kernel": ("import os\nos._exit(3)", "died", "Your cell ended the kernel."),
    "a kernel that dies later": (
        "import os\ndef scale(values, factor): os.abort()",
        "died",
        "The cell that decides ended the kernel.",
    ),
    "an exit": ("raise SystemExit", "error", "Your cell ended with an error: SystemExit"),
    "a question": ("input('which?')", "error", "Your cell ended with an error: StdinNotImplementedError"),
    "half a character": ("def scale(values, factor): return '\\ud800'", "", ""),
    "nothing": ("", "error", "The cell that decides ended with an error: NameError: name 'scale' is not defined"),
}


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_one_turn_that_fails_does_not_spoil_the_others(judge: Judge, shared: Copy, spoiler: str) -> None:
    text, reason, message = SPOILERS[spoiler]
    marks = weighed(judge, shared, {**ALL, "scale": text})
    state = marks["scale"].state
    assert state in ("failed", "partial") and marks["scale"].message.startswith(message), marks["scale"]
    assert not reason or marks["scale"].reason == reason
    assert {name: mark.state for name, mark in marks.items() if name != "scale"} == {
        "mean": "passed",
        "shape": "passed",
    }
    json.dumps([vars(mark) for mark in marks.values()], ensure_ascii=False).encode("utf-8")


def test_a_turn_may_build_on_an_earlier_one(judge: Judge, shared: Copy) -> None:
    turns = {
        "scale": "def times(value, factor): return value * factor\n"
        + SCALE.replace("value * factor", "times(value, factor)"),
        "mean": "def mean(values): return times(sum(values), 1 / len(values))",
    }
    assert short(weighed(judge, shared, turns)) == {**RIGHT, "shape": ("missing", None, 0)}


def test_a_loop_without_end_is_a_zero_and_leaves_nothing(shared: Copy, tmp_path: Path) -> None:
    """Neither the loop, nor what it started, nor what that started in a session of its own."""
    token = f"61.{os.getpid()}"
    start = (
        "import os, subprocess\n"
        f"subprocess.Popen(['sleep', '{token}'])\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        f"        os.execvp('sleep', ['sleep', '{token}'])\n"
        "    os._exit(0)\n"
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True: pass\n"
    )
    judge = Judge(Bench(shared.course()), Limits(6, 60))
    marks = weighed(judge, shared, {"mean": start, "shape": SHAPE})
    assert short(marks) == {
        "scale": ("missing", None, 0),
        "mean": ("failed", "timeout", 0),
        "shape": ("passed", None, 3),
    }
    assert marks["mean"].message == "Your cell did not come to an end within 6 s."
    assert not running(token)


def running(token: str) -> list[str]:
    import psutil

    return [
        each.info["name"] for each in psutil.process_iter(["name", "cmdline"]) if token in (each.info["cmdline"] or [])
    ]


def test_the_whole_notebook_has_a_limit(shared: Copy) -> None:
    judge = Judge(Bench(shared.course()), Limits(60, 6))
    marks = weighed(judge, shared, {"scale": "import time\ntime.sleep(600)"})
    assert (marks["scale"].state, marks["scale"].reason) == ("failed", "timeout")
    assert marks["scale"].message == "The notebook did not come to an end within 6 s: your cell ran."


def test_a_flood_is_stopped(judge: Judge, shared: Copy) -> None:
    marks = weighed(judge, shared, {"scale": "while True: print('x' * 10_000)"})
    assert short(marks)["scale"] == ("failed", "output", 0)
    assert marks["scale"].message == "Your cell printed more than anybody can read, and was stopped."


def test_a_marker_in_the_text_switches_nothing_off(judge: Judge, shared: Copy) -> None:
    marker = "# NBVAL_IGNORE_OUTPUT\n# NBVAL_SKIP\n# NBVAL_RAISES_EXCEPTION\n"
    marks = weighed(judge, shared, {"scale": f"{marker}def scale(values, factor): return 7", "shape": f"{marker}7"})
    assert [marks[name].points for name in ("scale", "shape")] == [0, 0]


def test_one_learner_cannot_reach_the_next(course: Copy, tmp_path: Path) -> None:
    """What a program writes by a relative path is in nobody's way, and the course is as it was."""
    room = tmp_path / "class"
    traces = """
from pathlib import Path
import os
before = [str(path) for path in (Path("mine.txt"), Path("random.py"), Path("../chapters/mine.txt")) if path.exists()]
if "fn" not in Path("../chapters/01_tensors/src/lib.rs").read_text(): before.append("lib.rs")
if Path("../solutions").exists(): before.append("solutions")
profile = Path(os.environ["IPYTHONDIR"], "profile_default", "startup")
before += [path.name for path in profile.glob("*.py")]
profile.mkdir(parents=True, exist_ok=True)
Path(profile, "00.py").write_text("weights = None")
Path("mine.txt").write_text("mine")
Path("random.py").write_text("raise SystemExit")
Path("../chapters/mine.txt").write_text("mine")
Path("../chapters/01_tensors/src/lib.rs").write_text("mine")
"""
    for number, learner in enumerate(("ada", "bob")):
        document = solved(course, {**ALL, "scale": f"{traces}number = {number}\n{SCALE}", "shape": "before"})
        hand_in(room, learner, document)
    (course.root / "chapters" / "01_tensors" / "src" / "lib.rs").write_text("pub fn here() {}\n", encoding="utf-8")
    before = snapshot(course.root)
    marks = graded(course, room)
    assert snapshot(course.root) == before
    for learner in ("ada", "bob"):
        assert marks.turn(learner, "shape")["got"] == "[]"
        assert marks.turn(learner, "scale")["points"] == 2


def snapshot(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".workbook" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are Linux's alone")
def test_a_kernel_sees_nothing_of_the_machine(shared: Copy, tmp_path: Path) -> None:
    """Neither files nor a network; and what it writes where it may is gone with it."""
    (tmp_path / "mine").write_text("secret", encoding="utf-8")
    bench = Bench(shared.course(), sandbox.find())
    sources = [
        "import os, pathlib, socket",
        f"print(pathlib.Path({str(tmp_path)!r}).exists(), pathlib.Path('../solutions').exists())",
        "socket.create_connection(('1.1.1.1', 80), 2)",
        "pathlib.Path('../chapters/left').write_text('x')\nprint(pathlib.Path('../chapters/left').exists())",
        f"pathlib.Path({str(shared.root / 'chapters' / 'left')!r}).write_text('x')",
        "print(sorted(name for name in os.environ if 'TOKEN' in name or 'SECRET' in name))",
    ]
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for n, source in enumerate(sources)
    ]
    document = {**solved(shared, {}), "cells": cells}
    run = bench.run(document, LIMITS)
    assert run.end == "done"
    said = [str(output.get("text") or output.get("evalue")) for (output, *_) in run.outputs[1:]]
    assert said[0] == "False False\n"
    assert "unreachable" in said[1]
    assert said[2] == "True\n" and not (bench.root / "chapters" / "left").exists()
    assert "No such file" in said[3] and not (shared.root / "chapters" / "left").exists()
    assert said[4] == "[]\n"


def test_a_class_with_every_kind_of_bad_file_is_graded(course: Copy, tmp_path: Path) -> None:
    """And in whatever order: each gets what they would get alone."""
    learners: dict[str, Any] = {
        "0 good": solved(course, ALL),
        "1 deleted": solved(course, ALL),
        "2 rust": solved(course, ALL),
        "3 text": b"print('hello')",
        "4 bytes": b"\xff\xfe",
        "5 dead": solved(course, {"mean": "import os; os._exit(1)", "shape": SHAPE}),
        "6 loop": solved(course, {"mean": "while True: pass", "shape": SHAPE}),
        "7 forged": solved(course, {"mean": "def mean(values): return 7"}),
        "8 order": solved(course, ALL),
    }
    drop(learners["1 deleted"], "turn-mean")
    other_kernel(learners["2 rust"])
    cell_of(learners["7 forged"], "decides-mean")["source"] = "print('mean 2.33')"
    learners["8 order"]["cells"].reverse()
    room, turned = tmp_path / "class", tmp_path / "turned"
    for name, document in learners.items():
        hand_in(room, name, document)
    (room / "link").symlink_to(room / "0 good")
    marks = graded(course, room, "--cell-limit", "6")
    points = [6, 5, 0, 0, 0, 3, 3, 0, 6]
    assert marks.points() == {**dict(zip(learners, points, strict=True)), "link": 0}
    assert marks.problems("link") == ["is a symbolic link; links are not followed"]
    assert marks.turn("1 deleted", "mean")["message"] == "The notebook has no cell of this name any more."
    assert marks.turn("2 rust", "mean")["state"] == "refused"
    assert marks.turn("2 rust", "mean")["message"].startswith("The file is a notebook in rust")
    assert marks.problems("4 bytes") == ["is not UTF-8 text (byte 0)"]
    assert marks.turn("5 dead", "mean")["reason"] == "died"
    assert marks.turn("6 loop", "mean")["reason"] == "timeout"
    assert marks.problems("7 forged") == ["has the cell that decides 'mean' changed; the course's own counts"]
    chosen = ("6 loop", "5 dead", "0 good")
    for number, name in enumerate(chosen):
        hand_in(turned, f"{number} {name}", learners[name])
    again = graded(course, turned, "--cell-limit", "6")
    for number, name in enumerate(chosen):
        assert again.learners[f"{number} {name}"]["notebooks"] == marks.learners[name]["notebooks"], name


def test_a_rust_notebook_is_graded(template: Path, tmp_path: Path) -> None:
    # Where a folder's name has a space, evcxr has to build elsewhere, and would leave it there.
    course = Copy(Path(shutil.copytree(template, tmp_path / "course")))
    add_notebook(course, RUST, RUST_MASTER, RUST_OUTPUTS)
    right = {
        "sum": "fn total(values: &[f32]) -> f32 { values.iter().copied().fold(0.0, |a, b| a + b) }",
        "count": "let count: usize = weights.iter().count();",
    }
    room = tmp_path / "class"
    hand_in(room, "ada", solved(course, right, RUST), RUST)
    # The cell that decides lends them, and so does not compile.
    moved = {**right, "sum": "fn total(values: Vec<f32>) -> f32 { values.iter().sum() }"}
    hand_in(room, "bob", solved(course, moved, RUST), RUST)
    hand_in(room, "cy", solved(course, {**right, "sum": "fn total("}, RUST), RUST)
    # It ends evcxr's own child; all variables are gone.
    hand_in(room, "di", solved(course, {**right, "sum": "std::process::exit(3);"}, RUST), RUST)
    marks = graded(course, room, "--notebook", RUST)
    assert marks.points() == {"ada": 2, "bob": 1, "cy": 1, "di": 1}
    assert marks.turn("bob", "sum")["reason"] == "error"
    said = "The cell that decides ended with an error: E0308: mismatched types"
    assert marks.turn("bob", "sum")["message"] == said
    assert marks.turn("cy", "sum")["message"].startswith("Your cell ended with an error")
    assert marks.turn("di", "sum")["reason"] == "error"


# The rules of running, without a kernel.


class Pretender:
    """A bench that says what it is told to, and counts."""

    def __init__(self, *runs: Run) -> None:
        self.runs = list(runs)
        self.documents: list[list[str]] = []

    def run(self, document: dict[str, Any], limits: Limits, *, ours: bool = False) -> Run:
        self.documents.append(["".join(cell["source"]) for cell in document["cells"]])
        return self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]


def pretending(*runs: Run) -> tuple[Judge, Pretender]:
    bench = Pretender(*runs)
    return Judge(bench, LIMITS), bench  # type: ignore[arg-type]


def full(**changed: list[dict[str, Any]]) -> Run:
    """A run in which all is right, but for the cells that are named by their number."""
    outputs = [changed.get(f"cell_{number}", said) for number, said in enumerate(OUTPUTS)]
    return Run(outputs, [0.1] * len(outputs), "done", True)


def test_what_is_right_at_once_is_run_once(shared: Copy) -> None:
    judge, bench = pretending(full())
    assert short(weighed(judge, shared, ALL)) == RIGHT
    assert len(bench.documents) == 1
    weighed(judge, shared, ALL)
    assert len(bench.documents) == 1, "the same texts of another learner are not run again"


def test_what_is_not_right_is_run_alone_with_the_courses_solutions(shared: Copy) -> None:
    judge, bench = pretending(full(cell_5=[]), full())
    mine = {name: f"{text}# mine\n" for name, text in ALL.items()}
    assert short(weighed(judge, shared, mine)) == RIGHT
    together, alone = bench.documents
    assert [text for text in together if "mine" in text] == list(mine.values())
    assert [text for text in alone if "mine" in text] == [mine["mean"]]
    assert len(alone) == 6, "it ends with the cell that decides"


def test_the_first_turn_would_be_the_same_run_once_more(shared: Copy) -> None:
    judge, bench = pretending(full(cell_2=[], cell_3=[]))
    assert short(weighed(judge, shared, {"scale": "1", "shape": SHAPE}))["scale"] == ("failed", "differs", 0)
    assert len(bench.documents) == 1


def test_what_is_as_it_was_is_not_run(shared: Copy) -> None:
    judge, bench = pretending(full())
    item = item_of(shared)
    starters = {str(turn.turn): item.notebook.starter(turn) + "  \n" for turn in item.notebook.turns}
    assert {mark.state for mark in weighed(judge, shared, starters).values()} == {"unchanged"}
    assert bench.documents == []


def test_the_courses_own_notebook_comes_first(shared: Copy) -> None:
    item = item_of(shared)
    judge, _ = pretending(full(cell_5=[stream("mean 2.34\n")]))
    with pytest.raises(CourseError, match=r"Turn 'mean': line 1 should be `mean 2.33`, and is `mean 2.34`"):
        judge.prove(item, lambda _: None)
    judge, _ = pretending(Run(OUTPUTS[:4], [0.1] * 4, "died", True))
    with pytest.raises(CourseError, match=r"Turn 'mean': ended before it \(died\)"):
        judge.prove(item, lambda _: None)
    # A first run that builds is not held against this machine, a second that is as slow is.
    slow = Run(OUTPUTS, [11.0] + [0.1] * 6, "done", True)
    judge, bench = pretending(slow, full())
    judge.prove(item, lambda _: None)
    assert len(bench.documents) == 2
    judge, _ = pretending(slow)
    with pytest.raises(CourseError, match=r"takes 11.6 s .* Give more with --notebook-limit"):
        judge.prove(item, lambda _: None)


def test_a_kernel_that_does_not_start_is_nobodys_fault(shared: Copy) -> None:
    document = item_of(shared).document({}, 0)
    document["metadata"]["kernelspec"]["name"] = "no-such-kernel"
    with pytest.raises(CourseError, match=r"did not start: .*no-such-kernel"):
        Bench(shared.course()).run(document, LIMITS)


def test_two_graders_at_once_do_not_mix(shared: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook import files

    with notebook_bench.opened(shared.course()):
        monkeypatch.setattr(files.time, "monotonic", iter(range(0, 10_000, 60)).__next__)
        with pytest.raises(CourseError, match="Another runner"), notebook_bench.opened(shared.course()):
            pass


def test_ctrl_c_writes_what_is_done(course: Copy, tmp_path: Path) -> None:
    token = f"62.{os.getpid()}"
    room, out = tmp_path / "class", tmp_path / "out"
    hand_in(room, "ada", solved(course, {"scale": SCALE}))
    hand_in(room, "bob", solved(course, {"scale": f"import subprocess\nsubprocess.run(['sleep', '{token}'])"}))
    child = subprocess.Popen(
        course.command("grade", "notebooks", str(room), "--out", str(out), "--trust"),
        env=course.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 300
    while not running(token) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 130, err
    assert "Stopped: 1 of 2 are graded" in err
    marks = Marks(out)
    assert (marks.points(), marks.results["complete"], marks.results["not_graded"]) == ({"ada": 2}, False, ["bob"])
    holds("grade-notebooks", marks.results)
    assert not running(token)
