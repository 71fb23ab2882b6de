"""Checks in Python: what pytest's process writes down becomes the same verdicts as those of Rust's checks.

The learner's module is plain Python here, so that its faults are quick to make.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit

from course_copy import ROOT, lay_down
from workbook import python_checks, verdict
from workbook.verdict import Check

Judge = Callable[..., list[Check]]

CHECKS = '''\
"""What `halve` demands."""

import halve


def test_halves() -> None:
    got = halve.half(3.0)
    want = 1.5
    assert got == want, "half of 3"


def test_halves_nothing() -> None:
    assert halve.half(0.0) == 0.0


def test_says_what_it_cannot() -> None:
    assert "text" in str(halve.half("x")), "a message that names the type"
'''
GOOD = "def half(x):\n    return 'text' if isinstance(x, str) else x / 2\n"


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Runs the checks on a module with the given text."""
    monkeypatch.setattr(python_checks, "_importable", lambda library, module: tmp_path)
    file = tmp_path / "chapters" / "12_topic" / "checks" / "halve.py"
    file.parent.mkdir(parents=True)
    file.write_text(CHECKS, encoding="utf-8")

    def run(text: str, limit: float = 30.0) -> list[Check]:
        (tmp_path / "halve.py").write_text(text, encoding="utf-8")
        return python_checks.run(tmp_path / "lib.so", "halve", file, python_checks.names(CHECKS), limit=limit)

    return run


def test_the_names_of_checks() -> None:
    assert python_checks.names(CHECKS) == ["halves", "halves_nothing", "says_what_it_cannot"]


def test_all_pass(judge: Judge) -> None:
    assert [check.state for check in judge(GOOD)] == ["passed"] * 3


def test_a_comparison_is_shown_as_got_and_wanted(judge: Judge) -> None:
    first, second, third = judge("def half(x):\n    print('here', x)\n    return 2.5\n")
    assert (first.state, first.message, first.got, first.wanted) == ("failed", "half of 3", "2.5", "1.5")
    assert (first.file, first.line, first.output) == ("chapters/12_topic/checks/halve.py", 9, "here 3.0")
    assert (second.message, second.got, second.wanted) == ("", "2.5", "0.0")
    assert third.wanted is None and third.message.startswith("a message that names the type\nassert 'text' in '2.5'")


def test_an_exception_is_told_by_type_and_text(judge: Judge) -> None:
    # What PyO3 makes of a panic is no `Exception`.
    panics = "class PanicException(BaseException): ...\ndef half(x):\n    raise PanicException('index out of bounds')\n"
    first, *_ = judge(panics)
    assert (first.state, first.message) == ("failed", "PanicException: index out of bounds")
    assert first.line == 7 and first.wanted is None


def test_a_crash_names_its_check_and_takes_no_other_along(judge: Judge) -> None:
    first, second, third = judge(f"import os\n{GOOD}\nwhole = half\ndef half(x):\n    return whole(x) or os.abort()\n")
    assert (first.state, third.state) == ("passed", "passed")
    assert (second.state, second.cause) == ("failed", verdict.CRASH)
    assert second.message == "The program was ended by SIGABRT."


def test_leaving_in_the_middle_of_a_check_is_no_pass(judge: Judge) -> None:
    checks = judge("import os\ndef half(x):\n    os._exit(0)\n")
    assert [check.state for check in checks] == ["failed"] * 3
    assert checks[0].message == "The program left with status 0 in the middle of the check."


def test_leaving_at_the_import_is_no_pass(judge: Judge) -> None:
    first, *rest = judge("import os\nos._exit(0)\n")
    assert (first.state, first.cause) == ("failed", verdict.CRASH)
    assert [check.state for check in rest] == ["not_run"] * 2


def test_an_endless_check_is_stopped_and_named(judge: Judge) -> None:
    first, second, third = judge(f"{GOOD}\nwhole = half\ndef half(x):\n    while not x: pass\n    return whole(x)\n", 4)
    assert first.state == "passed"
    assert (second.state, second.cause) == ("failed", verdict.TIMEOUT)
    assert (third.state, third.cause) == ("not_run", verdict.TIMEOUT)


def test_a_flood_is_stopped(judge: Judge) -> None:
    first, second, _ = judge("def half(x):\n    while True: print('x' * 4096)\n")
    assert (first.state, first.cause) == ("failed", verdict.OUTPUT)
    assert (second.state, second.cause) == ("not_run", verdict.OUTPUT)


def test_a_module_that_cannot_be_imported(judge: Judge) -> None:
    first, *rest = judge("raise ImportError('no PyInit_halve')\n")
    assert (first.state, first.cause) == ("failed", verdict.NOT_IMPORTED)
    assert first.message == "Python cannot import it: ImportError: no PyInit_halve"
    assert [(check.state, check.cause) for check in rest] == [("not_run", verdict.NOT_IMPORTED)] * 2


def test_settings_around_it_do_not_matter(judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--unknown")
    (tmp_path / "conftest.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --unknown\n", encoding="utf-8")
    assert [check.state for check in judge(GOOD)] == ["passed"] * 3


def test_an_authors_new_exercise_fails_and_passes_as_any_other(tmp_path: Path) -> None:
    """With a real extension module: from `author new --python` to a pass, and its library under its own name."""
    copy = lay_down(tmp_path / "course")
    real = tomlkit.parse((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    pyo3 = tomlkit.dumps({"pyo3": real["workspace"]["dependencies"]["pyo3"]})
    copy.edit("Cargo.toml", "[workspace.dependencies]\n", f"[workspace.dependencies]\n{pyo3}")
    with (copy.root / "solutions" / copy.chapter / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n[dependencies]\npyo3.workspace = true\n")
    (copy.root / ".cargo").mkdir()
    shutil.copyfile(ROOT / ".cargo" / "config.toml", copy.root / ".cargo" / "config.toml")
    assert copy.call("author", "new", copy.chapter, "best_score", "--python").code == 0
    # Offline and with the versions that the course has proven.
    shutil.copyfile(ROOT / "Cargo.lock", copy.root / "Cargo.lock")
    subprocess.run(["cargo", "update", "--workspace", "--offline", "--quiet"], cwd=copy.root, check=True)

    failed = copy.call("run", "best_score", "--json")
    assert failed.code == 1
    assert failed.data["failed_checks"] == ["finds_the_largest_anywhere", "works_below_zero"]
    first = failed.data["checks"][0]
    assert first["message"] == "best of [0.25, 0.75, 0.5]"
    assert (first["got"], first["wanted"]) == ("0.25", "0.75")
    assert first["file"] == f"chapters/{copy.chapter}/checks/best_score.py"

    copy.solve("best_score")
    assert copy.call("run", "best_score").code == 0
    copy.write("best_score", copy.solution("best_score").replace("mod best_score", "mod worst_score"))
    renamed = copy.call("run", "best_score", "--json").data
    assert renamed["causes"][0] == verdict.NOT_IMPORTED
    assert "PyInit_best_score" in renamed["checks"][0]["message"]
