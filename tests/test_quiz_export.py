"""Quizzes for course platforms: what readers of QTI and GIFT find in the files is what the quizzes say."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from course_copy import Copy
from workbook import course as courses
from workbook import groups
from workbook import quiz as quizzes
from workbook.course import CourseError
from workbook.quiz import Choice, Quiz, Short, Tracing

COURSE = courses.load(ROOT)
CHAPTERS = [each.name for each in COURSE.chapters if quizzes.path(COURSE, each.name).exists()]
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All quizzes of the course, written."""
    groups.ensure("quizzes")
    from workbook import quiz_export

    out = tmp_path_factory.mktemp("quizzes")
    assert quiz_export.main(COURSE, [], out) == 0
    return out


@pytest.fixture(scope="module")
def gift_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with gift-pegjs, the grammar that editors for GIFT use."""
    npm = shutil.which("npm")
    assert npm, "This test needs npm on the PATH: on Debian, 'apt-get install npm'."
    place = tmp_path_factory.mktemp("readers")
    for name in ("package.json", "package-lock.json", "gift.js"):
        shutil.copy(ROOT / "tests" / "readers" / name, place / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return place


class _Text(HTMLParser):
    """The text of HTML, and the programs in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.code: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "code":
            self.inside += 1
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.inside:
            self.code[-1] += data


def read_html(source: str) -> _Text:
    found = _Text()
    found.feed(source)
    return found


def codes(markdown: str) -> list[str]:
    """What is code in a prompt or a choice: fences first, then what stands in back-ticks."""
    fenced = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", markdown, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^ *```[^\n]*\n.*?^ *```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    spans = [" ".join(span.strip().split()) for span in re.findall(r"(?<!`)`([^`]+)`", rest)]
    return [*fenced, *spans]


def same_code(found: _Text, markdown: str) -> None:
    there = [*found.code, *(" ".join(code.split()) for code in found.code)]
    for code in codes(markdown):
        assert code in there or code.strip() in [each.strip() for each in there], (code, found.code)


def words(text: str) -> str:
    """Letters and digits alone: quotes and dashes may become typographic."""
    return re.sub(r"\W+", "", text).casefold()


def asks(question: Choice | Tracing | Short, stem: str) -> None:
    """The stem shows the item's prompt: its words, and its programs to the letter."""
    found = read_html(stem)
    if isinstance(question, Tracing):
        (program,) = [code for code in found.code if code.count("\n") > 1]
        lines = [line[4:] for line in program.splitlines()]
        assert "\n".join(lines).rstrip() == question.program.rstrip()
        numbers = [int(line[:2]) for line in program.splitlines()]
        assert numbers == list(range(1, len(lines) + 1))
    else:
        same_code(found, question.prompt.prompt)
        outside = re.sub(r"```.*?```|`[^`]*`", " ", question.prompt.prompt, flags=re.DOTALL)
        for word in re.findall(r"[A-Za-z]{4,}", outside):
            assert word.casefold() in found.text.casefold()


def takes(question: Choice | Tracing | Short, right: list[str]) -> None:
    """Every answer that the platform takes is right in the course, too."""
    assert right
    if isinstance(question, Tracing):
        answer = question.answer
        for said in right:
            if answer.does_compile:
                lines = said.split(" / ") if " / " in said or "\n" not in (answer.stdout or "").strip() else None
                if lines:
                    assert question.mark({"doesCompile": True, "stdout": "\n".join(lines)})
                assert words(said) == words(answer.stdout or "")
            else:
                code, line = re.findall(r"E\d{4}|\d+", said)
                assert question.mark({"doesCompile": False, "code": code, "lineNumber": int(line)})
    else:
        for said in right:
            assert question.mark(said), said
        wanted = {quizzes.fold(each) for each in question.right} if isinstance(question, Short) else set()
        if isinstance(question, Short) and not question.order:
            assert {quizzes.fold(said) for said in right} == wanted


def chosen(question: Choice, choices: list[tuple[str, bool]]) -> None:
    """The platform's choices are the item's, and the right ones are right."""
    assert len(choices) == len(question.choices())
    found = {words(read_html(text).text): right for text, right in choices}
    plain = {words(re.sub(r"^```\w*\n|```$", "", text.strip())): text for text in question.choices()}
    if len(found) == len(choices):
        assert {plain[text] for text, right in found.items() if right} == set(question.right)
    # In order too, which also tells choices apart that differ in signs alone.
    for (text, right), ours in zip(choices, question.choices(), strict=True):
        same_code(read_html(text), ours)
        assert right == (ours in question.right)


def quiz(chapter: str) -> Quiz:
    return quizzes.load(COURSE, chapter)


# QTI.


def qti_items(path: Path) -> Iterator[dict[str, Any]]:
    """A package as importers read it: the manifest names the assessment, and that has the items."""
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        files = [each.attrib["href"] for each in manifest.iter() if each.tag.endswith("}file")]
        assert files and set(files) <= names
        (name,) = [file for file in files if not file.endswith("assessment_meta.xml")]
        document = ElementTree.fromstring(package.read(name))
    assert document.tag == f"{QTI}questestinterop"
    for item in document.iter(f"{QTI}item"):
        fields = {
            each.findtext(f"{QTI}fieldlabel"): each.findtext(f"{QTI}fieldentry")
            for each in item.iter(f"{QTI}qtimetadatafield")
        }
        presentation = item.find(f"{QTI}presentation")
        assert presentation is not None
        right = [
            condition for condition in item.iter(f"{QTI}respcondition") if condition.findtext(f"{QTI}setvar") == "100"
        ]
        (condition,) = right
        yield {
            "title": item.attrib["title"],
            "type": fields["question_type"],
            "points": fields["points_possible"],
            "stem": presentation.findtext(f"{QTI}material/{QTI}mattext"),
            "choices": [
                (label.attrib["ident"], label.findtext(f"{QTI}material/{QTI}mattext"))
                for label in presentation.iter(f"{QTI}response_label")
            ],
            "right": _wanted(condition),
            "feedback": item.findtext(f"{QTI}itemfeedback/{QTI}flow_mat/{QTI}material/{QTI}mattext"),
        }


def _wanted(condition: ElementTree.Element) -> list[str]:
    unwanted = {id(each) for none in condition.iter(f"{QTI}not") for each in none.iter(f"{QTI}varequal")}
    return [str(each.text) for each in condition.iter(f"{QTI}varequal") if id(each) not in unwanted]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_reader_of_qti_finds_the_quiz(folder: Path, chapter: str) -> None:
    found = list(qti_items(folder / f"{chapter}.qti.zip"))
    ours = quiz(chapter).questions
    assert [item["title"] for item in found] == [question.id for question in ours]
    for item, question in zip(found, ours, strict=True):
        assert item["points"] == "1"
        asks(question, item["stem"])
        assert words(question.context)[:40] in words(read_html(item["feedback"]).text)
        assert "equation_image" not in item["stem"] + item["feedback"], "a dollar sign was taken for a formula"
        if isinstance(question, Choice):
            kind = "multiple_answers_question" if question.several else "multiple_choice_question"
            assert item["type"] == kind
            chosen(question, [(text, ident in item["right"]) for ident, text in item["choices"]])
        else:
            assert item["type"] == "short_answer_question"
            takes(question, item["right"])


def test_the_text_can_be_edited_and_converted_again(folder: Path) -> None:
    from workbook import quiz_export

    text = (folder / "01_ownership.text2qti.txt").read_text(encoding="utf-8")
    edited = text.replace("Title: ownership-what-frees\n", "Title: mine\nPoints: 2\n")
    package = quiz_export.qti("mine", edited)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert any(b'title="mine"' in opened.read(name) for name in opened.namelist())
    with pytest.raises(CourseError, match=r"The quiz of mine cannot be written as QTI: .*line 5"):
        quiz_export.qti("mine", "Quiz title: x\n\n1. Who?\na) No right choice.\n")


# GIFT.


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_reader_of_gift_finds_the_quiz(folder: Path, gift_reader: Path, chapter: str) -> None:
    done = subprocess.run(
        ["node", "gift.js", str(folder / f"{chapter}.gift.txt")], cwd=gift_reader, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    category, *found = json.loads(done.stdout)
    assert (category["type"], category["title"]) == ("Category", f"Rust for AI/{chapter}")
    ours = quiz(chapter).questions
    assert [item["title"] for item in found] == [question.id for question in ours]
    for item, question in zip(found, ours, strict=True):
        assert item["stem"]["format"] == "html"
        asks(question, item["stem"]["text"])
        assert words(question.context)[:40] in words(read_html(item["globalFeedback"]["text"]).text)
        choices = [(each["text"]["text"], each["isCorrect"], each["weight"]) for each in item["choices"]]
        if isinstance(question, Choice):
            assert item["type"] == "MC"
            right = [(weight or 0) > 0 if question.several else correct for _, correct, weight in choices]
            chosen(question, [(text, flag) for (text, _, _), flag in zip(choices, right, strict=True)])
            if question.several:
                assert sum(weight for *_, weight in choices if weight > 0) == pytest.approx(100, abs=0.001)
                assert all(weight == -100 for *_, weight in choices if weight < 0)
                # Of the fractions that Moodle knows.
                assert {weight for *_, weight in choices if weight > 0} <= {100, 50, 33.33333, 25, 20}
            else:
                assert sum(correct for _, correct, _ in choices) == 1
        else:
            assert item["type"] == "Short"
            # To Moodle a star stands for anything, unless a backslash stands before it.
            said = [text for text, *_ in choices]
            assert not any(re.search(r"(?<!\\)\*", text) for text in said)
            takes(question, [text.replace(r"\*", "*") for text in said])


def test_what_gift_cannot_say_is_refused(small: Copy, tmp_path: Path) -> None:
    groups.ensure("quizzes")
    from workbook import quiz_export

    path = small.root / "quizzes" / "01_tensors.toml"
    text = path.read_text(encoding="utf-8").replace(
        'answer.answer = "its elements"', 'answer.answer = "fn() -> f32"', 1
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"Item 'short-7': GIFT has no way to write the answer 'fn\(\) -> f32'"):
        quiz_export.main(small.course(), [], tmp_path / "out")


# The command.


def test_the_command_writes_the_chapters_that_are_named(three: Copy, tmp_path: Path) -> None:
    groups.ensure("quizzes")
    reply = three.call("grade", "quizzes", "02", "--out", str(tmp_path / "out"))
    assert reply.code == 0, reply.err
    assert "02_layers: 10 items" in reply.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "02_layers.gift.txt",
        "02_layers.qti.zip",
        "02_layers.text2qti.txt",
    ]
    (tmp_path / "file").write_text("", encoding="utf-8")
    reply = three.call("grade", "quizzes", "--out", str(tmp_path / "file"))
    assert reply.code == 2 and "cannot be written" in reply.err
    reply = three.call("grade", "quizzes", "9")
    assert reply.code == 2 and "no chapter '9'" in reply.err
