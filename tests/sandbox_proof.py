"""In the sandbox that grades a class, every solution passes and no starter does. The step `solutions` runs it."""

from __future__ import annotations

import pytest

from workbook import author, guarded, sandbox
from workbook import course as courses
from workbook.course import Chapter
from workbook.grade import SCRATCH
from workbook.scratch import Answer

COURSE = courses.load()


@pytest.mark.parametrize("chapter", COURSE.chapters, ids=lambda chapter: chapter.name)
def test_solutions_pass_and_starters_do_not(chapter: Chapter) -> None:
    cell = sandbox.find()
    assert cell, "This machine has no sandbox: on Debian, 'apt-get install bubblewrap'."
    ready = guarded.prepare(COURSE, chapter, SCRATCH)
    masters = [(item, author.read_master(COURSE, item)) for item in chapter.exercises]
    answers = [Answer(item, item.name, text) for item, one in masters for text in (one.solution(), one.starter())]
    verdicts = [judged.verdict for judged in guarded.judge_all(COURSE, ready, answers, cell=cell)]
    solutions, starters = verdicts[::2], verdicts[1::2]
    assert [f"{one.name}: {one.message}" for one in solutions if not one.passed] == []
    assert [one.name for one in starters if one.passed] == []
