"""What the learner has done: one small text file, `progress.toml`, at the course's root.

It is written whole, to a temporary file that then takes its place, and under a lock, so that neither a killed process
nor two runners at once can damage it. A damaged file is kept aside and a new one begun; `verify` fills it again.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from workbook.course import Course, CourseError, Exercise
from workbook.files import fingerprint, locked, write_atomically

State = Literal["pending", "done", "stale"]

HEADER = """\
# Your progress in Rust for AI. The runner writes this file; 'python3 workbook verify' can rebuild the exercises' part.
# To work on a second machine, take it along with your exercises/ folder.
"""


@dataclass
class Progress:
    """The file's content. `exercises` maps `chapter/name` to `{done, sha256}`, `quizzes` a chapter to its result."""

    path: Path
    exercises: dict[str, dict[str, str]] = field(default_factory=dict)
    quizzes: dict[str, dict[str, Any]] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    current: str | None = None
    damaged: Path | None = None

    @classmethod
    def load(cls, root: Path) -> Progress:
        """Reads the file; a damaged one is moved aside, and `damaged` says where. Raises `CourseError` if it cannot."""
        path = root / "progress.toml"
        found = cls._read(path)
        if found:
            return found
        # Once more under the lock: another runner may just have put a new one in its place.
        with locked(_lock(path)):
            return cls._read(path) or cls._put_aside(path)

    @classmethod
    def _put_aside(cls, path: Path) -> Progress:
        aside = path.with_name(f"progress.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.toml")
        try:
            path.replace(aside)
        except OSError as error:
            problem = f"progress.toml is damaged and cannot be moved aside: {error.strerror or error}."
            raise CourseError(problem) from None
        return cls(path, damaged=aside)

    @classmethod
    def _read(cls, path: Path) -> Progress | None:
        """What the file says, nothing where there is none, None where it is damaged."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls(
                path,
                exercises={key: _passed(value) for key, value in _table(data, "exercises").items()},
                quizzes={key: _quiz(value) for key, value in _table(data, "quizzes").items()},
                hints={key: int(value) for key, value in _table(data, "hints").items()},
                current=data.get("current") if isinstance(data.get("current"), str) else None,
            )
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise CourseError(f"progress.toml cannot be read: {error.strerror or error}.") from None
        except (ValueError, TypeError, AttributeError, KeyError):
            return None

    def state(self, course: Course, item: Exercise) -> State:
        """`done` while the file is what passed; `stale` once it was edited and has not passed again."""
        kept = self.exercises.get(_key(item))
        if not kept:
            return "pending"
        return "done" if fingerprint(course.file(item.path)) == kept.get("sha256") else "stale"

    def record(self, course: Course, item: Exercise, *, passed: bool, sha256: str) -> None:
        """Keeps a verdict for the content with this fingerprint."""
        with self._changing() as now:
            now.current = _key(item)
            kept = now.exercises.get(_key(item))
            if passed:
                if not kept or kept.get("sha256") != sha256:
                    now.exercises[_key(item)] = {"done": _today(), "sha256": sha256}
            elif kept and kept.get("sha256") == sha256:
                # The very content that passed before fails now: the checks or the course have changed.
                kept["sha256"] = ""

    def record_quiz(self, chapter: str, score: int, total: int, missed: list[str]) -> None:
        """Keeps a quiz's result; `missed` are the items a retry asks."""
        with self._changing() as now:
            now.quizzes[chapter] = {"score": score, "total": total, "missed": missed, "when": _today()}

    def quiz(self, chapter: str) -> dict[str, Any] | None:
        """The last result `{score, total, missed}`, or None."""
        return self.quizzes.get(chapter)

    def record_hint(self, item: Exercise, shown: int) -> None:
        """Keeps how many hints were shown, so that the next call shows one more."""
        with self._changing() as now:
            now.hints[_key(item)] = shown

    def forget(self, item: Exercise) -> None:
        """Drops what is known of an exercise that was reset."""
        with self._changing() as now:
            now.exercises.pop(_key(item), None)
            now.hints.pop(_key(item), None)

    def hints_shown(self, item: Exercise) -> int:
        return self.hints.get(_key(item), 0)

    def set_current(self, item: Exercise) -> None:
        if self.current != _key(item):
            with self._changing() as now:
                now.current = _key(item)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Progress]:
        """Reads the newest state under the lock, lets the caller change it, writes it, and takes it over."""
        with locked(_lock(self.path)):
            now = Progress._read(self.path) or Progress._put_aside(self.path)
            before = now._text()
            yield now
            # Most runs change nothing, and a write that reaches the disk takes longer than all else here.
            if now._text() != before:
                write_atomically(self.path, now._text())
        self.exercises, self.quizzes, self.hints = now.exercises, now.quizzes, now.hints
        self.current = now.current
        self.damaged = self.damaged or now.damaged

    def _text(self) -> str:
        lines = [HEADER]
        if self.current:
            lines.append(f"current = {_quoted(self.current)}\n")
        for key, done in sorted(self.exercises.items()):
            lines.append(f"[exercises.{_quoted(key)}]")
            lines.extend(f"{name} = {_quoted(value)}" for name, value in done.items())
            lines.append("")
        if self.hints:
            lines.append("[hints]")
            lines.extend(f"{_quoted(key)} = {count}" for key, count in sorted(self.hints.items()))
            lines.append("")
        for chapter, result in sorted(self.quizzes.items()):
            lines.append(f"[quizzes.{_quoted(chapter)}]")
            lines.append(f"score = {result['score']}\ntotal = {result['total']}")
            lines.append(f"missed = [{', '.join(map(_quoted, result['missed']))}]")
            lines.append(f"when = {_quoted(result.get('when', ''))}\n")
        return "\n".join(lines)


def _lock(path: Path) -> Path:
    return path.with_name(".workbook") / "progress.lock"


def _key(item: Exercise) -> str:
    return f"{item.chapter}/{item.name}"


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise TypeError(name)
    return table


def _passed(value: Any) -> dict[str, str]:
    return {name: str(value[name]) for name in ("done", "sha256") if name in value}


def _quiz(value: Any) -> dict[str, Any]:
    missed = [str(item) for item in value["missed"]]
    return {
        "score": int(value["score"]),
        "total": int(value["total"]),
        "missed": missed,
        "when": str(value.get("when", "")),
    }


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = re.sub(r'["\\]', lambda match: "\\" + match[0], text)
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'
