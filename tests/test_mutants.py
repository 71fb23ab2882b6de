"""`author mutants`: solutions that are changed a little must fail. Here a dozen changes; the command makes all."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from course_copy import COUNT, SCALE, Copy
from workbook import course as courses
from workbook import exercise, guarded, mutants, sandbox
from workbook.course import Course
from workbook.mutants import Mutant, Tally
from workbook.scratch import Answer

SAMPLE = json.loads(Path(__file__).with_name("mutants_sample.json").read_text(encoding="utf-8"))
"""Some of what cargo-mutants finds in the solutions of two chapters: the lines, and what it makes of them."""


def solution(course: Course, name: str) -> str:
    item = course.exercise(name)
    return exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master)).solution()


def test_a_sample_is_caught() -> None:
    course = courses.load()
    cell = sandbox.find() if sys.platform == "linux" else None
    survived = []
    for chapter in course.chapters:
        mine = [entry for entry in SAMPLE if entry["exercise"].startswith(f"{chapter.name}/")]
        answers = []
        for entry in mine:
            text = solution(course, entry["exercise"])
            assert text.count(entry["find"]) == 1, f"{entry['exercise']} has changed: take another change of it"
            changed = text.replace(entry["find"], entry["replace"])
            answers.append(Answer(course.exercise(entry["exercise"]), entry["mutant"], changed))
        if mine:
            ready = guarded.prepare(course, chapter, ".mutants-sample")
            outcomes = guarded.judge_all(course, ready, answers, cell=cell)
            assert all(outcome.verdict.stage != "compile" for outcome in outcomes)
            survived += [a.target for a, outcome in zip(answers, outcomes, strict=True) if outcome.verdict.passed]
    assert len(SAMPLE) == 12 and survived == []


def test_survivors_are_exercises_of_the_course_and_have_reasons() -> None:
    course = courses.load()
    for (name, mutant), reason in mutants.reasons(course.root).items():
        assert course.exercise(name) and mutant and reason.endswith(".")


def test_a_change_is_made_where_its_span_says() -> None:
    text = "fn größe() -> bool {\n    3 < 4\n}\n"
    span = {"start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 8}}
    assert mutants.changed(text, span, "<=") == "fn größe() -> bool {\n    3 <= 4\n}\n"
    whole = {"start": {"line": 1, "column": 4}, "end": {"line": 2, "column": 6}}
    assert mutants.changed(text, whole, "x") == "fn x < 4\n}\n"


@pytest.mark.parametrize(("reasons", "code"), [({}, 1), ({("01_tensors/scale_in_place", "nothing at all"): "x."}, 0)])
def test_a_survivor_needs_a_reason(
    small: Copy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reasons: Any, code: int
) -> None:
    course = small.course()
    item = course.exercise(SCALE)
    same = Mutant(item, "nothing at all", small.solution(SCALE))

    def judged(_: Course, chapter: courses.Chapter, found: list[Mutant], cell: object) -> Tally:
        return Tally(chapter.name, Counter({"caught": 30, "survived": 1, "unviable": 2}), found)

    monkeypatch.setattr(mutants, "find", lambda *_: [same])
    monkeypatch.setattr(mutants, "judge", judged)
    monkeypatch.setattr(mutants, "reasons", lambda _: reasons)
    monkeypatch.setattr(sandbox, "find", lambda: None)
    assert mutants.main(course, course.chapters) == code
    said = capsys.readouterr().out
    assert "30 of 31 caught (96.8%), 2 do not compile" in said
    assert ("NO REASON" in said) == bool(code)


def test_what_becomes_of_a_mutant(small: Copy) -> None:
    course = small.course()
    texts = {
        "same": (COUNT, small.solution(COUNT)),
        "constant": (COUNT, small.solution(COUNT).replace("(weights.len(), weights)", "(3, vec![])")),
        "nonsense": (SCALE, small.solution(SCALE).replace("*value *= factor", "*value *= nobody")),
    }
    found = [Mutant(course.exercise(name), which, text) for which, (name, text) in texts.items()]
    cell = sandbox.find() if sys.platform == "linux" else None
    tally = mutants.judge(course, course.chapters[0], found, cell)
    assert tally.counts == {"survived": 1, "caught": 1, "unviable": 1}
    assert [mutant.name for mutant in tally.survivors] == ["same"]
