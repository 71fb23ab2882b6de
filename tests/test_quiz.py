"""The quiz engine: its files, its marking, its proofs, the graded file, and the session in a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from workbook import course as courses
from workbook import quiz, quiz_proof, quiz_session
from workbook.course import Course, CourseError
from workbook.progress import Progress
from workbook.quiz import Choice, Tracing

ROOT = Path(__file__).resolve().parents[1]

CHAPTER = """
title = "Ownership"
summary = "Who owns a tensor."
minutes = 10
[concepts]
move = "A value has one owner"
borrow = "Lend instead of give"
[[exercises]]
name = "NAME"
title = "Title"
minutes = 1
fails = "E0382"
hints = ["a", "b", "c"]
why = "So."
"""

SINGLE = """
[[questions]]
id = "who-frees"
type = "MultipleChoice"
concept = "move"
prompt.prompt = "Who frees a `Vec<f32>` of weights?"
prompt.distractors = ["The garbage collector", "The allocator, later", "Nobody"]
answer.answer = "Its owner, at the end of its scope"
context = "SECRET-CONTEXT The owner drops it."
"""

SEVERAL = """
[[questions]]
id = "who-copies"
type = "MultipleChoice"
concept = "move"
prompt.prompt = "Which of these copy the weights?"
prompt.distractors = ["`&weights`", "`weights.iter()`"]
answer.answer = ["`weights.clone()`", "`weights.to_vec()`"]
context = "Two of them allocate."
"""

BROKEN = '''
[[questions]]
id = "moved"
type = "Tracing"
concept = "move"
prompt.program = """
fn main() {
    let weights = vec![0.5_f32, 0.25];
    let taken = weights;
    println!("{} {}", taken.len(), weights.len());
}
"""
answer.doesCompile = false
answer.code = "E0382"
answer.lineNumber = 4
context = "The move leaves nothing behind."
'''

PRINTS = '''
[[questions]]
id = "prints"
type = "Tracing"
concept = "borrow"
prompt.program = """
fn main() {
    let weights = vec![0.5_f32, 0.25];
    println!("{}", weights.len());
    println!("{weights:?}");
}
"""
answer.doesCompile = true
answer.stdout = """
2
[0.5, 0.25]
"""
context = "Reading takes nothing away."
'''

TYPED = '''
[[questions]]
id = "typed"
type = "ShortAnswer"
concept = "borrow"
prompt.prompt = "Which parameter type lends the weights for reading?"
prompt.response = "code"
answer.answer = "&[f32]"
answer.alternatives = ["&Vec<f32>"]
context = "A slice borrows."
[[questions.proof]]
program = """
fn sum(weights: {answer}) -> f32 { weights.iter().sum() }
fn main() { let w = vec![1.0_f32, 2.0]; println!("{} {}", sum(&w), w.len()); }
"""
stdout = "3 2"
'''

ORDERED = '''
[[questions]]
id = "ordered"
type = "ShortAnswer"
concept = "borrow"
prompt.prompt = """
Put the lines in order, so that the program prints `3 [1.0, 2.0]`.

```text
A: println!("{sum} {weights:?}");
B: let weights = vec![1.0_f32, 2.0];
C: let sum: f32 = weights.iter().sum();
```
"""
answer.answer = "B C A"
context = "Name, read, print."
[questions.order]
lines = ['println!("{sum} {weights:?}");', "let weights = vec![1.0_f32, 2.0];", "let sum: f32 = weights.iter().sum();"]
program = """
fn main() {
{lines}
}
"""
stdout = "3 [1.0, 2.0]"
'''

CODED = '''
[[questions]]
id = "coded"
type = "MultipleChoice"
concept = "move"
prompt.prompt = "A value is used after it was moved. Which error is it?"
prompt.distractors = ["`E0502`", "`E0308`"]
answer.answer = "`E0382`"
context = "E0382."
[[questions.proof]]
program = """
fn main() {
    let a = vec![1.0_f32];
    let b = a;
    println!("{a:?} {b:?}");
}
"""
compiles = false
code = "{answer}"
line = 4
'''

ALL = SINGLE + SEVERAL + BROKEN + PRINTS + TYPED + ORDERED + CODED

RIGHT = {
    "who-frees": "its owner, at the END of its  scope",
    "who-copies": ["`weights.to_vec()`", "weights.clone()"],
    "moved": {"doesCompile": False, "code": "e0382", "lineNumber": 4},
    "prints": {"doesCompile": True, "stdout": "2\n[0.5, 0.25]"},
    "typed": "&[f32]",
    "ordered": "b, c, a",
    "coded": "E0382",
}


Make = Callable[..., Course]


def choice(course: Course, id: str = "who-frees") -> Choice:
    question = quiz.load(course, "01_own").question(id)
    assert isinstance(question, Choice)
    return question


def kept(root: Path) -> dict[str, Any]:
    result = Progress.load(root).quiz("01_own")
    assert result
    return result


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a course of one chapter for each quiz that is given."""

    def make(*quizzes: str) -> Course:
        for number, text in enumerate(quizzes or (ALL,), start=1):
            name = f"{number:02}_{'own' if number == 1 else 'more'}"
            folder = tmp_path / "chapters" / name
            folder.mkdir(parents=True, exist_ok=True)
            registry = CHAPTER.replace("NAME", f"exercise_{number}")
            if number > 1:
                registry = registry.replace("move =", "slice =").replace("borrow =", "view =")
            (folder / "chapter.toml").write_text(registry, encoding="utf-8")
            (tmp_path / "quizzes").mkdir(exist_ok=True)
            (tmp_path / "quizzes" / f"{name}.toml").write_text(text, encoding="utf-8")
        return courses.load(tmp_path)

    return make


def faults(make: Make, text: str) -> str:
    with pytest.raises(CourseError) as caught:
        quiz.load(make(text), "01_own")
    return str(caught.value)


# The file


def test_every_kind_is_read(make):
    questions = quiz.load(make(), "01_own").questions
    kinds = [question.kind for question in questions]
    assert kinds == ["choice", "several", "tracing", "tracing", "short", "ordering", "choice"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('id = "who-frees"', "", 2, "questions[1].id"),
        ('id = "who-frees"', 'id = "answers"', 3, "questions[1].id"),
        ('concept = "move"', "", 2, "questions[1].concept"),
        ('concept = "move"', 'concept = "Move it"', 5, "questions[1].concept"),
        ('"MultipleChoice"', '"MultipleGuess"', 2, "questions[1]"),
        ("prompt.distractors =", "prompt.distractor =", 7, "questions[1].prompt.distractor"),
        ('["The garbage collector", "The allocator, later", "Nobody"]', "[]", 7, "questions[1].prompt.distractors"),
        ("answer.answer =", "answer.answer = 5 #", 8, "questions[1].answer.answer"),
        ("context =", "#", 2, "questions[1].context"),
        ('"Nobody"', '"its owner, at the end of its scope"', 2, "questions[1]"),
        ("context =", "prompt.answerIndex = 9\ncontext =", 2, "questions[1]"),
    ],
)
def test_a_broken_file_names_line_and_field(make, old, new, line, field):
    assert old in SINGLE
    said = faults(make, SINGLE.replace(old, new))
    assert f"quizzes/01_own.toml:{line}: field '{field}'" in said


def test_the_line_is_right_behind_programs_and_subtables(make):
    text = BROKEN + ORDERED.replace('stdout = "3', 'stout = "3')
    said = faults(make, text)
    wanted = 1 + next(n for n, line in enumerate(text.splitlines()) if "stout" in line)
    assert f":{wanted}: field 'questions[2].order.stout': extra inputs" in said


def test_a_file_that_is_no_toml_and_one_that_is_no_text(make):
    assert "01_own.toml" in faults(make, "[[questions]\n")
    course = make()
    (course.root / "quizzes/01_own.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="not UTF-8"):
        quiz.load(course, "01_own")


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (BROKEN, "answer.lineNumber = 4", "", "has a `code` and a `lineNumber`"),
        (BROKEN, 'answer.code = "E0382"', "", "has a `code` and a `lineNumber`"),
        (PRINTS, "answer.doesCompile = true", "answer.doesCompile = false", "does not compile has"),
        (PRINTS, "2\n[0.5", "2\n\n[0.5", "empty line"),
        (ORDERED, '"B C A"', '"B C"', "does not name each of A B C once"),
        (ORDERED, "A: println", "D: println", "does not show line A"),
        (ORDERED, "{lines}", "", "questions[1].order.program"),
        (CODED, "compiles = false", "", "has no `code`"),
        (CODED, 'code = "{answer}"', "", "name the error"),
    ],
)
def test_an_item_that_contradicts_itself(make, text, old, new, said):
    assert old in text
    assert said in faults(make, text.replace(old, new))


def test_an_id_twice_in_a_file(make):
    assert re.search(r"01_own.toml:12: item 'who-frees': this id is used twice", faults(make, SINGLE + SINGLE))


def test_a_chapter_without_a_quiz(make):
    course = make()
    (course.root / "quizzes/01_own.toml").unlink()
    with pytest.raises(CourseError, match="has no quiz yet"):
        quiz.load(course, "01_own")


def test_choices_stand_in_the_same_order_in_every_run(make):
    first, again = (choice(make()) for _ in range(2))
    assert first.choices() == again.choices()
    assert sorted(first.choices()) == sorted([*first.right, *first.prompt.distractors])


def test_the_file_may_fix_the_order(make):
    at = SINGLE.replace("context =", "prompt.answerIndex = 1\ncontext =")
    question = choice(make(at))
    assert question.choices()[1] == question.right[0]
    in_order = SINGLE.replace("context =", "prompt.sortAnswers = true\ncontext =")
    question = choice(make(in_order))
    assert question.choices() == sorted(question.choices())


# Marking


@pytest.mark.parametrize(
    ("id", "answer", "right"),
    [
        ("who-frees", "Nobody", False),
        ("who-frees", "something else", False),
        ("who-copies", ["weights.clone()"], False),
        ("who-copies", ["weights.clone()", "weights.to_vec()", "&weights"], False),
        ("moved", {"doesCompile": True, "stdout": "2 0"}, False),
        ("moved", {"doesCompile": False}, False),
        ("moved", {"doesCompile": False, "code": "E0382", "lineNumber": 3}, False),
        ("moved", {"doesCompile": False, "code": "E0502", "lineNumber": 4}, False),
        ("moved", {"doesCompile": False, "code": "error[E0382]", "lineNumber": 4}, True),
        ("prints", {"doesCompile": True, "stdout": "  2\n[0.5, 0.25]"}, False),
        ("prints", {"doesCompile": True, "stdout": "2  \n[0.5, 0.25]\n\n"}, True),
        ("prints", {"doesCompile": False, "code": "E0382", "lineNumber": 4}, False),
        ("typed", " &[f32] ", True),
        ("typed", "&Vec<f32>", True),
        ("typed", "&vec<f32>", False),
        ("ordered", "BCA", True),
        ("ordered", ["b", "c", "a"], True),
        ("ordered", "B-C-A", True),
        ("ordered", "A B C", False),
        ("ordered", "B C", False),
        ("coded", "e0382", True),
        ("coded", "E0308", False),
    ],
)
def test_marking(make, id, answer, right):
    assert quiz.load(make(), "01_own").question(id).mark(answer) is right


def test_a_letter_answers_a_choice(make):
    question = choice(make())
    letter = "ABCD"[question.choices().index(question.right[0])]
    assert question.mark(letter.lower())
    assert not question.mark("ABCD"["ABCD".index(letter) - 1])
    assert not question.mark("Z")


# A file of answers


def grade(course: Course, tmp_path: Path, text: str | bytes, chapter: str | None = None) -> int:
    file = tmp_path / "answers.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return quiz.main(course, chapter, file, True, True)


def test_a_file_that_is_all_right(make, tmp_path, capsys):
    assert grade(make(), tmp_path, json.dumps(RIGHT)) == 0
    assert json.loads(capsys.readouterr().out) == {
        "chapter": "01_own",
        "score": 7,
        "total": 7,
        "items": [{"id": id, "correct": True} for id in RIGHT],
    }


def test_a_toml_file_with_a_wrong_and_a_missing_answer(make, tmp_path, capsys):
    text = """
    chapter = "own"
    who-frees = "Nobody"
    who-copies = ["weights.clone()", "weights.to_vec()"]
    prints = { doesCompile = true, stdout = "2\\n[0.5, 0.25]" }
    """
    assert grade(make(), tmp_path, textwrap.dedent(text)) == 1
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert result["score"] == 2
    assert [item["id"] for item in result["items"] if item["correct"]] == ["who-copies", "prints"]
    assert "No answer to moved, typed, ordered, coded: counted as wrong" in said.err
    assert "SECRET" not in said.out + said.err


def test_grading_as_text_does_not_tell_the_answers(make, tmp_path, capsys):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({**RIGHT, "who-frees": "Nobody"}), encoding="utf-8")
    assert quiz.main(make(), None, file, False, True) == 1
    said = capsys.readouterr().out
    assert "wrong  who-frees" in said
    assert "01_own: 6 of 7" in said
    assert "SECRET" not in said
    assert "owner" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"who-free": "Nobody"}', "there is no item 'who-free'. Did you mean who-frees?"),
        ('{"who-frees": 3}', "item 'who-frees': give the choice's text or its letter"),
        ('{"who-copies": "A"}', "item 'who-copies': several choices are right"),
        ('{"moved": "E0382"}', "item 'moved': give a table"),
        ('{"moved": {"doesCompile": false, "lineNumber": "4"}}', "lineNumber is a number"),
        ('{"moved": {"doesCompile": false, "line": 4}}', "'line' is not part of the answer"),
        ('{"ordered": 5}', "item 'ordered': give the letters in order"),
        ('{"typed": {}}', "item 'typed': give a text"),
        ("[1, 2", "neither TOML nor JSON"),
        ('{"who-frees": ', "neither TOML nor JSON"),
        ("{" * 100_000, "neither TOML nor JSON"),
        ("a = " + "[" * 100_000, "neither TOML nor JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b" " * (2 << 20), "larger than 1 MB"),
        ("", "has no answers"),
        ('{"chapter": 1}', "'chapter' must be a text"),
        ('{"chapter": "ownn", "typed": "a"}', "There is no chapter 'ownn'"),
        ('{"answers": 1}', "'answers' must be a table"),
    ],
)
def test_a_file_that_cannot_be_graded(make, tmp_path, capsys, text, said):
    assert grade(make(), tmp_path, text) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_a_file_that_is_not_there(make, tmp_path, capsys):
    assert quiz.main(make(), None, tmp_path / "no.json", False, True) == 2
    assert "no.json cannot be read" in capsys.readouterr().err
    assert quiz.main(make(), None, tmp_path, False, True) == 2


def test_one_file_may_answer_two_quizzes(make, tmp_path, capsys):
    second = SINGLE.replace('"who-frees"', '"second"').replace('"move"', '"slice"')
    course = make(ALL, second)
    both = json.dumps({**RIGHT, "second": "Nobody"})
    assert grade(course, tmp_path, both) == 2
    assert "answers of 2 chapters: say which to grade" in capsys.readouterr().err
    assert grade(course, tmp_path, both, "01_own") == 0
    assert grade(course, tmp_path, both, "2") == 1


def test_the_template_can_be_filled_in_and_holds_no_answer(make, tmp_path, capsys):
    course = make()
    assert quiz.main(course, "01_own", None, True, False) == 0
    printed = capsys.readouterr().out
    assert "SECRET" not in printed
    template = json.loads(printed)
    assert [question["id"] for question in template["questions"]] == list(RIGHT)
    assert "E0382" not in json.dumps([q for q in template["questions"] if q["id"] == "moved"])
    template["answers"] = RIGHT
    assert grade(course, tmp_path, json.dumps(template)) == 0
    capsys.readouterr()
    assert grade(course, tmp_path, printed) == 1
    assert json.loads(capsys.readouterr().out)["score"] == 0


def test_without_a_terminal_the_questions_are_printed(make, capsys):
    assert quiz.main(make(), None, None, False, False) == 0
    said = capsys.readouterr().out
    assert all(f"[{id}]" in said for id in RIGHT)
    assert "  4 |     println!" in said
    assert "--answers answers.json" in said
    assert "SECRET" not in said
    assert "\x1b" not in said


# Proofs


def prove(course: Course) -> list[str]:
    return quiz_proof.prove(course, quiz.load(course, "01_own"))


def test_right_answers_are_proven(make):
    assert prove(make()) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (BROKEN, "E0382", "E0502", r"toml:13: item 'moved': the code is said to be E0502, the compiler says E0382"),
        (BROKEN, "lineNumber = 4", "lineNumber = 3", r"said to be at line 3, the compiler says E0382 at line 4"),
        (BROKEN, "let taken = weights;", "let taken = &weights;", r"the program compiles, but is said not to"),
        (BROKEN, "taken.len()", "tken.len()", r"has 2 errors|compiler says E0425"),
        (PRINTS, "2\n[0.5", "3\n[0.5", r"is said to print '3.*it prints '2"),
        (PRINTS, "weights.len()", "weight.len()", r"does not compile: E0425"),
        (PRINTS, 'println!("{}", weights.len());', "std::process::exit(3);", r"does not end well: it exits with 3"),
        (PRINTS, 'println!("{}", weights.len());', "loop {}", r"it runs longer than 1 s"),
        (PRINTS, 'println!("{}", weights.len());', 'loop { println!("a") }', r"it prints more than"),
        (TYPED, '["&Vec<f32>"]', '["Vec<f32>"]', r"'Vec<f32>': the program does not compile: E0308"),
        (ORDERED, '"B C A"', '"C B A"', r"order C B A is listed, but the program does not compile"),
        (
            ORDERED,
            'stdout = "3 [1.0, 2.0]"',
            'stdout = "4"',
            r"order B C A is listed, but the program is said to print",
        ),
        (CODED, '"`E0308`"]', '"E0382 or so"]', r"'E0382 or so' is listed as wrong, but it meets the proof"),
        (CODED, '"`E0382`"', '"E0506"', r"'E0506': the code is said to be E0506"),
    ],
)
def test_a_wrong_claim_is_caught(make, monkeypatch, text, old, new, said):
    monkeypatch.setattr(quiz_proof, "RUN_SECONDS", 1)
    assert old in text
    found = prove(make(text.replace(old, new)))
    assert re.search(said, "\n".join(found)), found


def test_an_order_that_works_too_but_is_not_listed(make):
    text = ORDERED.replace("{lines}\n", "let weights = vec![1.0_f32, 2.0];\nlet sum = 3;\n{lines}\n")
    found = prove(make(text))
    assert len([fault for fault in found if "is listed as wrong, but it meets" in fault]) >= 1


def test_a_distractor_that_is_right_too(make):
    text = CODED.split("[[questions.proof]]")[0].replace("E0382", "1").replace("E0502", "one").replace("E0308", "2")
    text += '[[questions.proof]]\nprogram = "fn main() { let one = 1; println!(\\"{}\\", {answer}); }"\nstdout = "1"\n'
    found = prove(make(text))
    assert len(found) == 1
    assert "'`one`' is listed as wrong" in found[0]


def test_a_panic_can_be_claimed(make):
    proof = '[[questions.proof]]\nprogram = "fn main() { panic!(); }"\npanics = true\n'
    assert prove(make(SINGLE + proof)) == []
    found = prove(make(SINGLE + proof.replace("panic!();", "")))
    assert "does not panic" in found[0]


def test_the_edition_is_the_courses(make):
    # Only edition 2024 drops the temporary of the tail expression first; earlier ones say E0597.
    program = "use std::cell::RefCell;\nfn f() -> usize { let c = RefCell::new(vec![1]); c.borrow().len() }\n"
    text = (
        SINGLE
        + f'[[questions.proof]]\nprogram = """\n{program}fn main() {{ println!("{{}}", f()); }}\n"""\nstdout = "1"\n'
    )
    assert prove(make(text)) == []


def test_a_program_may_use_the_chapters_crate(make):
    proof = (
        '[[questions.proof]]\nprogram = "fn main() { println!(\\"{}\\", own::two()); }"\n'
        'stdout = "2"\ncrates = ["own"]\n'
    )
    course = make(SINGLE + proof)
    package = '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2024"\n'
    source = course.root / "chapters/01_own/src/lib.rs"
    source.parent.mkdir()
    source.write_text("pub fn two() -> i32 { 2 }\n", encoding="utf-8")
    (source.parents[1] / "Cargo.toml").write_text(package, encoding="utf-8")
    workspace = '[workspace]\nresolver = "3"\nmembers = ["chapters/01_own"]\n'
    (course.root / "Cargo.toml").write_text(workspace, encoding="utf-8")
    subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=course.root, check=True, capture_output=True)
    assert prove(course) == []
    # The crate's own text is part of what a kept result stands for.
    source.write_text("pub fn two() -> i32 { 3 }\n", encoding="utf-8")
    assert "it prints '3'" in prove(course)[0]
    unknown = make(SINGLE + proof.replace('["own"]', '["other"]'))
    with pytest.raises(CourseError, match="needs the crate 'other'"):
        prove(unknown)


def test_a_second_proof_compiles_nothing(make, monkeypatch):
    course = make()
    assert prove(course) == []
    monkeypatch.setattr(quiz_proof, "_carry_out", lambda *_: pytest.fail("compiled again"))
    assert prove(course) == []


def test_an_edit_is_proven_anew_and_a_damaged_cache_is_no_matter(make):
    course = make(PRINTS)
    assert prove(course) == []
    file = course.root / "quizzes/01_own.toml"
    file.write_text(PRINTS.replace("weights.len()", "weights.len() + 1"), encoding="utf-8")
    assert len(prove(course)) == 1
    (course.root / ".workbook/proofs/01_own.json").write_text("{", encoding="utf-8")
    assert len(prove(course)) == 1


def test_agreement_holds_for_a_full_quiz(make):
    course = make(full())
    assert quiz_proof.agreement(course, quiz.load(course, "01_own")) == []


def full() -> str:
    more = "".join(SINGLE.replace('"who-frees"', f'"more-{n}"') for n in range(3))
    return ALL + more


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace('concept = "move"', 'concept = "magic"', 1), ":5: item 'who-frees': no chapter up to"),
        (lambda t: t.replace('"borrow"', '"move"'), "no item asks about the chapter's concept 'borrow'"),
        (lambda t: t.replace(SEVERAL, ""), "9 items; a quiz has at least 10"),
        (
            lambda t: "".join(SINGLE.replace('"who-frees"', f'"i-{n}"') for n in range(9)) + SEVERAL,
            "only choice, several; a quiz has at least 3 kinds",
        ),
        (lambda t: t.split('[[questions.proof]]\nprogram = """\nfn main() {\n    let a')[0], "empty"),
        (lambda t: t.replace("Who frees", "E0382: who frees", 1), "'who-frees': shows code or an error code"),
        (
            lambda t: t.replace('"Nobody"', '"```rust\\nlet a = 1;\\n```"', 1),
            "'who-frees': shows code or an error code",
        ),
        (lambda t: t.replace('code = "{answer}"', 'code = "E0502"'), "names E0382, but no proof has this code"),
    ],
)
def test_agreement_catches(make, change, said):
    text = change(full())
    if said == "empty":
        # The proof of the item about an error code is cut away.
        said = "'coded': shows code or an error code, so it needs a [[questions.proof]]"
    course = make(text)
    found = quiz_proof.agreement(course, quiz.load(course, "01_own"))
    assert any(said in fault for fault in found), found


def test_agreement_knows_the_other_chapters(make):
    course = make(full(), full())
    found = quiz_proof.agreement(course, quiz.load(course, "02_more"))
    assert any("quizzes/01_own.toml has this id too" in fault for fault in found)
    # Concepts of an earlier chapter may be asked about, those of a later one not.
    assert not any("no chapter up to this one" in fault for fault in found)
    early = make(full().replace('concept = "move"', 'concept = "slice"', 1), full())
    found = quiz_proof.agreement(early, quiz.load(early, "01_own"))
    assert any("no chapter up to this one has the concept 'slice'" in fault for fault in found)


def test_four_codes_are_offered_and_the_right_one_is_among_them(make):
    questions = quiz.load(make(), "01_own")
    for id in ("moved", "prints"):
        question = questions.question(id)
        assert isinstance(question, Tracing)
        options = quiz_session.offered(questions, question)
        assert len(set(options)) == 4
        assert options == quiz_session.offered(questions, question)
        assert not question.answer.code or question.answer.code in options


# In a terminal


@pytest.fixture
def session(make):
    """Starts a session over a course, and ends those that a test leaves running."""
    started: list[pexpect.spawn] = []

    def start(text: str = SINGLE + BROKEN, *, plain: bool = True, **env: str) -> pexpect.spawn:
        course = make(text)
        code = (
            "import sys; from pathlib import Path; from workbook import course, quiz; "
            f"sys.exit(quiz.main(course.load(Path({str(course.root)!r})), None, None, False, {plain}))"
        )
        path = str(ROOT / "python")
        child = pexpect.spawn(
            sys.executable,
            ["-c", code],
            env={**os.environ, "PYTHONPATH": path, "TERM": "xterm-256color", **env},
            encoding="utf-8",
            timeout=20,
            dimensions=(50, 100),
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


def letter(text: str, id: str, *, right: bool = True) -> str:
    model = quiz.QuizFile.model_validate(tomllib.loads(text))
    question = next(question for question in model.questions if question.id == id)
    assert isinstance(question, Choice)
    return next("ABCDEF"[i] for i, t in enumerate(question.choices()) if (t in question.right) == right)


def ends(child: pexpect.spawn) -> int | None:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def test_a_session_asks_again_what_was_missed(session, tmp_path):
    text = SINGLE + BROKEN
    child = session(text)
    child.expect("Question 1 of 2")
    child.expect("Your answer: ")
    child.sendline("Z")
    child.expect("Please give one letter of A to D")
    child.sendline(letter(text, "who-frees", right=False))
    child.expect("Not right. The answer is:")
    child.expect("SECRET-CONTEXT")
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("4 |     println")
    child.expect("Does it compile")
    child.sendline("maybe")
    child.expect("Please type y or n")
    child.sendline("n")
    child.expect("Which error stops it")
    child.sendline("E0382")
    child.expect("which line")
    child.sendline("99")
    child.expect("Please give a number from 1 to 5")
    child.sendline("4")
    child.expect("Right.")
    child.expect("1 of 2 are right")
    child.expect("Ask the 1 that you missed once more")
    assert kept(tmp_path)["missed"] == ["who-frees"]
    child.sendline("")
    child.expect("Question 1 of 1")
    child.expect("Your answer: ")
    child.sendline(letter(text, "who-frees"))
    child.expect("2 of 2 are right")
    assert ends(child) == 0
    result = kept(tmp_path)
    assert (result["score"], result["total"], result["missed"]) == (2, 2, [])


@pytest.mark.parametrize("stop", ["\x03", "\x04"])
def test_stopping_keeps_what_was_answered_and_the_next_session_asks_the_rest(session, tmp_path, stop):
    text = SINGLE + BROKEN
    child = session(text)
    child.expect("Your answer: ")
    child.sendline(letter(text, "who-frees"))
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("Does it compile")
    child.send(stop)
    child.expect("Stopped: 1 of 2 are right. What you have answered is kept")
    assert ends(child) == 0
    assert kept(tmp_path)["missed"] == ["moved"]
    child = session(text)
    child.expect("1 of 2 are left from last time")
    child.expect("Question 1 of 1")
    child.expect("Does it compile")


def test_a_finished_quiz_is_asked_as_practice(session, tmp_path):
    Progress.load(tmp_path).record_quiz("01_own", 2, 2, [])
    child = session(SINGLE + BROKEN)
    child.expect("practice and changes nothing")
    child.expect("Question 1 of 2")
    child.expect("Your answer: ")
    child.sendline(letter(SINGLE, "who-frees", right=False))
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("Does it compile")
    child.send("\x04")
    assert ends(child) == 0
    assert kept(tmp_path)["missed"] == []


def test_a_quiz_that_grew_is_asked_from_the_start(session, tmp_path):
    Progress.load(tmp_path).record_quiz("01_own", 1, 1, [])
    child = session(SINGLE + BROKEN)
    child.expect("Question 1 of 2")


def test_every_other_kind_is_answered(session):
    text = SEVERAL + PRINTS + TYPED + ORDERED
    child = session(text)
    child.expect("more than one may be right")
    child.expect("Your answer: ")
    question = quiz.QuizFile.model_validate(tomllib.loads(SEVERAL)).questions[0]
    assert isinstance(question, Choice)
    letters = [label for label, t in zip("ABCD", question.choices(), strict=True) if t in question.right]
    child.sendline(",".join(letters).lower())
    child.expect("Right.")
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("Does it compile")
    child.sendline("y")
    child.expect("What does it print")
    child.sendline("2")
    child.sendline("[0.5, 0.25]")
    child.sendline("")
    child.expect("Right.")
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("Your answer: ")
    child.sendline("&[f32]")
    child.expect("Right.")
    child.expect("Enter goes on")
    child.sendline("")
    child.expect("The order, as in 'A B C': ")
    child.sendline("B C")
    child.expect("Please give each of A B C once")
    child.sendline("bca")
    child.expect("Right.")
    child.expect("4 of 4 are right")
    assert ends(child) == 0


def test_colours_in_a_terminal_and_none_when_they_are_not_wanted(session):
    child = session(BROKEN, plain=False)
    child.expect("Does it compile")
    assert "\x1b[" in child.before
    for child in (session(BROKEN, plain=True), session(BROKEN, plain=False, NO_COLOR="1")):
        child.expect("Does it compile")
        assert "\x1b" not in child.before


def test_programs_in_a_prompt_have_line_numbers(make, capsys):
    text = SINGLE.replace(
        '"Who frees a `Vec<f32>` of weights?"', '"""Who?\n```rust\nlet a = 1;\n\nlet b = 2;\n```\n"""'
    )
    questions = quiz.load(make(text), "01_own")
    for plain in (True, False):
        quiz_session.Screen(plain=plain).question(questions, questions.questions[0])
        assert re.search(r"^\s*3 .*let b = 2;", capsys.readouterr().out, re.MULTILINE)


def test_two_sessions_at_once_do_not_damage_the_progress(tmp_path, make):
    make()

    def write(n: int) -> None:
        for _ in range(20):
            Progress.load(tmp_path).record_quiz("01_own", n, 7, [str(n)])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(tmp_path)["missed"] == [str(kept(tmp_path)["score"])]


# The course's own quizzes

# Those of the chapters; the interview's questions are of another kind, and in `test_interview.py`.
REAL = sorted((ROOT / "quizzes").glob("[0-9]*.toml"))


def test_the_course_has_quizzes():
    assert REAL


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_the_courses_own_quizzes_agree_and_are_proven(file):
    course = courses.load(ROOT)
    questions = quiz.load(course, file.stem)
    assert quiz_proof.agreement(course, questions) == []
    assert quiz_proof.prove(course, questions) == []


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_the_terminal_can_show_every_question(file):
    course = courses.load(ROOT)
    questions = quiz.load(course, file.stem)
    screen = quiz_session.Screen(plain=False)
    for question in questions.questions:
        screen.question(questions, question)
        screen.solution(question)
        screen.markdown(question.context)
