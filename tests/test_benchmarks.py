"""The benchmark beside rustlings, with two edits; and the script of the README's picture."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from workbook import course as courses
from workbook import tools

ROOT = Path(__file__).resolve().parents[1]
BENCHMARK = ROOT / "benchmarks" / "runner.py"
PICTURE = ROOT / "docs" / "picture.py"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return load(BENCHMARK)


@pytest.fixture(scope="module")
def picture(benchmark: ModuleType) -> ModuleType:
    return load(PICTURE)


def call(script: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )


def test_it_measures_both_runners(benchmark: ModuleType, tmp_path: Path) -> None:
    tools.ensure_tool("rustlings", benchmark.RUSTLINGS, minutes=1)
    file = tmp_path / "figures.json"
    said = call(BENCHMARK, "--edits", "2", "--json", file)
    assert said.returncode == 0, said.stderr
    data = json.loads(file.read_text(encoding="utf-8"))
    rows = {(row["measured"], row["edit"], row["runner"]): row for row in data["results"]}
    for edit in benchmark.EDITS:
        for measured in ("watch: save to verdict", "one shot: start to verdict", "one shot: start to exit"):
            for runner in ("workbook", "rustlings"):
                row = rows[measured, edit, runner]
                assert row["samples"] == 2
                assert 0 < row["minimum"] <= row["median"] <= row["p95"]
        # Nobody can show a verdict before rustlings' own pause of 200 ms is over, but ours can.
        assert rows["watch: save to verdict", edit, "rustlings"]["minimum"] > 0.2
        assert rows["one shot: start to exit", edit, "cargo test"]["samples"] == 2
    assert data["about"]["versions"]["rustlings"] == benchmark.RUSTLINGS
    assert "watch: save to verdict" in said.stdout and "to rustlings" in said.stdout


def test_it_stops_where_the_two_disagree(benchmark: ModuleType, tmp_path: Path) -> None:
    """A side that accepts what it should reject is not timed."""
    shown = "import sys; print('MARK'); sys.exit(0)"
    sides = [
        benchmark.Runner(
            name="always content",
            folder=tmp_path,
            file=tmp_path / "exercise.rs",
            texts=dict.fromkeys(benchmark.EDITS, ""),
            watch=[],
            once=[sys.executable, "-c", shown],
            marks_watching={},
            marks_once=dict.fromkeys(benchmark.EDITS, "MARK"),
        )
    ]
    with pytest.raises(benchmark.Unfair, match="exits 0 for the edit that fails a check"):
        benchmark.compare(sides)


def test_both_get_the_same_code(benchmark: ModuleType) -> None:
    course = courses.load(ROOT)
    item = benchmark.suitable(course)
    checks = course.file(item.checks).read_text(encoding="utf-8")
    for text in benchmark.texts(course, item).values():
        theirs = benchmark.inlined(text, checks)
        assert theirs.startswith(text.rsplit("#[path", 1)[0])
        assert checks in theirs


def test_the_picture_shows_a_real_session(tmp_path: Path) -> None:
    file = tmp_path / "runner.svg"
    said = call(PICTURE, "--out", file)
    assert said.returncode == 0, said.stderr
    text = file.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    svg = "{http://www.w3.org/2000/svg}"
    frames = [group for group in root.iter(f"{svg}g") if "frame" in group.get("class", "")]
    first = courses.load(ROOT).exercises[0]
    screens = ["\n".join(part.text or "" for part in frame.iter(f"{svg}text")) for frame in frames]
    assert first.title in screens[0] and first.fails[0] in screens[0]
    assert "Hint 1 of 3" in screens[1]
    assert "passes" in screens[-2]
    assert str(tmp_path.parent) not in text and str(Path.home()) not in text
    assert not any(root.iter(f"{svg}script")) and "@font-face" not in text


def test_the_committed_picture_is_of_this_course() -> None:
    text = (ROOT / "docs" / "runner.svg").read_text(encoding="utf-8")
    first = courses.load(ROOT).exercises[0]
    assert first.title in text and f"exercises/{first.chapter}/{first.name}.rs" in text


def test_no_picture_of_a_session_that_goes_astray(picture: ModuleType, tmp_path: Path) -> None:
    session = picture.Session([sys.executable, "-c", "print('something else')"], tmp_path)
    with pytest.raises(picture.OffScript, match="something else"):
        session.wait_for("does not compile")
    session.child.close(force=True)
