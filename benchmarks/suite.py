"""What each chapter adds to the test suite, read from what a run of it printed.

    python3 workbook test 2>&1 | tee suite.log
    .venv/bin/python benchmarks/suite.py suite.log

Three steps go chapter by chapter and say after each how long it took: `lint` and `rust`, which build a chapter with its
solutions, and `rules`, which builds and runs every starter, solution and wrong answer. A chapter is charged with the
libraries that no chapter before it has built. The optional chapter is a step of its own, and every other step is about
the whole course.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

from workbook import course

ROOT = Path(__file__).resolve().parents[1]
COMMAND = re.compile(r"\$ cargo (?P<what>clippy|test) .*?-p (?P<package>\S+)")
TOOK = re.compile(r"   (?P<seconds>[\d.]+) s")
JUDGED = re.compile(r"(?P<chapter>\d\d_\w+): \d+ exercises judged in (?P<seconds>[\d.]+) s")
STEP = re.compile(r"  (?P<word>passed|FAILED)  (?P<name>\w+) +(?P<seconds>[\d.]+) s")
WHOLE = re.compile(r"  in all +(?P<seconds>[\d.]+) s")
COLUMNS = {"clippy": "lint", "test": "rust"}


def read(log: str) -> tuple[dict[str, dict[str, float]], dict[str, float], float]:
    """Seconds by chapter and step, by step, and in all. Raises `ValueError` for a log without a whole, green run."""
    names = {item.crate: item.name for item in course.load(ROOT).chapters if not item.group}
    chapters: defaultdict[str, dict[str, float]] = defaultdict(dict)
    steps: dict[str, float] = {}
    whole: float | None = None
    command: tuple[str, str] | None = None
    for line in log.splitlines():
        if found := COMMAND.match(line):
            command = (names.get(found["package"], "crates of no chapter"), COLUMNS[found["what"]])
        elif command and (found := TOOK.fullmatch(line)):
            chapters[command[0]][command[1]] = float(found["seconds"])
            command = None
        elif (found := JUDGED.fullmatch(line)) and found["chapter"] in names.values():
            chapters[found["chapter"]]["rules"] = float(found["seconds"])
        elif found := STEP.fullmatch(line):
            if found["word"] == "FAILED":
                raise ValueError(f"the step {found['name']} failed; its time says nothing")
            steps[found["name"]] = float(found["seconds"])
        elif found := WHOLE.fullmatch(line):
            whole = float(found["seconds"])
    if whole is None:
        raise ValueError("this is not what a whole run of `python3 workbook test` prints")
    return dict(chapters), steps, whole


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("log", type=Path)
    place = arguments.parse_args().log
    try:
        chapters, steps, whole = read(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        print(f"{place}: {error}", file=sys.stderr)
        return 2
    print("| chapter | lint | rust | rules | in all, s |", "|---|---|---|---|---|", sep="\n")
    for name, row in sorted(chapters.items()):
        cells = [f"{row[step]:.0f}" if step in row else "" for step in ("lint", "rust", "rules")]
        print(f"| {name} | {' | '.join(cells)} | {sum(row.values()):.0f} |")
    print("", "| step | s |", "|---|---|", sep="\n")
    for name, seconds in steps.items():
        print(f"| {name} | {seconds:.0f} |")
    print(f"| in all | {whole:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
