"""Check-on-save for editors: the current exercise's messages, not those of every exercise that is still broken."""

from __future__ import annotations

import subprocess

from workbook import cargo, run
from workbook import course as courses
from workbook.progress import Progress


def check() -> int:
    """Prints `cargo check --message-format=json` for the exercise the learner is at.

    Into a target folder of its own: an editor that held cargo's lock would slow every verdict.
    """
    course = courses.load()
    progress = Progress.load(course.root)
    name = (progress.current or "/").split("/")[1]
    item = next((item for item in course.exercises if item.name == name), None) or run.pending(course, progress)
    if item is None:
        return 0
    chapter = course.chapter(item.chapter)
    package = f"{chapter.package}-exercises"
    command = [cargo.cargo(), "check", "-p", package, f"--{item.kind}", item.name]
    command += ["--locked", "--message-format=json", "--target-dir", str(course.file("target/editor"))]
    return subprocess.run(command, cwd=course.file(chapter.workspace), stdin=subprocess.DEVNULL, check=False).returncode
