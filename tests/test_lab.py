"""`lab`: copies that belong to the learner, a kernel that is registered, and what is said when something is missing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course_copy import Copy
from test_notebook import course_with_notebook as course_with_notebook  # a fixture
from test_notebook import put
from workbook import extension, groups, kernels, lab, notebook, tools
from workbook.course import CourseError

ROOT = Path(__file__).resolve().parents[1]


def mine(copy: Copy) -> Path:
    return copy.root / "my_notebooks" / f"{copy.chapter}.ipynb"


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


# The learner's copies.


def test_a_copy_has_the_starters_and_no_outputs(course_with_notebook: Copy) -> None:
    assert lab.lay_out(course_with_notebook.course()) == []
    copied, given = (
        cells(mine(course_with_notebook)),
        cells(course_with_notebook.root / given_path(course_with_notebook)),
    )
    assert [cell["id"] for cell in copied] == [cell["id"] for cell in given]
    assert any(cell.get("outputs") for cell in given) and not any(cell.get("outputs") for cell in copied)
    assert [cell["source"] for cell in copied] == [cell["source"] for cell in given]


def given_path(copy: Copy) -> str:
    return f"notebooks/{copy.chapter}.ipynb"


def test_a_learners_copy_is_never_written_to(course_with_notebook: Copy) -> None:
    copy = course_with_notebook
    lab.lay_out(copy.course())
    text = mine(copy).read_text(encoding="utf-8").replace("give(weights)", "give(&mine)")
    mine(copy).write_text(text, encoding="utf-8")
    assert lab.lay_out(copy.course()) == []
    master = (copy.root / f"solutions/notebooks/{copy.chapter}.md").read_text(encoding="utf-8")
    put(copy, master.replace("Some text.", "Newer text."))
    (said,) = lab.lay_out(copy.course())
    assert f"newer version of {copy.chapter}" in said and f"lab {copy.chapter} --fresh" in said
    assert mine(copy).read_text(encoding="utf-8") == text


def test_fresh_keeps_what_it_replaces(course_with_notebook: Copy) -> None:
    copy = course_with_notebook
    lab.lay_out(copy.course())
    mine(copy).write_text("mine", encoding="utf-8")
    (item,) = notebook.load(copy.course())
    (said,) = lab.lay_out(copy.course(), begin_anew=item)
    kept = copy.root / said.split("yours is ")[1].rstrip(".")
    assert kept.read_text(encoding="utf-8") == "mine"
    assert cells(mine(copy))


def test_a_copy_that_is_no_notebook_any_more_is_left_alone(course_with_notebook: Copy) -> None:
    copy = course_with_notebook
    lab.lay_out(copy.course())
    mine(copy).write_text("{", encoding="utf-8")
    assert lab.lay_out(copy.course()) == []
    assert mine(copy).read_text(encoding="utf-8") == "{"


def test_git_does_not_see_the_copies() -> None:
    answer = subprocess.run(["git", "check-ignore", "my_notebooks/01_ownership.ipynb"], cwd=ROOT, capture_output=True)
    assert answer.returncode == 0


# What is missing.


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, ...]]:
    """Everything but Jupyter: nothing is installed or built, and what would be started is noted."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(groups, "ensure", lambda name: None)
    monkeypatch.setattr(extension, "ensure", lambda notify: False)
    monkeypatch.setattr(kernels, "folder", lambda: tmp_path / "kernels" / "rust")
    monkeypatch.setattr(kernels, "find", lambda: Path("/tools/evcxr_jupyter"))
    monkeypatch.setattr(tools, "ensure_tool", lambda *words, **more: Path("/tools/evcxr_jupyter"))

    def start(*words: Any) -> int:
        calls.append(words)
        return 0

    monkeypatch.setattr(lab, "_start", start)
    return calls


def test_everything_is_there(
    started: list[tuple[Any, ...]], course_with_notebook: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lab.main(course_with_notebook.course(), "01", browser=False, port=8999) == 0
    ((root, chosen, browser, port),) = started
    assert (root, chosen.name, browser, port) == (course_with_notebook.root, course_with_notebook.chapter, False, 8999)
    assert (kernels.folder() / "kernel.json").exists()
    assert capsys.readouterr().err == ""


def test_without_the_kernel_the_rest_still_starts(
    started: list[tuple[Any, ...]],
    course_with_notebook: Copy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def no_cargo(*words: Any, **more: Any) -> Path:
        raise tools.ToolError("There is no cargo here.")

    kernels.register()
    monkeypatch.setattr(tools, "ensure_tool", no_cargo)
    monkeypatch.setattr(extension, "ensure", no_cargo)
    assert lab.main(course_with_notebook.course()) == 0
    said = capsys.readouterr().err
    assert "There is no cargo here.\nThe notebooks in Rust will not run; those in Python will." in said
    assert "it needs cargo, from https://rustup.rs" in said
    assert "The Python notebooks that call the compiled module will not run until this is mended." in said
    assert len(started) == 1
    # Jupyter must not offer a kernel that cannot start.
    assert not (kernels.folder() / "kernel.json").exists()


def test_python_only_builds_no_kernel(
    started: list[tuple[Any, ...]],
    course_with_notebook: Copy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tools, "ensure_tool", lambda *words, **more: pytest.fail("built"))
    assert lab.main(course_with_notebook.course(), python_only=True) == 0
    assert (kernels.folder() / "kernel.json").exists()  # It is there already, so it may be used.
    monkeypatch.setattr(kernels, "find", lambda: None)
    assert lab.main(course_with_notebook.course(), python_only=True) == 0
    assert "`python3 workbook lab` builds it, once" in capsys.readouterr().err
    assert not (kernels.folder() / "kernel.json").exists()


def test_wrong_calls(started: list[tuple[Any, ...]], course_with_notebook: Copy) -> None:
    course = course_with_notebook.course()
    with pytest.raises(CourseError, match="no notebook 'nonsense'"):
        lab.main(course, "nonsense")
    with pytest.raises(CourseError, match="--fresh begins one notebook anew: say which"):
        lab.main(course, fresh=True)
    with pytest.raises(CourseError, match="no port 70000"):
        lab.main(course, port=70_000)
    assert started == [] and not mine(course_with_notebook).exists()


# What is started.


def test_the_command_line(course_with_notebook: Copy) -> None:
    root = course_with_notebook.root
    (item,) = notebook.load(course_with_notebook.course())
    words = lab.command_line(root, item, browser=False, port=8999)
    assert words[0] == str(groups.python())
    assert f"--LabApp.default_url=/lab/tree/my_notebooks/{item.name}.ipynb" in words
    assert {"--no-browser", "--ServerApp.port=8999", "--ServerApp.port_retries=0"} <= set(words)
    words = lab.command_line(root, None, browser=True, port=None)
    assert "--LabApp.default_url=/lab/tree/my_notebooks" in words
    assert "--no-browser" not in words and not any("port=" in word for word in words)


def test_jupyter_writes_into_the_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    found = kernels.settings(tmp_path)
    assert all(Path(found[name]).is_relative_to(tmp_path) for name in found if name.endswith("DIR"))
    page = json.loads((Path(found["JUPYTER_CONFIG_DIR"]) / "labconfig/page_config.json").read_text(encoding="utf-8"))
    assert page["disabledExtensions"]
    own = tmp_path / "own"
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(own))
    assert kernels.settings(tmp_path)["JUPYTER_CONFIG_DIR"] == str(own) and not own.exists()


def test_the_kernel_is_registered_in_the_environment_and_follows_a_clone_that_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kernels.folder().is_relative_to(Path(groups.launcher().VENV))
    monkeypatch.setattr(kernels, "folder", lambda: tmp_path / "rust")
    (tmp_path / "rust").mkdir()
    (tmp_path / "rust/kernel.json").write_text('{"argv": ["/where/it/was"]}', encoding="utf-8")
    kernels.register()
    spec = json.loads((tmp_path / "rust/kernel.json").read_text(encoding="utf-8"))
    assert spec["argv"][0] == str(groups.python()) and spec["argv"][-1] == "{connection_file}"
    assert (spec["language"], spec["interrupt_mode"]) == ("rust", "message")


def test_two_kernels_do_not_share_a_build_folder(tmp_path: Path) -> None:
    first, held = kernels.build_folder(tmp_path)
    second, other = kernels.build_folder(tmp_path)
    assert (first.name, second.name) == ("1", "2")
    held.close()
    again, third = kernels.build_folder(tmp_path)
    assert again == first
    other.close()
    third.close()


KERNEL = ROOT / "python" / "workbook" / "rust_kernel.py"

EVCXR = """\
import json, os, sys
if "--version" in sys.argv:
    print("evcxr_jupyter 0.21.1")
else:
    told = {"folder": os.getcwd(), "words": sys.argv[1:], "tmp": os.environ["EVCXR_TMPDIR"]}
    open(os.environ["TOLD"], "w").write(json.dumps(told))
    import time
    time.sleep(float(os.environ.get("NAP", "0")))
"""


@pytest.fixture
def evcxr(tmp_path: Path) -> dict[str, str]:
    """A stand-in for evcxr that says how it was started."""
    folder = tmp_path / "tools" / f"evcxr_jupyter-{kernels.EVCXR}" / "bin"
    folder.mkdir(parents=True)
    program = folder / "evcxr_jupyter"
    program.write_text(f"#!{sys.executable}\n{EVCXR}", encoding="utf-8")
    program.chmod(0o755)
    places = {
        "RUST_FOR_AI_TOOLS": tmp_path / "tools",
        "TOLD": tmp_path / "told.json",
        "XDG_CACHE_HOME": tmp_path / "cache",
    }
    return {**os.environ, **{name: str(place) for name, place in places.items()}}


def start_kernel(copy: Copy, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    env = {**env, "WORKBOOK_ROOT": str(copy.root), "PYTHONPATH": str(ROOT / "python")}
    return subprocess.run(
        [sys.executable, KERNEL, "connection.json"], cwd=copy.root, env=env, capture_output=True, text=True, timeout=30
    )


def test_a_kernel_runs_in_the_notebooks_folder(course_with_notebook: Copy, evcxr: dict[str, str]) -> None:
    copy = course_with_notebook
    answer = start_kernel(copy, evcxr)
    assert answer.returncode == 0, answer.stderr
    told = json.loads(Path(evcxr["TOLD"]).read_text(encoding="utf-8"))
    assert Path(told["folder"]).samefile(copy.root / "notebooks")
    assert told["words"] == ["--control_file", str(copy.root / "connection.json")]
    # The copy's path has a blank in it, and evcxr could not build there.
    assert " " in str(copy.root) and " " not in told["tmp"]
    assert Path(told["tmp"]).is_relative_to(evcxr["XDG_CACHE_HOME"])


def test_what_a_kernel_builds_stays_in_the_course(tmp_path: Path) -> None:
    place, lock = kernels.build_folder(tmp_path)
    lock.close()
    assert place == tmp_path / ".workbook/evcxr/1"


def test_a_kernel_keeps_its_folder_while_it_lives(
    course_with_notebook: Copy, evcxr: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = course_with_notebook
    told = Path(evcxr["TOLD"])
    # Asked here as there.
    monkeypatch.setenv("XDG_CACHE_HOME", evcxr["XDG_CACHE_HOME"])
    env = {**evcxr, "WORKBOOK_ROOT": str(copy.root), "PYTHONPATH": str(ROOT / "python"), "NAP": "60"}
    process = subprocess.Popen([sys.executable, KERNEL, "connection.json"], cwd=copy.root, env=env)
    try:
        for _ in range(600):
            if told.exists() and told.read_text(encoding="utf-8"):
                break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
        place, lock = kernels.build_folder(copy.root)
        lock.close()
        assert place.name == "2"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    place, lock = kernels.build_folder(copy.root)
    lock.close()
    assert place.name == "1"


def test_a_kernel_that_is_not_there_says_how_to_get_it(course_with_notebook: Copy, tmp_path: Path) -> None:
    env = {**os.environ, "RUST_FOR_AI_TOOLS": str(tmp_path / "none"), "PATH": "/usr/bin:/bin"}
    answer = start_kernel(course_with_notebook, env)
    assert answer.returncode == 1
    assert "is not here: `python3 workbook lab` builds it" in answer.stderr
