"""The interview track: its file, its page, its rules, and the session in which one marks oneself."""

from __future__ import annotations

import pexpect
import pytest

from course_copy import ROOT, Copy
from workbook import course as courses
from workbook import interview
from workbook.course import CourseError, UnknownName
from workbook.progress import Progress

TRACK = """\
[[questions]]
id = "who-frees"
level = "mid"
type = "ShortAnswer"
concept = "move"
prompt.prompt = "Who frees it?"
answer.answer = "its owner"
context = "At the end of its scope."

[[open]]
id = "why-rust"
level = "mid"
concept = "write"
prompt = "Why Rust?"
rubric = ["Says speed.", "Says safety.", "Says the price."]
answer = "SECRET-ANSWER because."
code = ["chapters/01_tensors/src/lib.rs"]

[[open]]
id = "review-it"
level = "senior"
concept = "any"
prompt = "What would you review?"
rubric = ["One.", "Two.", "Three."]
answer = "All of it."
code = ["chapters/01_tensors/src/lib.rs#Nobody"]

[[open]]
id = "design-it"
level = "principal"
concept = "any"
prompt = "Design it."
rubric = ["One.", "Two.", "Three."]
answer = "So."
code = ["chapters/01_tensors/src/gone.rs"]
"""


@pytest.fixture
def track(small: Copy) -> Copy:
    (small.root / "quizzes").mkdir(exist_ok=True)
    (small.root / "quizzes" / "interview.toml").write_text(TRACK, encoding="utf-8")
    return small


def test_the_course_has_the_questions_that_it_promises() -> None:
    found = interview.load(courses.load(ROOT))
    ids = {item.id for item in found.open}
    seeds = {"why-rust-for-some-parts", "arc-or-rc", "candle-at-the-edge", "how-pyo3-calls", "refcell-or-mutex"}
    seeds |= {"concurrency-beside-python", "pyo3-and-the-gil", "polars-or-pandas", "zero-cost", "inference-sidecar"}
    assert seeds <= ids
    assert len(ids) + len(found.graded.questions) >= len(seeds) + 30
    assert all(len(found.at(level)) >= 6 for level in interview.LEVELS)


def test_broken_links_are_faults(track: Copy) -> None:
    told = [problem for _, problem in interview.faults(track.course())]
    assert told == [
        "item 'review-it': chapters/01_tensors/src/lib.rs does not say 'Nobody'",
        "item 'design-it': chapters/01_tensors/src/gone.rs is not there",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('level = "senior"', 'level = "junior"', "quizzes/interview.toml:21: field 'open[2].level'"),
        ('rubric = ["Says speed.", "Says safety.", "Says the price."]', 'rubric = ["Says speed."]', "at least 3 items"),
        ('id = "review-it"', 'id = "why-rust"', "the id 'why-rust' is used twice"),
    ],
)
def test_a_broken_track_is_told_with_its_place(track: Copy, old: str, new: str, said: str) -> None:
    track.edit("quizzes/interview.toml", old, new)
    with pytest.raises(CourseError, match=said.replace("[", r"\[").replace("]", r"\]")):
        interview.load(track.course())


def test_what_the_course_does_not_teach_is_not_asked(track: Copy) -> None:
    track.edit("quizzes/interview.toml", 'concept = "move"', 'concept = "tensors"')
    assert any("no chapter has the concept 'tensors'" in problem for _, problem in interview.faults(track.course()))


def test_the_page_is_written_from_the_file(track: Copy) -> None:
    from workbook import author, book

    page = interview.page(track.course())
    assert "### Why Rust?" in page and "- Says safety." in page
    assert "[`lib.rs`](01_tensors/src/lib.rs)" in page
    assert "\n\n[Interview questions](interview.md)" in book.summary(track.course())
    written = {path.name: text for path, text in author.generated(track.course())}
    assert written["interview.md"] == page


def test_without_a_terminal_the_answers_are_kept_back_until_asked_for(track: Copy) -> None:
    shown = track.call("interview", "mid")
    assert shown.code == 0 and "Why Rust?" in shown.out and "SECRET-ANSWER" not in shown.out
    assert "SECRET-ANSWER" in track.call("interview", "--answers").out
    questions = track.call("interview", "--json").data["questions"]
    assert [item["kind"] for item in questions] == ["short", "open", "open", "open"]


def test_a_level_that_is_none_is_refused(track: Copy) -> None:
    with pytest.raises(UnknownName, match=r"no level 'junior'\. There are: mid, senior, principal"):
        interview.main(track.course(), "junior", answers=False, as_json=False, plain=True)


def test_one_marks_oneself_and_is_asked_again_what_was_missed(track: Copy) -> None:
    command = track.command("interview", "mid", "--plain")
    terminal = pexpect.spawn(
        command[0], command[1:], cwd=str(track.root), env=track.environment(), encoding="utf-8", timeout=30
    )
    terminal.expect("Interview, mid")
    terminal.expect("Your answer: ")
    terminal.sendline("Its owner")
    terminal.expect("Right")
    terminal.expect("Enter goes on")
    terminal.sendline("")
    terminal.expect("Enter when you are done")
    assert "SECRET-ANSWER" not in (terminal.before or "")
    terminal.sendline("")
    for said in ("y", "n", "n"):
        terminal.expect(r"\[y/n\] ")
        terminal.sendline(said)
    terminal.expect("Not yet")
    terminal.expect("SECRET-ANSWER")
    terminal.expect("1 of 2 are right")
    terminal.expect("once more")
    terminal.sendline("n")
    terminal.expect(pexpect.EOF)
    terminal.close()
    kept = Progress.load(track.root).quiz("interview-mid")
    assert kept and (kept["score"], kept["total"], kept["missed"]) == (1, 2, ["why-rust"])


def test_all_points_but_one_are_a_good_answer(track: Copy) -> None:
    question = interview.load(track.course()).open[0]
    assert question.mark([True, True, False]) and not question.mark([True, False, False])
