"""The workflow that a class copies: its steps are run here, on a course and a learner's repository of the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

from conftest import ROOT
from course_copy import COUNT, MEAN, SCALE, Copy
from test_grade import ANSWERS
from test_grade_notebooks import ALL, MASTER, NAME, OUTPUTS, add_notebook, hand_in, solved
from workbook import groups, lab

FILE = ROOT / "docs" / "class-workflow.yml"


def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workflow()["jobs"]["grade"]["steps"]
    return found


def test_it_may_read_and_no_more() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    # YAML reads the key `on` as true. `pull_request_target` would run a stranger's code with the class's rights.
    assert set(workflow()[True]) == {"push", "workflow_dispatch"}  # type: ignore[index]
    checkouts = [step["with"] for step in steps() if "checkout" in step.get("uses", "")]
    assert [step["path"] for step in checkouts] == ["course", "work"]
    assert all(step["persist-credentials"] is False for step in checkouts)
    text = FILE.read_text(encoding="utf-8")
    assert "secrets." not in text and "github.event" not in text


def test_it_uses_the_actions_that_the_course_uses() -> None:
    ours = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    for step in steps():
        name = step.get("uses")
        assert name is None or name in ours or name.startswith("actions/upload-artifact@")


@pytest.fixture
def desk(small: Copy, tmp_path: Path) -> Path:
    """What a runner has after the checkouts: the course in one folder, the learner's work in another."""
    groups.ensure("notebooks")
    add_notebook(small, NAME, MASTER, OUTPUTS)
    folder = tmp_path / "desk"
    folder.mkdir()
    shutil.move(small.root, folder / "course")
    course = Copy(folder / "course")
    env = {"WORKBOOK_ROOT": str(course.root), "PYTHONPATH": str(ROOT / "python"), "PYTHONUTF8": "1"}
    (course.root / "workbook").write_text(
        f"import os, sys\nos.environ.update({env!r})\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'workbook', *sys.argv[1:]])\n",
        encoding="utf-8",
    )
    return folder


def run(desk: Path, **more: str) -> tuple[str, str]:
    """Runs the workflow's own commands in order. Returns what they said, and the summary.

    The course of the tests has one chapter.
    """
    more = {"CHAPTERS": "01", **more}
    summary = desk / "summary.md"
    unwanted = ("CARGO_TARGET_DIR", "WORKBOOK_ROOT", "PYTHONPATH")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    said = ""
    for step in steps():
        if "run" not in step or step.get("name") == "Rust":
            continue
        done = subprocess.run(
            # As GitHub calls `shell: bash`.
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=desk / step.get("working-directory", "."),
            env={**env, **workflow()["env"], **more, "GITHUB_STEP_SUMMARY": str(summary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=1200,
        )
        assert done.returncode == 0, (step["name"], done.stdout)
        said += done.stdout
    return said, summary.read_text(encoding="utf-8") if summary.exists() else ""


def test_a_learners_repository_is_graded(desk: Path) -> None:
    course, work = Copy(desk / "course"), desk / "work"
    for name, text in {
        COUNT: course.solution(COUNT),
        SCALE: course.starter(SCALE),
        MEAN: course.solution(MEAN),
    }.items():
        path = work / course.course().exercise(name).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    # What is not an answer is not taken: a manifest, a file of another name, a link.
    manifest = course.root / "exercises" / course.chapter / "Cargo.toml"
    before = manifest.read_bytes()
    (path.parent / "Cargo.toml").write_text("[package]\n", encoding="utf-8")
    (path.parent / "more.rs").write_text("", encoding="utf-8")
    checks = work / course.course().exercise(SCALE).checks
    checks.parent.mkdir(parents=True)
    checks.write_text("", encoding="utf-8")
    answers = work / "answers"
    answers.mkdir()
    (answers / "01_tensors.toml").write_text(ANSWERS.replace('"short-8" = 8\n', ""), encoding="utf-8")
    (answers / "02_nothing.toml").write_text("[", encoding="utf-8")
    hand_in(work, lab.COPIES, solved(course, {**ALL, "mean": "def mean(values): return 7"}))
    (course.root / "policy.toml").write_text(
        '[deadlines]\n"01" = 2026-01-01T00:00:00\n[late]\nper_day = 0.5\nmost = 0.5\n', encoding="utf-8"
    )
    _, summary = run(desk, POLICY="policy.toml")
    marks = desk / "marks"
    (graded,) = json.loads((marks / "results.json").read_text(encoding="utf-8"))["learners"]
    assert {item["name"]: item["state"] for item in graded["exercises"]} == {
        COUNT: "passed",
        SCALE: "unchanged",
        MEAN: "passed",
    }
    # Two exercises and three quiz items, and the deadline has long passed.
    assert (graded["learner"], graded["points"], graded["quizzes"][0]["score"]) == ("work", 2.5, 3)
    verdicts = {case.name: case.is_passed for suite in JUnitXml.fromfile(str(marks / "results.xml")) for case in suite}
    assert (verdicts[COUNT], verdicts[SCALE]) == (True, False)
    assert manifest.read_bytes() == before and not (manifest.parent / "more.rs").exists()
    assert "answers/02_nothing.toml` is neither TOML nor JSON" in summary
    assert "exercises/01_tensors/more.rs" in summary and "# work: 2.5 of 13 points" in summary
    results = json.loads((marks / "notebooks.json").read_text(encoding="utf-8"))
    assert [(learner["learner"], learner["points"]) for learner in results["learners"]] == [("work", 5)]
    assert "# work, notebooks: 5 of 6 points" in summary


def test_a_repository_without_work_is_no_fault_of_the_run(desk: Path) -> None:
    (desk / "work" / "exercises").mkdir(parents=True)
    said, summary = run(desk)
    assert "work     0 of 13" in said and "# work: 0 of 13 points" in summary
    assert (desk / "marks" / "feedback" / "work.html").exists()
    assert not (desk / "marks" / "notebooks.json").exists()
