"""What decides a verdict beside the answer itself, as one short text.

A verdict that is kept may be used again only where it would come out the same: with the same checks, chapter, versions,
compiler and runner. A worker on another machine must have the same fingerprint as whoever asks it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from workbook import cargo
from workbook.course import Chapter, Course, CourseError

PACKAGE = Path(__file__).resolve().parent

# Settings at the root of a workspace.
SETTINGS = ("Cargo.toml", "Cargo.lock", ".cargo/config.toml", "clippy.toml", "rust-toolchain.toml")

# Of a chapter's folder, what no check sees.
SILENT = ("README.md", "quiz.md", "wrong", "target")

# From outside, what changes how the compiler works.
VARIABLES = ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTUP_TOOLCHAIN")


def of_chapter(course: Course, chapter: Chapter) -> dict[str, str]:
    """The parts of a chapter's fingerprint, so that a difference can be named: course, runner, compiler."""
    return {"course": _files(course, chapter), "runner": _runner(), "compiler": _compiler(str(course.root))}


def joined(parts: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{name}={value}" for name, value in sorted(parts.items())).encode()).hexdigest()


def _files(course: Course, chapter: Chapter) -> str:
    """A hash of the files that a chapter's exercises are built and checked with."""
    digest = hashlib.sha256()
    home = course.file(chapter.workspace)
    paths = {home / name for name in SETTINGS} | {course.root / name for name in SETTINGS}
    paths.add(course.file(f"solutions/{chapter.name}/Cargo.toml"))
    for folder in _crates(course, chapter):
        paths |= set(_sources(folder))
    for path in sorted(paths):
        if path.is_file():
            shown = path.relative_to(course.root).as_posix()
            digest.update(f"{shown}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _crates(course: Course, chapter: Chapter) -> list[Path]:
    """The folders of the chapter's own crate and of all crates of the course that it or its exercises use."""
    home = course.file(chapter.workspace)
    shared = _manifest(home / "Cargo.toml").get("workspace", {}).get("dependencies", {})
    found: dict[Path, None] = {}
    waiting = [course.file(f"chapters/{chapter.name}"), course.file(f"solutions/{chapter.name}")]
    while waiting:
        folder = waiting.pop()
        if folder in found:
            continue
        found[folder] = None
        manifest = _manifest(folder / "Cargo.toml")
        for table in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, told in manifest.get(table, {}).items():
                if not isinstance(told, dict):
                    continue
                place = home if told.get("workspace") else folder
                known = shared.get(name) if told.get("workspace") else told
                if isinstance(known, dict) and "path" in known:
                    waiting.append(Path(os.path.normpath(place / known["path"])))
    # Of the solutions only the manifest counts, which stands in the list already.
    found.pop(course.file(f"solutions/{chapter.name}"))
    return list(found)


def _sources(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SILENT and not name.startswith((".", "__")))
        yield from (Path(here, name) for name in files if name not in SILENT)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None


@cache
def _runner() -> str:
    """A hash of this package."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*.py")):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _compiler(root: str) -> str:
    """`rustc 1.95.0 (59807616e 2026-04-14) x86_64-unknown-linux-gnu`, and what is set from outside."""
    beside = Path(cargo.cargo())
    try:
        said = subprocess.run(
            [beside.with_name(f"rustc{beside.suffix}"), "-vV"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        raise CourseError(cargo.NO_CARGO) from None
    host = next((line.partition(": ")[2] for line in said.splitlines() if line.startswith("host: ")), "")
    set_outside = [f"{name}={os.environ[name]}" for name in VARIABLES if os.environ.get(name)]
    return " ".join([said.splitlines()[0] if said else "rustc", host, *set_outside])
