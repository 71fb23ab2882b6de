"""Notebooks as text: a master is read, two notebooks are made of it, each rule is broken once. No kernel is started."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course_copy import Copy
from workbook import author, notebook
from workbook import course as courses
from workbook.course import CourseError
from workbook.exercise import MasterError

ROOT = Path(__file__).resolve().parents[1]

HEADER = """\
---
jupyter:
  kernelspec:
    display_name: Rust
    language: rust
    name: rust
---
"""

MASTER = (
    HEADER
    + """
# A loan

Some text.

```text
not a cell
```

```rust
let weights: Vec<f32> = vec![1.0];
```

## Yours

```rust turn="lend" points=2
// TODO: Lend it.
// [starter]
// give(weights)
// [solution]
give(&weights)
// [end]
```

```rust decides="lend"
println!("lent");
```

```rust turn="say-it"
fn said() -> u32 {
    // TODO: Say it.
    // [starter]
    // 0
    // [solution]
    1
    // [end]
}
```

```rust decides="say-it"
said()
```

```rust decides="say-it"
said() + 1
```

```rust varies="A time."
now();
```

```rust
assert!(true);
```

```rust raises="E0382"
moved
```
"""
)

RESULT = {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": ["1"]}, "execution_count": 9}
STREAM = {"output_type": "stream", "name": "stdout", "text": ["lent\n"]}
ERROR = {"output_type": "error", "ename": "Error", "evalue": "use of moved value", "traceback": ["[E0382] Error: …"]}
OUTPUTS: list[list[dict[str, Any]]] = [[], [], [STREAM], [], [RESULT], [RESULT], [], [], [ERROR]]


def parse(text: str = MASTER, name: str = "01_leaf.md") -> notebook.Notebook:
    return notebook.parse(text, Path("solutions/notebooks") / name)


def cell(document: dict[str, Any], cell_id: str) -> dict[str, Any]:
    (found,) = [cell for cell in document["cells"] if cell["id"] == cell_id]
    return found


def test_cells_and_their_attributes() -> None:
    item = parse()
    assert (item.name, item.kernel.name) == ("01_leaf", "rust")
    assert [c.kind for c in item.cells[:4]] == ["markdown", "code", "markdown", "code"]
    assert item.cells[0].source == "# A loan\n\nSome text.\n\n```text\nnot a cell\n```"
    assert [(turn.turn, turn.points) for turn in item.turns] == [("lend", 2), ("say-it", 1)]
    assert MASTER.splitlines()[item.turns[0].line - 1].startswith('```rust turn="lend"')


def test_a_turn_has_two_sides() -> None:
    item = parse()
    lend, say = item.turns
    assert item.solution(lend) == "give(&weights)"
    assert item.starter(lend) == "// Your turn: lend (2 points)\n// TODO: Lend it.\ngive(weights)"
    assert item.solution(say) == "fn said() -> u32 {\n    1\n}"
    assert item.starter(say).splitlines()[0] == "// Your turn: say-it (1 point)"


def test_python_has_comments_of_its_own() -> None:
    text = HEADER.replace("Rust", "Python").replace("rust", "python").replace("name: python", "name: python3")
    item = parse(
        text + '# T\n\n```python turn="a"\n# TODO: It.\n# [starter]\n# x = 0\n# [solution]\nx = 1\n# [end]\n```\n'
    )
    assert item.starter(item.turns[0]) == "# Your turn: a (1 point)\n# TODO: It.\nx = 0"
    assert item.solution(item.turns[0]) == "x = 1"


def test_ids_stay_where_they_should() -> None:
    ids = parse().ids
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if name.startswith(("turn", "decides"))] == [
        "turn-lend",
        "decides-lend",
        "turn-say-it",
        "decides-say-it",
        "decides-say-it_2",
    ]
    changed = parse(MASTER.replace("Some text.", "Other text.")).ids
    assert [a == b for a, b in zip(ids, changed, strict=True)].count(False) == 1
    twice = parse(MASTER + "\n```rust\nassert!(true);\n```\n").ids
    assert twice[:-1] == ids and twice[-1].endswith("_2")
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in twice)


def test_the_solved_notebook() -> None:
    item = parse()
    document = item.solved(OUTPUTS)
    turn = cell(document, "turn-lend")
    assert turn["metadata"] == {
        "deletable": False,
        "tags": ["your-turn"],
        "workbook": {"points": 2, "turn": "lend"},
    }
    assert turn["source"] == ["give(&weights)"]
    decides = cell(document, "decides-lend")
    assert decides["metadata"]["editable"] is False and decides["outputs"] == [STREAM]
    assert cell(document, "decides-say-it")["outputs"][0]["execution_count"] == 5
    tags = [cell["metadata"].get("tags") for cell in document["cells"] if cell["cell_type"] == "code"]
    assert tags[-3:] == [["nbval-ignore-output"], None, ["raises-exception"]]
    counts = [cell["execution_count"] for cell in document["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, 10))


def test_before_a_run_nothing_has_been_run() -> None:
    cells = [cell for cell in parse().solved(None)["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] is None and cell["outputs"] == [] for cell in cells)


def test_the_learners_notebook_shows_what_is_expected_and_not_how() -> None:
    document = parse().learner(OUTPUTS)
    text = json.dumps(document)
    assert "give(weights)" in text and "give(&weights)" not in text
    assert cell(document, "expected-lend")["source"][-2] == "lent\n"
    assert "".join(cell(document, "expected-say-it")["source"]).endswith("```text\n1\n1\n```")
    ids = [cell["id"] for cell in document["cells"]]
    assert ids.index("expected-say-it") == ids.index("decides-say-it_2") + 1
    for name in ("turn-lend", "decides-lend", "turn-say-it"):
        assert cell(document, name)["outputs"] == [] and "nbval-skip" in cell(document, name)["metadata"]["tags"]
    others = [cell for cell in document["cells"] if cell["cell_type"] == "code" and cell["execution_count"]]
    assert [cell["execution_count"] for cell in others] == [1, 7, 8, 9]


def test_text_of_outputs() -> None:
    noise = {"output_type": "stream", "name": "stderr", "text": "warning\n"}
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "…"}}
    assert notebook.text_of([STREAM, noise, RESULT, picture, ERROR]) == "lent\n1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# No header\n", r":1: must open with jupytext's header"),
        (HEADER.replace("name: rust", "name: julia"), r":1: must open with jupytext's header.*rust, python3"),
        (HEADER + "# T\n\n```rust\nlet x\n", r":10: this block is never closed: ``` is missing"),
        (HEADER + "# T\n\n\nmore\n", r":10: two empty lines"),
        (HEADER + "# T\n\n```python\nx\n```\n", r":10: jupytext would take this for a cell in python.*```py"),
        (HEADER + "# T\n\n```rust turns=1\nx\n```\n", r":10: `turns` is no attribute of a cell; there are: decides"),
        (HEADER + "# T\n\n```rust turn=lend\nx\n```\n", r":10: `turn=lend` is not understood"),
    ],
)
def test_a_master_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(MasterError, match=r"01_leaf\.md" + message):
        parse(text)


def test_a_marker_in_the_wrong_place_is_named_by_its_line_in_the_file() -> None:
    item = parse(MASTER.replace("// [solution]\ngive", "give"))
    with pytest.raises(MasterError, match=r"01_leaf\.md:27: a starter's line must be a comment: `// code`"):
        item.solution(item.turns[0])


# The rules, each broken once. The course is a small one; its only chapter is 01_leaf.

NAME = "01_leaf"
SOURCE = f"solutions/notebooks/{NAME}.md"
SOLVED = f"solutions/notebooks/{NAME}.ipynb"
LEARNER = f"notebooks/{NAME}.ipynb"


LESSON = "chapters/{}/README.md"


@pytest.fixture
def course_with_notebook(small: Copy) -> Copy:
    """The small course with a notebook whose run is made up."""
    chapter = small.chapter
    assert chapter.startswith("01_")
    for folder in ("solutions/notebooks", "notebooks"):
        (small.root / folder).mkdir(exist_ok=True)
    put(small, MASTER)
    with (small.root / LESSON.format(chapter)).open("a", encoding="utf-8") as lesson:
        lesson.write(f"\nThen do `python3 workbook lab {chapter}`.\n")
    return small


def put(copy: Copy, master: str, outputs: list[list[dict[str, Any]]] | None = None) -> None:
    """Writes a master and what would be made of it if a kernel had printed `outputs`."""
    name = copy.chapter
    (copy.root / f"solutions/notebooks/{name}.md").write_text(master, encoding="utf-8")
    item = notebook.read(copy.course(), copy.root / f"solutions/notebooks/{name}.md")
    said = OUTPUTS if outputs is None else outputs
    (copy.root / item.solved_path).write_text(notebook.render(item.solved(said)), encoding="utf-8")
    (copy.root / item.learner_path).write_text(notebook.render(item.learner(said)), encoding="utf-8")


def told(copy: Copy) -> list[str]:
    return [f"{where}: {problem}" for where, problem in notebook.faults(copy.course())]


def test_a_sound_notebook_breaks_no_rule(course_with_notebook: Copy) -> None:
    assert told(course_with_notebook) == []
    assert author.sync(course_with_notebook.course()) == []


def with_outputs(place: int, *outputs: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return [list(outputs) if number == place else said for number, said in enumerate(OUTPUTS)]


STDERR = {"output_type": "stream", "name": "stderr", "text": ["a warning\n"]}

RULES: dict[str, tuple[Callable[[Copy], object], str]] = {
    "no title": (lambda c: put(c, MASTER.replace("# A loan\n\nSome", "Some")), r"does not begin with a title"),
    "one turn": (
        lambda c: put(
            c,
            MASTER.replace('turn="say-it"', "")
            .replace("    // TODO: Say it.\n", "")
            .replace('decides="say-it"', "")
            .replace("    // [starter]\n    // 0\n    // [solution]\n", "")
            .replace("    // [end]\n}", "}"),
        ),
        r"has 1 cells that are the learner's; there are 2 to 4",
    ),
    "a starter outside a turn": (
        lambda c: put(c, MASTER.replace("assert!(true);", "// [starter]\n// [solution]\nassert!(true);\n// [end]")),
        r":\d+: has a starter, and is no turn",
    ),
    "two attributes": (
        lambda c: put(c, MASTER.replace('```rust varies="A time."', '```rust varies="A time." decides="lend"')),
        r"is more than one of turn, decides, varies, raises",
    ),
    "the same name twice": (
        lambda c: put(c, MASTER.replace('turn="say-it"', 'turn="lend"').replace('decides="say-it"', 'decides="lend"')),
        r"is the second turn called 'lend'",
    ),
    "a name that is no name": (
        lambda c: put(c, MASTER.replace('"lend"', '"Lend it"')),
        r"'Lend it' cannot name a turn",
    ),
    "no TODO": (lambda c: put(c, MASTER.replace("// TODO: Lend it.\n", "")), r"no `// TODO: …` directly above"),
    "no place to work": (
        lambda c: put(
            c,
            MASTER.replace("// TODO: Lend it.\n// [starter]\n// give(weights)\n// [solution]\n", "").replace(
                "give(&weights)\n// [end]", "give(&weights)"
            ),
        ),
        r"the turn 'lend' has no place to work",
    ),
    "a starter that is right": (
        lambda c: put(c, MASTER.replace("// give(weights)", "// give(&weights)")),
        r"the starter of 'lend' is its solution",
    ),
    "a decision about nothing": (
        lambda c: put(c, MASTER.replace('decides="lend"', 'decides="land"'), with_outputs(1, RESULT)),
        r"decides 'land', and no turn of that name stands before it",
    ),
    "no points": (lambda c: put(c, MASTER.replace("points=2", "points=0")), r"the turn 'lend' has no points"),
    "no reason": (lambda c: put(c, MASTER.replace('"A time."', '""')), r"varies and does not say why"),
    "nothing asserted": (lambda c: put(c, MASTER.replace("assert!(true)", "();")), r"nor the next code cell asserts"),
    "nothing printed": (lambda c: put(c, MASTER, with_outputs(2)), r"nothing is printed that could decide 'lend'"),
    "an error": (lambda c: put(c, MASTER, with_outputs(0, ERROR)), r"code cell 1: ended with Error: use of moved"),
    "no error": (lambda c: put(c, MASTER, with_outputs(8)), r"code cell 9: should end with E0382, and ended with no"),
    "another error": (
        lambda c: put(c, MASTER.replace('raises="E0382"', 'raises="E0505"')),
        r"code cell 9: should end with E0505, and ended with Error",
    ),
    "standard error": (lambda c: put(c, MASTER, with_outputs(0, STDERR)), r"code cell 1: wrote to standard error"),
    "a lesson that does not name it": (
        lambda c: c.edit(LESSON.format(c.chapter), "Then do `python3 workbook lab", "Then do `lab"),
        r"README\.md: never sends the reader to the notebook: `python3 workbook lab 01_\w+`",
    ),
    "no master": (
        lambda c: (c.root / f"notebooks/{c.chapter}_more.ipynb").write_text("{}", encoding="utf-8"),
        r"notebooks/\w+_more\.ipynb: has no master in solutions/notebooks/",
    ),
    "no run": (
        lambda c: c.edit(f"solutions/notebooks/{c.chapter}.md", "vec![1.0]", "vec![2.0]"),
        r"\.ipynb: is not a run of its master: 'workbook author sync' runs it",
    ),
    "a kernel that it did not run on": (
        lambda c: c.edit(f"solutions/notebooks/{c.chapter}.ipynb", '"name": "rust"\n  },', '"name": "python3"\n  },'),
        r"is not a run of its master",
    ),
    "no JSON": (
        lambda c: (c.root / f"solutions/notebooks/{c.chapter}.ipynb").write_text("{", encoding="utf-8"),
        r"is not a run of its master",
    ),
    "a broken master": (
        lambda c: c.edit(
            f"solutions/notebooks/{c.chapter}.md", "// [end]\n```\n\n```rust decides", "```\n\n```rust decides"
        ),
        r"this block is never closed: `// \[end\]` is missing",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_broken_rule_is_told_and_no_other(name: str, course_with_notebook: Copy) -> None:
    broken, expected = RULES[name]
    broken(course_with_notebook)
    faults = told(course_with_notebook)
    assert len(faults) == 1 and re.search(expected, faults[0]), faults


def test_a_notebook_without_a_chapter(course_with_notebook: Copy) -> None:
    folder = course_with_notebook.root / "solutions/notebooks"
    (folder / "09_void.md").write_text(MASTER, encoding="utf-8")
    assert any("09_void.md: belongs to no chapter" in fault for fault in told(course_with_notebook))


@pytest.mark.parametrize("which", ["solved_path", "learner_path"])
def test_what_was_edited_by_hand_is_stale_and_written_anew(which: str, course_with_notebook: Copy) -> None:
    copy = course_with_notebook
    (item,) = notebook.load(copy.course())
    relative = getattr(item, which)
    text = (copy.root / relative).read_text(encoding="utf-8")
    copy.edit(relative, "Some text.", "My text.")
    stale = [str(fault) for fault in author._up_to_date(copy.course())]
    assert stale == [f"{relative}: is not what its source says; 'workbook author sync' writes it anew"]
    assert author.sync(copy.course()) == [copy.root / relative]
    assert (copy.root / relative).read_text(encoding="utf-8") == text


def test_prose_may_change_without_a_run(course_with_notebook: Copy) -> None:
    copy = course_with_notebook
    copy.edit(f"solutions/notebooks/{copy.chapter}.md", "Some text.", "Better text.")
    assert len(author.sync(copy.course())) == 2
    assert told(copy) == []


def test_a_notebook_is_found_by_what_people_call_it() -> None:
    course = courses.load(ROOT)
    for name in ("01", "1", "ownership", "01_ownership", "01_ownership.ipynb", "my_notebooks/01_ownership.ipynb"):
        assert notebook.find(course, name).name == "01_ownership"
    assert notebook.find(course, "traits_curves").name == "03_traits_curves"
    with pytest.raises(CourseError, match=r"no notebook '03_trait_curve'. Did you mean 03_traits_curves"):
        notebook.find(course, "03_trait_curve")
    with pytest.raises(CourseError, match=r"no notebook 'xyz'. There are: 01_ownership"):
        notebook.find(course, "xyz")


def test_every_chapter_has_one_and_git_has_all_of_them() -> None:
    course = courses.load(ROOT)
    names = {item.name for item in notebook.load(course)}
    early = [chapter.name for chapter in course.chapters if chapter.name < "07"]
    assert set(early) <= names
    for name in names:
        assert (ROOT / f"notebooks/{name}.ipynb").exists() and (ROOT / f"solutions/notebooks/{name}.ipynb").exists()
