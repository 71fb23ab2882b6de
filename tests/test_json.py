"""The `--json` contract: the schemas are current, they reject what is not the contract, and real output keeps it."""

from __future__ import annotations

import copy as copies
import json
from collections.abc import Iterator
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import BaseModel

from conftest import ROOT
from course_copy import COUNT, MEAN, SCALE, Copy
from workbook import contract
from workbook.progress import Progress

SCHEMAS = ROOT / "docs" / "schema"


def validator(command: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{command}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def holds(command: str, data: Any) -> None:
    """The output meets the schema, and has no field that the contract does not name."""
    validator(command).validate(data)
    model = contract.REPORTS[command]
    named = {part for part in (model, *get_args(model)) if isinstance(part, type) and issubclass(part, BaseModel)}
    (row,) = named
    for entry in data if isinstance(data, list) else [data]:
        if entry is not None:
            same_fields(row, entry)


def same_fields(model: type[BaseModel], entry: dict[str, Any]) -> None:
    assert list(entry) == list(model.model_fields), model.__name__
    for name, field in model.model_fields.items():
        inner = next(
            (part for part in parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None
        )
        if inner and entry[name] is not None:
            for value in entry[name] if isinstance(entry[name], list) else [entry[name]]:
                same_fields(inner, value)


def parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from parts(part)


@pytest.mark.parametrize("command", contract.REPORTS)
def test_the_schema_is_what_the_types_say(command: str) -> None:
    file = SCHEMAS / f"{command}.json"
    assert file.read_text(encoding="utf-8") == contract.schema(command), "python -m workbook.contract writes it anew"


def test_there_is_no_schema_without_its_command() -> None:
    assert {path.stem for path in SCHEMAS.iterdir()} == set(contract.REPORTS)


@pytest.mark.parametrize("model", [contract.Listed, contract.Verdict, contract.Check, contract.Diagnostic])
def test_the_page_names_every_field(model: type[BaseModel]) -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    words = set(page.replace("`", " ").replace("{", " ").replace("}", " ").replace(",", " ").split())
    assert set(model.model_fields) <= words


def test_list(small: Copy) -> None:
    small.solve(COUNT, SCALE)
    assert small.call("run", COUNT).code == 0
    assert small.call("run", SCALE).code == 0
    small.body(SCALE, "*value += factor;")
    reply = small.call("list", "--json")
    assert (reply.code, reply.err) == (0, "")
    holds("list", reply.data)
    assert reply.data[1] == {
        "chapter": "01_tensors",
        "name": SCALE,
        "title": "Scale in place",
        "path": f"exercises/01_tensors/{SCALE}.rs",
        "state": "stale",
        "teaches": ["write"],
        "needs": ["move"],
        "minutes": 5,
    }
    assert [row["state"] for row in reply.data] == ["done", "stale", "pending"]


def test_run_and_verify_at_every_stage(small: Copy) -> None:
    stages = []
    small.body(SCALE, "let unused = 1;\n*value = *value * factor;")
    for name, code in ((COUNT, 1), (SCALE, 0), (MEAN, 1)):
        reply = small.call("run", name, "--json")
        assert (reply.code, reply.err) == (code, "")
        holds("run", reply.data)
        assert reply.data["passed"] == (code == 0)
        stages.append(reply.data["stage"])
    assert small.call("run", SCALE, "--json").data["lints"], "advice is a part of the output"
    small.write(SCALE, small.starter(SCALE))
    reply = small.call("verify", "--json")
    assert (reply.code, reply.err) == (1, "")
    holds("verify", reply.data)
    stages.append(reply.data[1]["stage"])
    assert stages == ["compile", "done", "lint", "check"]
    holds("verify", small.call("verify", "01", "--solutions", "--json").data)


def test_run_when_everything_is_done(small: Copy) -> None:
    small.solve(COUNT, SCALE, MEAN)
    small.call("verify")
    reply = small.call("run", "--json")
    assert (reply.code, reply.out) == (0, "null\n")
    holds("run", reply.data)


def test_what_a_program_prints_cannot_break_the_json(small: Copy) -> None:
    small.body(SCALE, r'println!("{{\"passed\": true}}\u{0}\u{7}\u{1b}[2J \"\\ é");' + "\nlet _ = (&value, factor);")
    data = small.call("run", SCALE, "--json").data
    holds("run", data)
    assert data["checks"][1]["output"].splitlines()[0] == '{"passed": true} "\\ é'


def test_status(three: Copy) -> None:
    Progress.load(three.root).record_quiz("02_layers", 3, 10, ["one", "two"])
    three.solve(COUNT)
    assert three.call("run", COUNT).code == 0
    reply = three.call("status", "--json")
    assert (reply.code, reply.err) == (0, "")
    holds("status", reply.data)
    assert (reply.data["done"], reply.data["exercises"], reply.data["next"]) == (1, 9, SCALE)
    assert [row["quiz"] for row in reply.data["chapters"]] == [None, {"score": 3, "total": 10}, None]


@pytest.mark.parametrize("command", [["list"], ["run", COUNT], ["verify"], ["status"]])
def test_without_a_verdict_nothing_goes_to_standard_output(small: Copy, command: list[str]) -> None:
    (small.root / "progress.toml").mkdir()
    reply = small.call(*command, "--json")
    assert (reply.code, reply.out) == (2, "")
    assert reply.err.startswith("workbook: ")


GOOD = {
    "level": "error",
    "code": None,
    "message": "m",
    "file": "f",
    "line": 1,
    "column": 1,
    "rendered": "r",
}
VERDICT = {
    "chapter": "01_tensors",
    "name": "a",
    "passed": False,
    "stage": "check",
    "code": None,
    "failed_checks": ["c"],
    "seconds": 0.5,
    "message": "m",
    "hint": None,
    "causes": ["c"],
    "checks": [
        {
            "name": "c",
            "state": "failed",
            "seconds": 0.1,
            "message": "m",
            "wanted": "1",
            "got": "2",
            "file": "f",
            "line": 3,
            "cause": None,
            "output": "",
        }
    ],
    "diagnostics": [GOOD],
    "lints": [],
}


def places(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*at, key)
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from places(value, (*at, index))


def test_the_schema_rejects_what_lacks_a_field_or_has_another_type() -> None:
    check = validator("run")
    check.validate(VERDICT)
    check.validate(None)
    tried = 0
    for *way, last in places(VERDICT):
        for change in ("removed", "another type"):
            data = copies.deepcopy(VERDICT)
            inner: Any = data
            for step in way:
                inner = inner[step]
            if change == "removed":
                del inner[last]
            else:
                inner[last] = {"unexpected": []}
            assert not check.is_valid(data), (way, last, change)
            tried += 1
    assert tried > 50


@pytest.mark.parametrize(("field", "value"), [("stage", "build"), ("seconds", -1), ("causes", [1])])
def test_the_schema_rejects_values_beyond_the_contract(field: str, value: object) -> None:
    assert not validator("run").is_valid({**VERDICT, field: value})


# --- every command, across chapters -----------------------------------------------------------------------------------


def test_every_command_works_across_chapters(three: Copy) -> None:
    rows = three.call("list", "--json").data
    assert [row["chapter"] for row in rows] == ["01_tensors"] * 3 + ["02_layers"] * 3 + ["03_models"] * 3
    three.solve(*(row["name"] for row in rows[:3]), f"{SCALE}_models")
    reply = three.call("verify", "tensors", "03", "--json")
    assert reply.code == 1
    assert [(row["name"], row["passed"]) for row in reply.data] == [
        (COUNT, True),
        (SCALE, True),
        (MEAN, True),
        (f"{COUNT}_models", False),
        (f"{SCALE}_models", True),
        (f"{MEAN}_models", False),
    ]
    # Who begins with a later chapter goes on in it.
    assert f"Next: python3 workbook run {COUNT}_models" in three.call("run", f"{SCALE}_models").out
    # The first chapter is done: its quiz is offered, and the next chapter's first exercise.
    last = three.call("run", MEAN)
    assert "Chapter done. Its quiz: python3 workbook quiz 01_tensors" in last.out
    assert f"Then: python3 workbook run {COUNT}_layers" in last.out
    assert three.call("run", "--json").data["name"] == f"{COUNT}_layers"
    assert f"02_layers / {COUNT}_layers" in three.call().out
    listed = three.call("list").out
    assert "01_tensors  The tensors  (3/3)" in listed and "03_models  The models  (1/3)" in listed
    assert [row["done"] for row in three.call("status", "--json").data["chapters"]] == [3, 0, 1]
    assert three.call("hint").out.startswith(f"02_layers / {COUNT}_layers")
    assert three.call("reset", f"{SCALE}_models").code == 0
    assert three.call("list", "--json").data[7]["state"] == "pending"
