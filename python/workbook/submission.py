"""What a learner hands in: a folder, a checkout or a zip, of which only a few small text files are read.

A submission is hostile until shown otherwise. Nothing in it is unpacked, followed or run here; what cannot be taken is
named, with the reason, and the rest is read all the same.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workbook.course import Course, CourseError

LARGEST = 256 << 10
"""Bytes of one file; the longest exercise of the course is a hundredth of it."""

MOST = 20_000
"""Entries of one submission that are looked at: a checkout has some hundreds."""

ANSWERS = "answers"
EXERCISES = "exercises"

# What tools leave in a working copy: neither the learner's nor worth a line in the feedback.
LEFT_BY_TOOLS = {
    "target",
    "__pycache__",
    "__MACOSX",
    "node_modules",
    ".git",
    ".DS_Store",
    "progress.toml",
    "Thumbs.db",
}


@dataclass(frozen=True)
class Problem:
    """Something in a submission that was not taken as it is, and why."""

    path: str
    problem: str


@dataclass
class Submission:
    """The learner's own files, decoded, and what else there was.

    `files` maps paths such as `exercises/01_ownership/borrow_sum.rs` and `answers/01_ownership.toml` to their text.
    """

    learner: str
    source: Path
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def refuse(self, path: str, problem: str) -> None:
        self.problems.append(Problem(path, problem))


@dataclass(frozen=True)
class Entry:
    """A file of a submission. `fault` says why it may not be read; `read` gives at most so many bytes."""

    path: str
    size: int
    fault: str | None
    read: Callable[[int], bytes]


class Unreadable(Exception):
    """One file, or the whole submission, cannot be read; the message says why."""


def gather(paths: list[Path], class_folder: Path | None) -> tuple[list[tuple[str, Path]], list[str]]:
    """The learners of a call, each with where their submission is, and what in the class's folder is none.

    Raises `CourseError` when a path is not there, is no submission, or two would be the same learner.
    """
    found, ignored = list(paths), []
    if class_folder:
        if not class_folder.is_dir():
            raise CourseError(f"{class_folder} is not a folder; --class takes the one that holds all submissions.")
        for entry in sorted(class_folder.iterdir()):
            if entry.name in LEFT_BY_TOOLS or entry.name.startswith("."):
                continue
            # Links are not followed below, and so come out as a submission that could not be read.
            if entry.is_dir() or entry.is_symlink() or entry.suffix.lower() == ".zip":
                found.append(entry)
            else:
                ignored.append(entry.name)
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path} is not there. A submission is a folder or a zip.")
        if not path.is_dir() and path.suffix.lower() != ".zip":
            raise CourseError(f"{path} is neither a folder nor a .zip; a submission is one of them.")
    if not found:
        where = f"{class_folder} holds no folder and no .zip" if class_folder else "No submission is named"
        raise CourseError(f"{where}. 'grade submissions PATH…' takes folders and zips, '--class DIR' a folder of them.")
    named: dict[str, Path] = {}
    for path in found:
        name = learner_name(path)
        if name.casefold() in named:
            other = named[name.casefold()]
            raise CourseError(f"Two submissions would be the learner '{name}': {other} and {path}. Rename one.")
        named[name.casefold()] = path
    return [(learner_name(path), path) for path in found], ignored


def learner_name(path: Path) -> str:
    """A learner is called as their folder or zip is; what is no text, or would break a table, is replaced."""
    # Not `resolve`, which would follow a link in the class's folder; `.` is the folder that we are in.
    absolute = Path(os.path.abspath(path))  # noqa: PTH100
    name = absolute.stem if path.suffix.lower() == ".zip" and not path.is_dir() else absolute.name
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text) or "unnamed"


def read(course: Course, learner: str, source: Path) -> Submission:
    """Reads one submission. Never raises for what is in it: that comes as `problems`."""
    submission = Submission(learner, source)
    with ExitStack() as opened:
        try:
            found = entries(source, submission, opened)
            prefix = _prefix(found)
            for entry in found:
                _take(course, submission, entry, prefix)
        except Unreadable as problem:
            submission.refuse(source.name, str(problem))
        except OSError as error:
            submission.refuse(source.name, f"cannot be read: {error.strerror or error}")
    submission.extra.sort()
    return submission


def entries(source: Path, submission: Submission, opened: ExitStack) -> list[Entry]:
    """All entries, up to a limit. Raises `Unreadable` when there is no reading the submission at all."""
    if source.is_symlink():
        raise Unreadable("is a symbolic link; links are not followed")
    zipped: Path | None = None if source.is_dir() else source
    if source.is_dir():
        # What course platforms make of an upload: a folder a learner, with the one zip in it.
        inside = [entry for entry in source.iterdir() if entry.name not in LEFT_BY_TOOLS]
        if (
            len(inside) == 1
            and inside[0].suffix.lower() == ".zip"
            and not inside[0].is_symlink()
            and inside[0].is_file()
        ):
            zipped = inside[0]
    everything = _in_zip(zipped, opened) if zipped else _in_folder(source)
    taken: dict[str, Entry] = {}
    for number, entry in enumerate(everything):
        if number >= MOST:
            submission.refuse(source.name, f"has more than {MOST} entries; those after it were not looked at")
            break
        if entry.path in taken:
            submission.refuse(entry.path, "is in the zip more than once; the last one counts")
        taken[entry.path] = entry
    return list(taken.values())


def _in_folder(root: Path) -> Iterator[Entry]:
    for folder, folders, files in os.walk(root, onerror=None):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                yield file_entry(here / name, root)
        folders[:] = sorted(name for name in folders if not left_by_tools(name))
        for name in sorted(files):
            yield file_entry(here / name, root)


def file_entry(path: Path, root: Path) -> Entry:
    """A file of a folder. Nothing of it is read yet."""
    shown = os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")
    try:
        about = path.lstat()
    except OSError as error:
        return Entry(shown, 0, f"cannot be read: {error.strerror}", lambda _: b"")
    fault = None
    if stat.S_ISLNK(about.st_mode):
        fault = "is a symbolic link; links are not followed"
    elif not stat.S_ISREG(about.st_mode):
        fault = "is not an ordinary file"

    def content(limit: int) -> bytes:
        # The file may have become a link or a pipe since it was looked at: neither is followed or waited for.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(path, flags), "rb") as file:
                return file.read(limit)
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror or error}") from None

    return Entry(shown, about.st_size, fault, content)


def _in_zip(path: Path, opened: ExitStack) -> Iterator[Entry]:
    """A zip's entries. Nothing is unpacked: a file is read in memory, and no further than the limit."""
    try:
        archive = opened.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(f"is not a zip that can be read: {error}") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    for info in archive.infolist():
        # Some Windows programs write their own separator, against the format.
        name = info.filename.replace("\\", "/").removeprefix("./")
        if name.endswith("/"):
            continue
        fault = None
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            fault = "would be outside the submission"
        elif stat.S_ISLNK(info.external_attr >> 16):
            fault = "is a symbolic link; links are not followed"
        elif info.flag_bits & 1:
            fault = "is encrypted"

        def content(limit: int, info: zipfile.ZipInfo = info) -> bytes:
            try:
                with archive.open(info) as file:
                    return file.read(limit)
            except Exception as error:
                # zlib, bz2, lzma and zipfile each have errors of their own, and all come from what is in the file.
                raise Unreadable(f"is damaged in the zip: {error}") from None

        yield Entry(name, info.file_size, fault, content)


def _prefix(entries: list[Entry]) -> str:
    """The folder in which the learner's `exercises` or `answers` stand: a downloaded zip often has one around them."""
    depths = []
    for entry in entries:
        parts = PurePosixPath(entry.path).parts
        if ".." in parts or entry.path.startswith("/"):
            continue
        for depth, part in enumerate(parts[:-1]):
            if part in (EXERCISES, ANSWERS):
                depths.append((depth, "".join(f"{above}/" for above in parts[:depth])))
                break
    return min(depths)[1] if depths else ""


def _take(course: Course, submission: Submission, entry: Entry, prefix: str) -> None:
    """Reads the entry if it is the learner's own, and names it if it is anything but the course's."""
    escapes = ".." in entry.path.split("/") or entry.path.startswith("/")
    path = entry.path if escapes else entry.path.removeprefix(prefix)
    parts = path.split("/")
    if not escapes and any(left_by_tools(part) for part in parts):
        return
    if entry.fault:
        submission.refuse(path, entry.fault)
        return
    wanted = {item.path for item in course.exercises}
    is_answers = len(parts) == 2 and parts[0] == ANSWERS and path.endswith((".toml", ".json"))
    if path not in wanted and not is_answers:
        if not _is_the_courses(course, path, entry):
            submission.extra.append(path)
        return
    if entry.size > LARGEST:
        submission.refuse(path, f"has {entry.size} bytes, and no more than {LARGEST} are read")
        return
    try:
        # A file may have grown since it was looked at. (A zip that unpacks to more than it says fails its checksum.)
        data = entry.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Unreadable(f"has more than {LARGEST} bytes")
        submission.files[path] = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        submission.refuse(path, f"is not UTF-8 text (byte {error.start})")
    except Unreadable as problem:
        submission.refuse(path, str(problem))


def _is_the_courses(course: Course, path: str, entry: Entry) -> bool:
    """Whether this is the course's own file, unchanged: a whole checkout is handed in, and not worth a line a file."""
    try:
        ours = course.file(path)
        if not ours.is_file() or ours.stat().st_size != entry.size:
            return False
        return entry.size > LARGEST or ours.read_bytes() == entry.read(entry.size)
    except (OSError, ValueError, Unreadable):
        return False


def left_by_tools(name: str) -> bool:
    # `.venv`, `.workbook` and their like: no dot folder is the learner's work.
    return name in LEFT_BY_TOOLS or (name.startswith(".") and name not in (".", ".."))
