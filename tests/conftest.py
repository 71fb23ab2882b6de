"""What several test files need: the course's root, and clones in which a test may break things."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from course_copy import Copy, lay_down

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]

# The Python that made `.venv`: what a learner calls `python3`.
PYTHON = getattr(sys, "_base_executable", None) or sys.executable

# What a machine needs to reach its package mirror; everything else of the caller's environment stays out.
_PASSED_ON = ("PIP_", "SSL_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy", "SYSTEMROOT", "LANG")


# Files that share what takes long to make, and so a worker. All others have one of their own.
_TOGETHER = {"test_book": "the site", "test_site": "the site"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers run the tests (`-n`), a file's tests stay with one of them, for they share fixtures."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        name = item.path.stem
        item.add_marker(pytest.mark.xdist_group(_TOGETHER.get(name, name)))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@dataclass
class Clone:
    """A copy of the course with an empty home and a PATH that holds only what the test puts there."""

    root: Path
    home: Path
    programs: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
        return {**kept, "HOME": str(self.home), "PATH": str(self.programs), **self.env, **more}

    def command(self, *arguments: str) -> list[str]:
        return [PYTHON, str(self.root / "workbook"), *arguments]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One call of the launcher, in another folder than the clone's, as somebody may well do."""
        return self.call(self.command(*arguments), **more)

    def call(self, command: Sequence[str | Path], **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.home,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    def program(self, name: str, script: str) -> Path:
        """Puts a shell script on the clone's PATH."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def link(self, name: str, target: Path | str) -> None:
        (self.programs / name).symlink_to(target)

    def copy_to(self, place: Path) -> Clone:
        """Another clone like this one, `.venv` and all."""
        other = Clone(place / self.root.name, place / "home", place / "bin", dict(self.env))
        shutil.copytree(self.root, other.root, symlinks=True)
        shutil.copytree(self.programs, other.programs, symlinks=True)
        other.home.mkdir()
        return other


def new_clone(place: Path) -> Clone:
    """A clone of the course's tracked and new files, without builds. Its name has a space and a letter beyond ASCII."""
    clone = Clone(place / "my cöurse", place / "home", place / "bin")
    clone.home.mkdir(parents=True)
    clone.programs.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone.root / name)
    return clone


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    yield new_clone(tmp_path)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A course of one chapter and one of three, laid down once."""
    folder = tmp_path_factory.mktemp("templates")
    return {count: lay_down(folder / f"{count}", count).root for count in (1, 3)}


@pytest.fixture
def small(tmp_path: Path, templates: dict[int, Path]) -> Copy:
    """A course of one small chapter that a test may break."""
    return Copy(Path(shutil.copytree(templates[1], tmp_path / "a cöurse")))


@pytest.fixture
def three(tmp_path: Path, templates: dict[int, Path]) -> Copy:
    """A course of three small chapters."""
    return Copy(Path(shutil.copytree(templates[3], tmp_path / "three cöurse")))


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's own site, built once."""
    from workbook import book, course

    site = tmp_path_factory.mktemp("book") / "site"
    assert book.build(course.load(ROOT), site) == []
    return site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from browsing import launched

    with launched() as started:
        yield started
