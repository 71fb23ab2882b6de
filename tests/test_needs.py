"""Optional chapters, and models that an exercise names: both are provided where they are needed and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from course_copy import COUNT, Copy
from workbook import course as courses
from workbook import fetch, groups, needs, suite
from workbook.course import CourseError


@pytest.fixture
def optional(three: Copy) -> Copy:
    """Its first chapter, made optional."""
    registry = "chapters/01_tensors/chapter.toml"
    text = three.root.joinpath(registry).read_text(encoding="utf-8")
    three.root.joinpath(registry).write_text(f'group = "torch"\n{text}', encoding="utf-8")
    return three


def test_an_optional_chapter_comes_last_and_is_judged_where_it_is_named(optional: Copy) -> None:
    assert optional.call("run", "--json").data["chapter"] == "02_layers"
    listed = optional.call("list").out
    assert "(0/3)  optional: its first run installs PyTorch, 0.5 GB" in listed and listed.count("optional") == 1
    reply = optional.call("verify", "--solutions")
    assert reply.code == 0
    assert (
        "6 passed, 0 failed\n01_tensors is optional and was not judged: python3 workbook verify 01_tensors" in reply.out
    )
    # The rest done, it is what is left to do.
    optional.solve(*(item.name for item in optional.course().exercises[3:]))
    assert "6 passed" in optional.call("verify").out
    assert optional.call("status", "--json").data["next"] == COUNT


def test_an_optional_chapter_is_a_workspace_of_its_own(optional: Copy) -> None:
    first, second, _ = optional.course().chapters
    assert (first.workspace, second.workspace) == ("chapters/01_tensors", "")


def test_the_models_of_an_exercise_are_fetched_before_it_is_built(small: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    small.edit("chapters/01_tensors/chapter.toml", f'name = "{COUNT}"\n', f'name = "{COUNT}"\nmodels = ["minilm"]\n')
    chapter = small.course().chapters[0]
    assert [item.models for item in chapter.exercises] == [("minilm",), (), ()]
    asked: list[str] = []
    monkeypatch.setattr(fetch, "fetch", asked.append)
    for item in chapter.exercises:
        needs.provide(chapter, [item])
    assert asked == ["minilm"]
    monkeypatch.setattr(suite, "ROOT", small.root)
    assert [list(map(str, command[-2:])) for command in suite._models()] == [["fetch", "minilm"]]


def test_a_model_that_nobody_knows_is_a_fault_of_the_registry(small: Copy) -> None:
    small.edit("chapters/01_tensors/chapter.toml", f'name = "{COUNT}"\n', f'name = "{COUNT}"\nmodels = ["bert"]\n')
    with pytest.raises(CourseError, match=r"chapter\.toml:\d+: field 'exercises\[1\]\.models\[1\]': .*'minilm'"):
        courses.load(small.root)


def test_where_libtorch_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The link names the package in `.venv`, also after the clone was moved or the Python was changed."""
    launcher = groups.launcher()
    monkeypatch.delenv("LIBTORCH", raising=False)
    monkeypatch.setattr(groups, "ROOT", tmp_path)
    monkeypatch.setattr(launcher, "VENV", str(tmp_path / ".venv"))
    installed: list[str] = []
    monkeypatch.setattr(groups, "installed", lambda name: name in installed)
    monkeypatch.setattr(groups, "ensure", installed.append)
    with pytest.raises(CourseError, match="set LIBTORCH to a LibTorch"):
        needs.libtorch()
    assert "0.5 GB to download" in capsys.readouterr().err
    course = courses.load(ROOT)
    assert needs.libraries(course.chapter("07_candle")) == []
    package = tmp_path / ".venv/lib/python3.11/site-packages/torch"
    (package / "lib").mkdir(parents=True)
    link = tmp_path / ".workbook" / "libtorch"
    for _ in range(2):
        needs.libtorch()
        assert link.resolve() == package.resolve()
        assert not link.readlink().is_absolute()
        assert needs.libraries(course.chapter("11_tch")) == [link / "lib"]
        link.unlink()
        link.symlink_to("elsewhere")
    assert capsys.readouterr().err == "", "the size is said once"
    monkeypatch.setenv("LIBTORCH", "/opt/libtorch")
    needs.libtorch()
    assert link.readlink() == Path("elsewhere"), "whoever has a LibTorch keeps it"
