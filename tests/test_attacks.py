"""Answers that try to get a mark without earning it, or to do harm: each file in `attacks/` says what it tries.

They are judged as a learner's answers are, with real cargo and in a real sandbox. Every one must come out as failed,
with a reason that can be told, and none may take from the others.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook import course as courses
from workbook import exercise, guarded, sandbox, source_rules, verdict
from workbook.course import Course
from workbook.guarded import Judged, Limits
from workbook.scratch import Answer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are Linux's alone")

FOLDER = Path(__file__).with_name("attacks")
PLACE = ".attacks"
"""A scratch workspace of its own: a grader may be at work in the other."""

LIMITS = Limits(
    compiler=sandbox.Limits(memory=1 << 30, disk=1 << 30, cpu=8, output=guarded.SAID),
    program=sandbox.Limits(memory=256 << 20, disk=16 << 20),
)
SECONDS = 2.0

BEYOND_RUST = {"scan_the_stack", "unsafe_by_a_macro", "constructor", "own_system_call", "own_allocator", "no_main"}
"""What only the rules about words keep out: with `unsafe`, a program does what it likes in its own memory."""


@dataclass(frozen=True)
class Attack:
    """One file. `ends` and `reason` are what it says that it comes to."""

    name: str
    text: str
    exercise: str
    ends: str
    reason: str


def read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    said = dict(re.findall(r"(?m)^//! (Exercise|Ends|Reason): ?(.*)$", text))
    return Attack(path.stem, text, said["Exercise"], said["Ends"], said["Reason"])


ATTACKS = {path.stem: read(path) for path in sorted(FOLDER.glob("*.rs"))}


def judge(course: Course, texts: dict[str, str]) -> dict[str, Judged]:
    """The verdicts on attacks, by name, each with the text that is given."""
    cell = sandbox.find()
    found: dict[str, Judged] = {}
    for chapter in course.chapters:
        mine = [name for name in texts if ATTACKS[name].exercise.startswith(f"{chapter.name}/")]
        if mine:
            ready = guarded.prepare(course, chapter, PLACE)
            answers = [Answer(course.exercise(ATTACKS[name].exercise), name, texts[name], SECONDS) for name in mine]
            judged = guarded.judge_all(course, ready, answers, cell=cell, limits=LIMITS)
            found |= dict(zip(mine, judged, strict=True))
    return found


@pytest.fixture(scope="module")
def course() -> Course:
    return courses.load()


@pytest.fixture(scope="module")
def judged(course: Course) -> dict[str, Judged]:
    """All attacks, in one class with everybody else's answers."""
    return judge(course, {name: attack.text for name, attack in ATTACKS.items()})


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 30
    assert all(attack.text.removeprefix("#!/* \n").startswith("//! ") for attack in ATTACKS.values())


@pytest.mark.parametrize("name", ATTACKS)
def test_it_fails_and_says_why(name: str, judged: dict[str, Judged]) -> None:
    attack, outcome = ATTACKS[name], judged[name].verdict
    said = [outcome.message, *(check.message for check in outcome.checks), *(d.message for d in outcome.diagnostics)]
    shown = f"{outcome.stage} {outcome.causes} {said} {[check.output[-300:] for check in outcome.checks]}"
    assert not outcome.passed, shown
    assert outcome.message and all(check.message for check in outcome.checks if check.state == "failed"), shown
    assert any(attack.reason in text for text in [*said, outcome.code or ""]), shown
    if attack.ends == "refused":
        assert outcome.causes == [guarded.REFUSED], shown
    elif attack.ends in ("compile", "compiler"):
        assert outcome.stage == "compile" and guarded.REFUSED not in outcome.causes, shown
    elif attack.ends == "check":
        assert outcome.stage == "check", shown
    else:
        assert attack.ends in outcome.causes, shown


def test_the_rules_are_not_the_only_wall(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rules refuse would fail without them, too, as long as it stays in Rust that is safe."""
    monkeypatch.setattr(source_rules, "fault", lambda *_: None)
    refused = {name: attack.text for name, attack in ATTACKS.items() if attack.ends == "refused"}
    passed = {name for name, outcome in judge(course, refused).items() if outcome.verdict.passed}
    assert passed <= BEYOND_RUST


def test_the_others_lose_nothing(course: Course) -> None:
    """Right answers among the worst of the attacks pass; each of the others is stopped at its own limit."""
    worst = ["endless_loop", "endless_sleep", "flood", "all_memory", "all_threads", "all_disk", "endless_constant"]
    item = course.exercise("clip_gradients")
    master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
    ready = guarded.prepare(course, course.chapter(item.chapter), PLACE)
    right = Answer(item, "right", master.solution())
    answers = [right, *(Answer(item, name, ATTACKS[name].text, SECONDS) for name in worst), right]
    outcomes = guarded.judge_all(course, ready, answers, cell=sandbox.find(), limits=LIMITS, workers=2)
    assert [outcome.verdict.passed for outcome in outcomes] == [True, *[False] * len(worst), True]
    # None had more than its own: seconds for the checks, and for the compiler.
    endless = outcomes[1 + worst.index("endless_loop")].verdict
    assert [check.cause for check in endless.checks] == [verdict.TIMEOUT] * 3
    assert "still at work after 8 s" in outcomes[1 + worst.index("endless_constant")].verdict.message


def test_a_wrong_answer_that_is_refused_names_its_line(course: Course, judged: dict[str, Judged]) -> None:
    text = ATTACKS["leave_early"].text
    line = next(number for number, code in enumerate(text.splitlines(), start=1) if "exit(0)" in code)
    outcome = judged["leave_early"].verdict
    assert outcome.message.startswith(f"It was not run: line {line}: `process`")
    assert outcome.stage == "compile" and verdict.CHECKS_MISSING not in outcome.causes
