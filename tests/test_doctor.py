"""`doctor`: what it says about this machine, and about machines that lack something."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, new_clone
from workbook import doctor
from workbook.course import Course, load

FIELDS = {"name", "ok", "found", "needed_for", "how_to_get"}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return load(new_clone(tmp_path).root)


def by_name(course: Course | None = None) -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.examine(course)}


def test_the_json_contract(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    code = doctor.main(course, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert report.keys() == {"checks", "ready"}
    assert all(check.keys() == FIELDS for check in report["checks"])
    names = [check["name"] for check in report["checks"]]
    assert len(names) == len(set(names))
    assert set(doctor.REQUIRED) <= set(names)
    assert {"git", "uv", "clippy", "rustfmt", "rust-analyzer", "chromium", "node", "group dev", "terminal"} <= set(
        names
    )
    # Whoever lacks something is told how to get it.
    assert all(check["how_to_get"] for check in report["checks"] if not check["ok"])
    required = [check["ok"] for check in report["checks"] if check["name"] in doctor.REQUIRED]
    assert report["ready"] == all(required) == (code == 0)


def test_this_machine_is_ready(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """The suite itself could not run otherwise, so anything else is a fault of doctor."""
    assert doctor.main(course, as_json=False) == 0
    said = capsys.readouterr().out
    assert "Ready: the exercises can be worked through here." in said
    assert "\x1b" not in said


def test_no_rust_at_all(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    checks = by_name(course)
    for name in ("cargo", "rustc", "clippy", "rustfmt", "linker", "git", "uv", "chromium", "node"):
        assert not checks[name].ok, name
        assert checks[name].how_to_get
    assert checks["cargo"].how_to_get == "install Rust from https://rustup.rs"
    assert doctor.main(course, as_json=True) == 1


def test_old_rust(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("rustc", "cargo", "rustup"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} 1.70.0 (90c541806 2023-05-31)"\n', encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    check = by_name(course)["rustc"]
    assert not check.ok
    assert check.found == "rustc 1.70.0, the course needs 1.95"
    assert check.how_to_get == "type `rustup update stable`"


def test_no_linker(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """rustc is real and cc is not there: the program of one line cannot be linked."""
    rustc = subprocess.run(
        [shutil.which("rustc") or "rustc", "--print", "sysroot"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    (tmp_path / "rustc").symlink_to(Path(rustc) / "bin" / "rustc")
    monkeypatch.setenv("PATH", str(tmp_path))
    checks = by_name(course)
    assert checks["rustc"].ok
    assert not checks["linker"].ok
    assert "linker" in checks["linker"].found
    assert "build-essential" in checks["linker"].how_to_get or sys.platform != "linux"


def test_lost_and_damaged_exercises(course: Course) -> None:
    first, second, *_ = course.exercises
    course.file(first.path).unlink()
    course.file(second.path).write_bytes(b"fn main() {} // caf\xe9\n")
    check = by_name(course)["exercises"]
    assert not check.ok
    assert f"{first.path} is missing" in check.found
    assert f"{second.path} is not UTF-8 text (byte 19)" in check.found
    assert f"reset {first.name}" in check.how_to_get


def test_lost_checks(course: Course) -> None:
    course.file(course.exercises[0].checks).unlink()
    check = by_name(course)["course"]
    assert not check.ok
    assert course.exercises[0].checks in check.found


def test_a_chapter_that_cannot_be_read(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    (course.root / "chapters" / course.chapters[0].name / "chapter.toml").write_text("title = 3\n", encoding="utf-8")
    monkeypatch.setenv("WORKBOOK_ROOT", str(course.root))
    checks = by_name()
    assert not checks["course"].ok
    assert "chapter.toml:1" in checks["course"].found
    assert not checks["exercises"].ok
    assert doctor.main(None, as_json=True) == 1


def test_a_folder_that_cannot_be_written(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where a folder must be: that stops root too."""
    shutil.rmtree(course.root / ".workbook", ignore_errors=True)
    (course.root / ".workbook").touch()
    check = by_name(course)["folder"]
    assert not check.ok
    assert ".workbook cannot be written" in check.found


def test_a_disk_that_is_nearly_full(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ENOUGH_DISK", 1e9)
    check = by_name(course)["disk"]
    assert not check.ok
    assert "cargo clean" in check.how_to_get


def test_optional_things_do_not_fail_it(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """No browser, no uv, no group: the exercises do not care."""
    lacking = [
        doctor.Check(check.name, check.name in doctor.REQUIRED, check.found, check.needed_for, check.how_to_get)
        for check in doctor.examine(course)
    ]
    monkeypatch.setattr(doctor, "examine", lambda course: lacking)
    assert doctor.main(course, as_json=True) == 0
    assert doctor.main(course, as_json=False) == 0
