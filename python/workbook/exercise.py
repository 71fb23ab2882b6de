"""An exercise's master file, and what is made of it: the starter, the clean solution, a wrong answer.

A master is a Rust file that compiles. Between markers it carries, side by side, what the learner starts with (in
comments) and what is right:

    // TODO: what to do
    // [starter]
    // let sum = compute_sum(weights);
    // [solution]
    let sum = compute_sum(&weights);
    // [end]

The comment that opens with `TODO:` and touches `[starter]` belongs to the block: the starter keeps it, the clean
solution does not. A block may leave either side empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.course import CourseError

MARKER = r"^(?P<indent>\s*){comment} \[(?P<name>starter|solution|end)\]\s*$"
COMMENT = r"^\s*{comment} ?(?P<code>.*)$"
TODO = r"^\s*{comment} TODO: \S"
# `#[tokio::test(start_paused = true)]`, too: an async check, under a clock of its own.
TEST = re.compile(r"^\s*#\[(?:tokio::)?test(?:\(.*\))?\]\s*$")
FUNCTION = re.compile(r"^\s*(?:async\s+)?fn\s+(?P<name>\w+)")
# rustfmt::skip and the like may stand between `#[test]` and its function.
ATTRIBUTE = re.compile(r"^\s*(#\[|//)")


class MasterError(CourseError):
    """A master file whose markers do not add up; the message names file and line."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")


@dataclass(frozen=True)
class Block:
    """One place to work. Lines carry no line ends; `starter` is already uncommented."""

    line: int
    indent: str
    todo: tuple[str, ...]
    starter: tuple[str, ...]
    solution: tuple[str, ...]


@dataclass(frozen=True)
class Master:
    """A parsed master: fixed lines and blocks, in the file's order."""

    path: Path
    parts: tuple[str | Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(part for part in self.parts if isinstance(part, Block))

    def starter(self) -> str:
        """What the learner is given."""
        return self._render(lambda block: (*block.todo, *block.starter))

    def solution(self) -> str:
        """The finished program, without markers, starters or TODOs."""
        return self._render(lambda block: block.solution)

    def without_todo(self) -> str:
        """The starter with nothing done but the TODO comments deleted."""
        return self._render(lambda block: block.starter)

    def filled(self, texts: list[str]) -> str:
        """The master with `texts` in its blocks, one text a block, indented as the block is."""
        if len(texts) != len(self.blocks):
            problem = f"{len(texts)} blocks are given, the master has {len(self.blocks)}"
            raise MasterError(self.path, 1, problem)
        waiting = iter(texts)

        def lines(block: Block) -> tuple[str, ...]:
            text = next(waiting).strip("\n")
            return tuple(block.indent + line if line.strip() else "" for line in text.splitlines())

        return self._render(lines)

    def _render(self, fill: Callable[[Block], Sequence[str]]) -> str:
        lines: list[str] = []
        for part in self.parts:
            if isinstance(part, Block):
                lines.extend(fill(part))
            else:
                lines.append(part)
        return "\n".join(lines) + "\n"

    @property
    def footer(self) -> str:
        """The last two lines, which bring in the checks: `#[path = "…"]` and `mod checks;`."""
        return "\n".join(str(part) for part in self.parts[-2:])


def parse(text: str, path: Path, comment: str = "//", first: int = 1) -> Master:
    """Splits a master into fixed lines and blocks.

    `comment` opens a comment of its language. `path` and `first`, the number of its first line, are for messages alone.
    """
    is_marker, is_comment = (re.compile(pattern.format(comment=comment)) for pattern in (MARKER, COMMENT))
    parts: list[str | Block] = []
    # Filled while inside a block; `side` is None outside one.
    side: str | None = None
    opened, indent = 0, ""
    starter: list[str] = []
    solution: list[str] = []
    for number, line in enumerate(text.splitlines(), start=first):
        marker = is_marker.match(line)
        name = marker["name"] if marker else None
        expected = {None: "starter", "starter": "solution", "solution": "end"}[side]
        if name and name != expected:
            raise MasterError(path, number, f"`{comment} [{name}]` where `{comment} [{expected}]` is expected")
        if name == "starter":
            assert marker
            side, opened, indent, starter, solution = "starter", number, marker["indent"], [], []
        elif name == "solution":
            side = "solution"
        elif name == "end":
            parts.append(Block(opened, indent, _take_todo(parts, comment), tuple(starter), tuple(solution)))
            side = None
        elif side == "starter":
            hidden = is_comment.match(line)
            if not hidden:
                raise MasterError(path, number, f"a starter's line must be a comment: `{comment} code`")
            code = hidden["code"].rstrip()
            starter.append(indent + code if code else "")
        elif side == "solution":
            solution.append(line)
        else:
            parts.append(line)
    if side:
        raise MasterError(path, opened, f"this block is never closed: `{comment} [end]` is missing")
    return Master(path, tuple(parts))


def _take_todo(parts: list[str | Block], comment: str) -> tuple[str, ...]:
    """Removes the `// TODO: …` comment that the fixed lines end with, and returns it."""
    is_comment, is_todo = (re.compile(pattern.format(comment=comment)) for pattern in (COMMENT, TODO))
    start = len(parts)
    while start > 0:
        previous = parts[start - 1]
        if not isinstance(previous, str) or not is_comment.match(previous):
            return ()
        start -= 1
        if is_todo.match(previous):
            todo = tuple(str(part) for part in parts[start:])
            del parts[start:]
            return todo
    return ()


def brings_in(text: str, footer: str) -> bool:
    """True if a file ends with the two lines that bring in its checks, and nothing could switch them off.

    They follow a closed item and no attribute; after them come remarks at most.
    """
    head, found, rest = text.replace("\r\n", "\n").rpartition(footer)
    remarks = all(not line.strip() or line.lstrip().startswith("//") for line in rest.splitlines())
    # `// */` would be a remark to us and the end of a comment to the compiler.
    if not found or not remarks or "*/" in rest:
        return False
    code = (line.partition("//")[0].strip() for line in reversed(head.splitlines()))
    last = next(filter(None, code), "")
    return last.endswith(("}", ";")) and "#[" not in last and "#![" not in last


def check_names(text: str) -> list[str]:
    """The names of the `#[test]` functions of a checks file, in order, as the test harness prints them."""
    names: list[str] = []
    pending = False
    for line in text.splitlines():
        if TEST.match(line):
            pending = True
        elif pending and (function := FUNCTION.match(line)):
            names.append(f"checks::{function['name']}")
            pending = False
        elif pending and not ATTRIBUTE.match(line):
            pending = False
    return names
