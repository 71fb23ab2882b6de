"""What claims need before they can be measured: groups, locks of their own, models, modules, programs.

Whatever is there already costs a look. What cannot be had is a `CourseError`, and its claim is not measured.
"""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from workbook import cargo, groups
from workbook.claim import Claim
from workbook.course import Course, CourseError
from workbook.files import locked

INSTALL_WAIT = 900.0
"""Seconds to wait for another process that installs the same packages."""


def provide(course: Course, claim: Claim, say: Callable[[str], None]) -> None:
    """Installs, fetches and builds what `claim` names. Raises `CourseError`."""
    for need in claim.model.needs:
        if need == "rust_ai_tools":
            from workbook import extension

            extension.ensure(say)
        elif need == "smollm2":
            from workbook import fetch

            fetch.fetch(need)
        elif need == "torch":
            from workbook import needs

            needs.libtorch()
        elif need == "wasm":
            from workbook import wasm

            wasm.build(course)
        else:
            groups.ensure(need)
    for side in claim.sides:
        if side.packages:
            install(course, course.root / "chapters" / claim.chapter.name / side.packages, say)
    for words in claim.model.builds:
        say(f"building {words}")
        given = shlex.split(words)
        # A workspace of its own builds into the course's one folder, too.
        place = ["--target-dir", "target"] if "--manifest-path" in given else ["--release"]
        _cargo(course, ["build", "--locked", *place, *given])


def folder_of(course: Course, lock: Path) -> Path:
    """Where the packages of a lock lie: a folder for each version of it and of Python."""
    made_for = lock.read_bytes() + sys.version.encode()
    return course.root / ".workbook" / "peers" / f"{lock.stem}-{hashlib.sha256(made_for).hexdigest()[:12]}"


def install(course: Course, lock: Path, say: Callable[[str], None]) -> Path:
    """Installs exactly what `lock` names into a folder of its own, each file checked against its hash."""
    folder = folder_of(course, lock)
    if folder.is_dir():
        return folder
    with locked(folder.with_suffix(".lock"), wait=INSTALL_WAIT):
        if folder.is_dir():
            return folder
        say(f"installing the packages of {lock.name}, once")
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        uv = shutil.which("uv")
        command = (
            [uv, "pip", "install", "--python", sys.executable]
            if uv
            else [sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        )
        words = [*command, "--no-deps", "--require-hashes", "--target", str(partial), "-r", str(lock)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["nothing was said"]
            raise CourseError(f"The packages of {lock.name} could not be installed: {last[0]}")
        partial.rename(folder)
    return folder


def missing(course: Course, claim: Claim) -> Iterator[str]:
    """What of all that `claim` names is not there, without installing, building or running anything."""
    chapter = course.root / "chapters" / claim.chapter.name
    manifest = tomllib.loads((chapter / "Cargo.toml").read_text(encoding="utf-8"))
    for side in claim.sides:
        if side.bench and side.bench not in [target["name"] for target in manifest.get("bench", [])]:
            yield f"{side.label}: the chapter has no bench '{side.bench}'"
        if side.packages and not (chapter / side.packages).is_file():
            yield f"{side.label}: {side.packages} is not there"
        if side.script:
            yield from (f"{side.label}: {fault}" for fault in _script(chapter / side.script, side.figure))
    for words in claim.model.builds:
        given = shlex.split(words)
        if given[0] == "--manifest-path":
            if not (course.root / given[1]).is_file():
                yield f"{given[1]} is not there"
        elif (given[1], given[2].lstrip("-"), given[3]) not in _targets(course):
            yield f"cargo has no '{words}'"
    for need in claim.model.needs:
        if need in ("llamacpp", "peers", "torch") and not (course.root / "requirements" / f"{need}.txt").is_file():
            yield f"requirements/{need}.txt is not there"


def _script(path: Path, figure: str) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec", dont_inherit=True)
    except OSError as error:
        yield f"{path.name}: {error.strerror}"
    except SyntaxError as error:
        yield f"{path.name}:{error.lineno}: {error.msg}"
    else:
        if f'"{figure}"' not in text:
            yield f"{path.name} knows no figure '{figure}'"


def _targets(course: Course) -> set[tuple[str, str, str]]:
    import json

    said = _cargo(course, ["metadata", "--no-deps", "--format-version=1", "--locked"])
    packages = json.loads(said)["packages"]
    return {
        (item["name"], kind, target["name"])
        for item in packages
        for target in item["targets"]
        for kind in target["kind"]
    }


def _cargo(course: Course, words: list[str]) -> str:
    done = cargo.call(course.root, words)
    if done.returncode != 0:
        last = [line for line in done.stderr.splitlines() if line.startswith("error")][:1] or ["no error was named"]
        raise CourseError(f"cargo {' '.join(words)} failed: {last[0]}")
    return done.stdout
