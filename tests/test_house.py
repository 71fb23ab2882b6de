"""The house: locks, licences, settings and workflows say what is so; and the suite's own command keeps its promises."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import ROOT
from workbook import suite
from workbook.course import CourseError

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return [name for name in listed.stdout.split("\0") if name]


# Locks.


def pins(lock: Path) -> dict[str, str]:
    """A lock's packages and versions."""
    found = re.findall(r"^([\w.-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def wanted(group: str) -> list[Requirement]:
    found: list[Requirement] = []
    for entry in PROJECT["project"]["dependencies"] if group == "base" else PROJECT["dependency-groups"][group]:
        # A group may include another one.
        found += wanted(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return found


def test_every_group_has_a_lock_and_every_lock_a_group() -> None:
    assert {lock.stem for lock in LOCKS} == {"base", *PROJECT["dependency-groups"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_the_lock_agrees_with_pyproject(lock: Path) -> None:
    pinned = pins(lock)
    for requirement in wanted(lock.stem):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{lock.name} lacks {name}: renew it with the command in its first lines"
        assert requirement.specifier.contains(pinned[name]), f"{lock.name} pins {name} {pinned[name]}: renew it"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_of_the_lock_is_hashed(lock: Path) -> None:
    text = re.sub(r"\\\n\s*", "", lock.read_text(encoding="utf-8"))
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert entries
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_groups_do_not_contradict_the_base() -> None:
    base = pins(ROOT / "requirements" / "base.txt")
    for lock in LOCKS:
        for name, version in pins(lock).items():
            assert base.get(name, version) == version, f"{lock.name} pins another {name} than base.txt"


# What nobody's machine should leave in the repository.

SELF = "tests/test_house.py"
FORBIDDEN = re.compile(
    rb"/root/|/home/\w+/|/Users/\w+/|pythonhosted\.org|pypi\.org|registry\.npmjs\.org|\bcrates\.io\b(?!-index)|deb\.debian\.org"
)


def test_no_machine_paths_and_no_registry_hosts() -> None:
    found = []
    for name in tracked():
        path = ROOT / name
        if name != SELF and path.is_file():
            found += [f"{name}: {match[0].decode()}" for match in FORBIDDEN.finditer(path.read_bytes())]
    assert not found, found


def test_one_name_in_all_the_files_that_say_what_the_code_may_be_used_for() -> None:
    cargo = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    assert cargo["workspace"]["package"]["license"] == PROJECT["project"]["license"] == "MIT OR Apache-2.0"
    for name, title in (
        ("LICENSE-MIT", "MIT License"),
        ("LICENSE-APACHE", "Apache License"),
        ("LICENSE-TEXT", "Creative Commons Attribution 4.0"),
    ):
        assert title in (ROOT / name).read_text(encoding="utf-8")


def test_versions_agree() -> None:
    """The launcher says itself which Python is too old; it cannot read TOML with one that is."""
    launcher = (ROOT / "workbook").read_text(encoding="utf-8")
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"OLDEST_PYTHON = ({oldest.replace('.', ', ')})" in launcher
    assert f"needs {oldest} or newer" in launcher
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert f'python-version: "{oldest}"' in workflow


def test_the_console_script_can_be_called() -> None:
    """The convention: the function is called without arguments."""
    module, _, name = PROJECT["project"]["scripts"]["workbook"].partition(":")
    inspect.signature(getattr(importlib.import_module(module), name)).bind()


def without_comments(text: str) -> str:
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in tracked() if name.startswith((".vscode/", ".devcontainer/"))])
def test_editor_settings_are_json_with_comments(name: str) -> None:
    if name.endswith(".json"):
        json.loads(without_comments((ROOT / name).read_text(encoding="utf-8")))


def test_the_editor_asks_the_runner() -> None:
    settings = json.loads(without_comments((ROOT / ".vscode/settings.json").read_text(encoding="utf-8")))
    command = settings["rust-analyzer.check.overrideCommand"]
    assert command == ["python3", "workbook", "editor-check"]
    # The learner opens the folder and sees what there is to work on.
    hidden = settings["files.exclude"]
    assert not {"exercises", "chapters", "solutions"} & hidden.keys()


@pytest.mark.parametrize(
    "name", [name for name in tracked() if name.endswith((".yml", ".yaml")) and not name.startswith("chapters/")]
)
def test_yaml_files_parse(name: str) -> None:
    assert yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_workflow_runs_what_ci_runs() -> None:
    workflow: Any = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = [step.get("run", "") for step in workflow["jobs"]["test"]["steps"]]
    assert "bash .ci/run" in commands
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used), used


def test_the_scripts_are_executable() -> None:
    for name in ("workbook", ".ci/run"):
        mode = subprocess.run(["git", "ls-files", "-s", name], cwd=ROOT, capture_output=True, text=True).stdout[:6]
        assert mode == "100755", name


# The suite's command.


def step(name: str, *commands: list[str]) -> suite.Step:
    return suite.Step(name, f"what {name} is for", lambda: commands)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "_prepare", lambda chosen: [])


def test_a_failing_step_stops_nothing_and_fails_the_suite(prepared: None, capfd: pytest.CaptureFixture[str]) -> None:
    code = suite.run([step("one", ["false"], ["echo", "still here"]), step("two", ["true"])])
    said = capfd.readouterr().out
    assert code == 1
    assert "still here" in said
    assert re.search(r"FAILED  one", said) and re.search(r"passed  two", said)
    assert "again: python3 workbook test --only one" in said
    assert said.splitlines()[-1] == "2 passed, 1 failed"


def test_what_a_failing_step_said_last_is_said_again(prepared: None, capfd: pytest.CaptureFixture[str]) -> None:
    lines = ["sh", "-c", f"seq 1 {suite.KEPT + 5}; echo the fault >&2; exit 3"]
    suite.run([step("one", lines, ["echo", "still here"]), step("two", ["echo", "nothing to say again"])])
    said = capfd.readouterr().out
    closing = said[said.index("== one: the last that was said") : said.index("The suite")]
    assert "\nthe fault\n" in closing and "\n35\n" in closing
    assert "\n5\n" not in closing, "a long log is not repeated as a whole"
    assert "still here" not in closing and "nothing to say again" not in closing


def test_all_passed(prepared: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert suite.run([step("one", ["true"])]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "2 passed, 0 failed"


def test_a_program_that_does_not_start_fails_its_step(prepared: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert suite.run([step("one", ["/nowhere/program"])]) == 1
    assert "does not start" in capfd.readouterr().out


def test_what_only_the_user_can_install(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(suite.groups, "ensure", lambda name: None)
    monkeypatch.setattr(suite, "_found", lambda program: program != "chromium")
    monkeypatch.setattr(suite.shutil, "which", lambda program: None)
    with pytest.raises(CourseError, match=r"chromium \(for the tests that open .* `sudo apt install chromium`"):
        suite._prepare([step("pytest")])
    assert suite.run([step("pytest", ["true"])]) == 1
    assert "again: python3 workbook test" in capfd.readouterr().out


def test_a_quiet_step_says_that_it_goes_on(
    prepared: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "PATIENCE", 0.05)
    suite.run([step("slow", ["sleep", "0.4"])])
    assert "slow: 0 s so far" in capfd.readouterr().out


def test_only_and_list(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    chosen: list[str] = []

    def note(steps: Sequence[suite.Step]) -> int:
        chosen.extend(step.name for step in steps)
        return 0

    monkeypatch.setattr(suite, "run", note)
    assert suite.main(["--list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == ["format", "lint", "deny", "rust", "claims", "rules", "solutions", "notebooks", "torch", "pytest"]
    assert suite.main(["--only", "rust", "--only=format"]) == 0
    assert chosen == ["format", "rust"]
    assert suite.main(["--only", "rsut"]) == 2
    assert suite.main(["--only"]) == 2
    assert suite.main(["nonsense"]) == 2


def test_pytest_gets_what_stands_after_the_dashes(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the step needs is the step's business; here nothing is built.
    monkeypatch.setattr(suite, "_kernels", list)
    monkeypatch.setattr("workbook.groups.ensure", lambda _: None)
    monkeypatch.setattr("workbook.wasm.build", lambda _: None)
    (last,) = [step for step in suite.steps(["-k", "launcher"]) if step.name == "pytest"]
    assert list(last.commands()[0])[-4:] == ["-m", "pytest", "-k", "launcher"]
    (last,) = [step for step in suite.steps() if step.name == "pytest"]
    assert list(last.commands()[0])[1:] == ["-m", "pytest", *suite.SIDE_BY_SIDE]


def test_what_stands_behind_two_dashes_is_not_the_suites() -> None:
    command = [sys.executable, "-m", "workbook", "test", "--only", "nothing", "--", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    assert done.returncode == 2
    assert "There is no step 'nothing'" in done.stderr, done.stderr
    done = subprocess.run([*command[:-4], "--list", "--", "-q"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "pytest" in done.stdout, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands for cargo, and Windows starts none")
def test_what_each_chapter_adds_is_read_from_the_log(
    prepared: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # A clock that stands still: on a busy machine, too, what is run here takes no time.
    monkeypatch.setattr("time.perf_counter", lambda: 0.0)
    stand_in = tmp_path / "cargo"
    stand_in.write_text("#!/bin/sh\n", encoding="utf-8")
    stand_in.chmod(0o755)
    asked = ["test", "--locked", "-p", "lifetimes", "-p", "lifetimes-solutions"]
    judged = "{}: 14 exercises judged in {} s"
    suite.run(
        [
            step("rust", ["echo", "one model"], [str(stand_in), *asked]),
            step("rules", ["echo", judged.format("02_lifetimes", "3.5")]),
            step("torch", [str(stand_in), "test", "--manifest-path", "x"], ["echo", judged.format("11_tch", "9.9")]),
        ]
    )
    log = tmp_path / "suite.log"
    log.write_text(capfd.readouterr().out, encoding="utf-8")
    call = [sys.executable, str(ROOT / "benchmarks" / "suite.py"), str(log)]
    said = subprocess.run(call, capture_output=True, encoding="utf-8", check=True).stdout
    assert "| 02_lifetimes |  | 0 | 4 | 4 |" in said and "11_tch" not in said
    assert {"| rust | 0 |", "| rules | 0 |", "| torch | 0 |"} <= set(said.splitlines())

    log.write_text(log.read_text(encoding="utf-8").replace("passed  rules", "FAILED  rules"), encoding="utf-8")
    refused = subprocess.run(call, capture_output=True, encoding="utf-8")
    assert refused.returncode == 2 and "the step rules failed" in refused.stderr
