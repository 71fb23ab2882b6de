"""The course as the folders tell it: chapters, exercises, concepts.

`load()` is on the way of every command, so it keeps what it read in `.workbook/course.json` and reads the TOML again
only when a `chapter.toml` changed. Reading them means validating them, with pydantic, in `schema.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

CACHE_FORMAT = 4


class CourseError(Exception):
    """Something in the course's own files is wrong; the message says which file, where, and what."""


class UnknownName(CourseError):
    """No exercise or chapter has this name; the message offers the nearest."""


@dataclass(frozen=True)
class When:
    """A hint for a known way to go wrong: an error code, a check, a lint, `timeout` or `output`."""

    on: str
    hint: str


@dataclass(frozen=True)
class Exercise:
    """One exercise, as `chapter.toml` registers it."""

    chapter: str
    name: str
    title: str
    minutes: int
    teaches: tuple[str, ...]
    needs: tuple[str, ...]
    fails: tuple[str, ...]
    hints: tuple[str, ...]
    why: str
    when: tuple[When, ...] = ()
    lints: tuple[str, ...] = ()
    limit: float = 10.0
    checked_by: str = "rust"
    """`rust`: a test target with its checks inside. `python`: an extension module, imported by a file of pytest's.
    `node`: a module for the browser, whose JavaScript a file of pytest's runs in Node."""

    models: tuple[str, ...] = ()
    """The real models that its checks run: fetched before they are built."""

    @property
    def path(self) -> str:
        """The learner's file, relative to the course's root, with forward slashes."""
        return f"exercises/{self.chapter}/{self.name}.rs"

    @property
    def master(self) -> str:
        return f"solutions/{self.chapter}/{self.name}.rs"

    @property
    def checks(self) -> str:
        suffix = "rs" if self.checked_by == "rust" else "py"
        return f"chapters/{self.chapter}/checks/{self.name}.{suffix}"

    @property
    def kind(self) -> str:
        """Cargo's word for its target. Examples are the one kind that may be many and be libraries for Python."""
        return "test" if self.checked_by == "rust" else "example"

    @property
    def footer(self) -> str:
        """The last two lines of master and exercise, which bring in the checks; none where the checks are Python."""
        if self.checked_by != "rust":
            return ""
        return f'#[path = "../../{self.checks}"]\nmod checks;'

    @property
    def wrong(self) -> str:
        return f"chapters/{self.chapter}/wrong/{self.name}.toml"


@dataclass(frozen=True)
class Chapter:
    """One chapter: its folder's name is its id everywhere."""

    name: str
    title: str
    summary: str
    minutes: int
    concepts: dict[str, str]
    exercises: tuple[Exercise, ...]
    crate: str = ""
    """The package of the chapter's own code."""
    models: tuple[str, ...] = ()
    """The real models that the chapter's own tests and notebook run."""
    group: str = ""
    """For an optional chapter, which is a workspace of its own: the group of packages that it needs."""

    @property
    def package(self) -> str:
        """`01_ownership` is `ownership`; its exercises are `ownership-exercises`."""
        return self.name.split("_", 1)[1].replace("_", "-")

    @property
    def workspace(self) -> str:
        """The folder of the cargo workspace that it is built in, relative to the course's root."""
        return f"chapters/{self.name}" if self.group else ""


@dataclass(frozen=True)
class Course:
    """The whole course, chapters in order."""

    root: Path
    chapters: tuple[Chapter, ...]
    exercises: tuple[Exercise, ...] = field(init=False)

    def __post_init__(self) -> None:
        everything = tuple(exercise for chapter in self.chapters for exercise in chapter.exercises)
        object.__setattr__(self, "exercises", everything)

    def exercise(self, name: str) -> Exercise:
        """Finds `borrow_sum`, `01_ownership/borrow_sum`, or the path of its file; else says what is near."""
        wanted = name.replace(os.sep, "/").removesuffix(".rs").removeprefix("./").removeprefix("exercises/")
        for exercise in self.exercises:
            if wanted in (exercise.name, f"{exercise.chapter}/{exercise.name}"):
                return exercise
        raise UnknownName(_unknown("exercise", name, [exercise.name for exercise in self.exercises]))

    def chapter(self, name: str) -> Chapter:
        """Finds a chapter by `01_ownership`, `ownership`, `01` or `1`."""
        for chapter in self.chapters:
            number, _, topic = chapter.name.partition("_")
            if name in (chapter.name, topic, number, number.lstrip("0"), chapter.package):
                return chapter
        raise UnknownName(_unknown("chapter", name, [chapter.name for chapter in self.chapters]))

    def file(self, relative: str) -> Path:
        return self.root / relative


def find_root(start: Path | None = None) -> Path:
    """The course's root: where this package stands, unless `WORKBOOK_ROOT` names another copy."""
    named = os.environ.get("WORKBOOK_ROOT")
    root = Path(named) if named else (start or Path(__file__).resolve().parents[2])
    if not (root / "chapters").is_dir():
        raise CourseError(f"{root} is not the course: it has no folder 'chapters'.")
    return root


def load(root: Path | None = None) -> Course:
    """Reads the course, from the cache when no `chapter.toml` changed since.

    Raises `CourseError` with file, line and field when a `chapter.toml` is broken.
    """
    root = root or find_root()
    files = sorted((root / "chapters").glob("[0-9]*/chapter.toml"))
    if not files:
        raise CourseError(f"{root / 'chapters'} holds no chapter: no 'NN_topic/chapter.toml' was found.")
    stamp = [CACHE_FORMAT, *([str(f), f.stat().st_mtime_ns, f.stat().st_size] for f in files)]
    cache = root / ".workbook" / "course.json"
    try:
        kept = json.loads(cache.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return Course(root, tuple(_chapter(data) for data in kept["chapters"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # No cache, or not one of ours: read the files themselves.

    from workbook import schema

    course = Course(root, tuple(schema.read_chapter(file) for file in files))
    _keep(cache, {"stamp": stamp, "chapters": [asdict(chapter) for chapter in course.chapters]})
    return course


def _chapter(data: dict) -> Chapter:
    exercises = tuple(
        Exercise(
            **{
                **item,
                "teaches": tuple(item["teaches"]),
                "needs": tuple(item["needs"]),
                "fails": tuple(item["fails"]),
                "hints": tuple(item["hints"]),
                "lints": tuple(item["lints"]),
                "models": tuple(item["models"]),
                "when": tuple(When(**when) for when in item["when"]),
            }
        )
        for item in data["exercises"]
    )
    return Chapter(**{**data, "exercises": exercises, "models": tuple(data["models"])})


def _keep(cache: Path, data: dict) -> None:
    """Writes the cache; a folder that cannot be written costs speed, not the command."""
    partial = cache.with_suffix(f".{os.getpid()}")
    try:
        cache.parent.mkdir(exist_ok=True)
        partial.write_text(json.dumps(data), encoding="utf-8")
        partial.replace(cache)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()


def _unknown(kind: str, name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    advice = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no {kind} '{name}'.{advice} 'python3 workbook list' shows them all."
