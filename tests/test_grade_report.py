"""What comes out of marks: pages in a real browser, files as course platforms read them, and honest statistics."""

from __future__ import annotations

import csv
import json
import re
import statistics
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from axe_playwright_python.sync_playwright import Axe
from junitparser import JUnitXml
from playwright.sync_api import Browser, Page

from course_copy import COUNT, MEAN, SCALE, Copy
from marked_class import learners, mark, outcome, report
from test_json import holds
from workbook import grade_feedback, grade_roster, grade_statistics
from workbook.course import Course
from workbook.grade import Learner
from workbook.grade_policy import Policy, PolicyModel
from workbook.grade_report import Reports
from workbook.grade_roster import Entry, Roster

GRADESCOPE = json.loads((Path(__file__).parent / "gradescope.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def made(three: Copy, tmp_path: Path) -> Reports:
    """The reports of a class of 34, with partial credit so that points have fractions."""
    rules = Policy(PolicyModel.model_validate({"partial": "checks", "points": {"exercise": 1.5}}))
    return report(three.course(), learners(three.course(), 34), tmp_path / "out", rules)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# The forms for programs.


def test_the_json_meets_its_schema_and_the_sums_are_right(made: Reports) -> None:
    results = json.loads((made.out / "results.json").read_text(encoding="utf-8"))
    holds("grade-submissions", results)
    assert len(results["learners"]) == 34
    for learner in results["learners"]:
        parts = [item["points"] for item in learner["exercises"]] + [quiz["points"] for quiz in learner["quizzes"]]
        assert learner["points"] == pytest.approx(sum(parts)) == sum(mark["points"] for mark in learner["chapters"])
    cases = sum(suite.tests for suite in JUnitXml.fromfile(str(made.out / "results.xml")))
    assert cases == 34 * (9 + 30)


def test_gradescope_takes_the_results(made: Reports) -> None:
    """Against the format as Gradescope documents it."""
    jsonschema.Draft202012Validator.check_schema(GRADESCOPE)
    files = sorted((made.out / "gradescope").iterdir())
    assert len(files) == 34
    for file, learner in zip(files, made.graded, strict=True):
        found = json.loads(file.read_text(encoding="utf-8"))
        jsonschema.validate(found, GRADESCOPE)
        assert found["score"] == learner.points == pytest.approx(sum(test["score"] for test in found["tests"]))
        assert sum(test["max_score"] for test in found["tests"]) == learner.total
        assert len({test["number"] for test in found["tests"]}) == len(found["tests"]) == 9 + 3
        for test in found["tests"]:
            assert (test["status"] == "passed") == (test["score"] == test["max_score"])


def read_canvas(path: Path) -> dict[str, dict[str, float]]:
    """A gradebook as Canvas's importer reads it: by the places of its columns, and each number with a period.

    The header begins with the student and an id; the section is the last column about the student; the row of points
    possible is known by its first cell.
    """
    header, *body = rows(path)
    assert "Student" in header[0] and "ID" in header[1]
    assert header[2:4] == ["SIS User ID", "SIS Login ID"] and header[4] == "Section"
    assert len({len(row) for row in (header, *body)}) == 1 and len(set(header)) == len(header)
    assert "Points Possible" in body[0][0]
    assert all(re.fullmatch(r"\d+(\.\d+)?", cell) for row in body for cell in row[5:])
    for row in body[1:]:
        assert row[1] or row[2] or row[3], "a student without an id"
    names = [row[1] or row[2] or row[3] for row in body]
    return {
        name: dict(zip(header[5:], map(float, row[5:]), strict=True)) for name, row in zip(names, body, strict=True)
    }


def test_canvas_takes_the_gradebook(made: Reports) -> None:
    found = read_canvas(made.out / "canvas.csv")
    possible = found.pop("")
    columns = [f"{each.name}: {each.title}" for each in made.chapters]
    assert list(possible) == columns
    for learner in made.graded:
        assert list(found[learner.learner].values()) == [mark.points for mark in learner.chapters]
        assert list(possible.values()) == [mark.total for mark in learner.chapters]


def test_canvas_knows_the_students_of_its_own_download_and_of_a_roster(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    marks = learners(course, 3)
    marks[0].learner, marks[1].learner = "lovelaceada_LATE_1234_5678_work", "bob"
    known = Roster(entries=[Entry({"learner": "bob", "name": "Shaw, Bob", "sis_user_id": "u12", "section": "B"}, 2)])
    known.by_key = {"bob": known.entries[0]}
    rules = Policy(PolicyModel.model_validate({"gradebook": {"columns": "total", "names": {"total": "Rust (4711)"}}}))
    made = report(course, marks, tmp_path / "out", rules, known)
    found = {row[0]: row[1:5] for row in rows(made.out / "canvas.csv")[2:]}
    assert found == {
        "lovelaceada_LATE_1234_5678_work": ["1234", "", "", ""],
        "Shaw, Bob": ["", "u12", "", "B"],
        "learner03": ["", "", "learner03", ""],
    }
    assert rows(made.out / "canvas.csv")[0][5:] == ["Rust (4711)"]
    # What Canvas's list says will do for Moodle, where it must.
    assert [row[:3] for row in rows(made.out / "moodle.csv")[1:]] == [
        ["", "", "u12"],
        ["learner03", "", ""],
        ["lovelaceada_LATE_1234_5678_work", "", ""],
    ]
    assert made.results()["not_in_roster"] == ["lovelaceada_LATE_1234_5678_work", "learner03"]


def test_moodle_takes_the_grades(made: Reports) -> None:
    """Its importer asks which column is the user, and refuses a grade above a new item's maximum, which is 100."""
    header, *body = rows(made.out / "moodle.csv")
    assert header[:3] == ["username", "email", "idnumber"]
    assert header[3:] == [f"{each.name}: {each.title} (%)" for each in made.chapters]
    assert len(body) == 34
    for row, learner in zip(body, made.graded, strict=True):
        assert row[0] == learner.learner
        for cell, mark_ in zip(row[3:], learner.chapters, strict=True):
            assert 0 <= float(cell) <= 100
            assert float(cell) == pytest.approx(100 * mark_.points / mark_.total, abs=0.005)


def test_a_chapter_worth_nothing_has_no_grade(small: Copy, tmp_path: Path) -> None:
    rules = Policy(PolicyModel.model_validate({"points": {"exercise": 0, "quiz_item": 0}}))
    made = report(small.course(), learners(small.course(), 1), tmp_path / "out", rules)
    assert rows(made.out / "moodle.csv")[1][3:] == ["-"]
    assert "–" in (made.out / "class.html").read_text(encoding="utf-8")


# Statistics.


def test_discrimination_is_the_point_biserial_correlation_with_the_rest() -> None:
    right = [True] * 12 + [False] * 8
    rest = [9.0, 8, 8, 7, 9, 6, 7, 8, 5, 9, 7, 6, 4, 3, 5, 2, 4, 6, 3, 1]
    # By its textbook form: the difference of the means, in standard deviations, by the shares of the two groups.
    means = statistics.mean(rest[:12]) - statistics.mean(rest[12:])
    expected = means / statistics.pstdev(rest) * (12 / 20 * 8 / 20) ** 0.5
    assert grade_statistics.discrimination(right, rest) == pytest.approx(expected)
    assert expected > 0.7


def test_too_few_or_all_alike_have_no_discrimination() -> None:
    right, rest = [True, False] * 10, [float(n) for n in range(20)]
    assert grade_statistics.discrimination(right, rest) is not None
    assert grade_statistics.discrimination(right[:19], rest[:19]) is None
    assert grade_statistics.discrimination([True] * 20, rest) is None
    assert grade_statistics.discrimination(right, [3.0] * 20) is None


def test_items_are_judged_by_those_who_handed_the_quiz_in(small: Copy) -> None:
    course = small.course()
    marks = learners(course, 30)
    found = grade_statistics.items(marks)
    taken = [learner.quizzes[0] for learner in marks if learner.quizzes[0].answered]
    assert 20 <= len(taken) < 30 and {each.taken for each in found} == {len(taken)}
    for place, each in enumerate(found):
        assert each.right == sum(quiz.items[place]["correct"] for quiz in taken)
        assert each.difficulty == each.right / len(taken)
        # Against the other items alone: with itself in the sum, every item would seem to discriminate.
        right = [bool(quiz.items[place]["correct"]) for quiz in taken]
        others = [sum(item["correct"] for n, item in enumerate(quiz.items) if n != place) for quiz in taken]
        assert each.discrimination == grade_statistics.discrimination(right, [float(count) for count in others])
    assert all(each.discrimination is None for each in grade_statistics.items(marks[:15]))
    nobody = grade_statistics.items([learner for learner in marks if not learner.quizzes[0].answered])
    assert all(each.difficulty is None and each.taken == 0 for each in nobody)


def test_exercises_and_their_errors_are_counted_by_learner(small: Copy) -> None:
    course = small.course()
    count, scale, mean = (course.exercise(name) for name in (COUNT, SCALE, MEAN))
    marks = [
        Learner(
            name,
            exercises=[
                mark(count, outcome(count, passed=False, code="E0382"), "failed"),
                mark(
                    scale, outcome(scale, passed=False, failing=("second",)), "failed" if name != "cy" else "unchanged"
                ),
                mark(mean, None, "missing") if name != "bob" else mark(mean, outcome(mean, passed=True), "passed"),
            ],
        )
        for name in ("ada", "bob", "cy")
    ]
    marks[0].exercises[2] = mark(mean, outcome(mean, passed=False, code="E0382"), "failed")
    titles = {(item.chapter, item.name): item.title for item in course.exercises}
    found = {each.name: each for each in grade_statistics.exercises(marks, titles)}
    assert {name: (each.passed, each.tried, each.learners) for name, each in found.items()} == {
        COUNT: (0, 3, 3),
        SCALE: (0, 2, 3),
        MEAN: (1, 2, 3),
    }
    assert found[COUNT].median_seconds is None
    assert found[SCALE].median_seconds == pytest.approx(0.02)
    causes = [(each.cause, each.learners, each.exercises) for each in grade_statistics.causes(marks)]
    assert causes == [("E0382", 3, ((COUNT, 3), (MEAN, 1))), ("second", 2, ((SCALE, 2),))]


# What the teacher keeps back.


def test_nothing_of_the_teachers_own_checks_is_shown(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    item = course.exercise(COUNT)
    shown = "All of the course's checks pass. Checks that the teacher keeps back do not."
    found = mark(item, outcome(item, passed=True), "failed")
    found.message, found.hint, found.held_passed, found.held_total = shown, None, 1, 3
    learner = learners(course, 1)[0]
    learner.exercises[0] = found
    rules = Policy(PolicyModel.model_validate({"partial": "checks"}))
    made = report(course, [learner], tmp_path / "out", rules)
    # Two of the course's and one of three others: 3 of 5.
    assert made.graded[0].exercises[0].points == 0.6
    written = [*(made.out / "feedback").iterdir(), *(made.out / "gradescope").iterdir()]
    assert len(written) == 3
    for file in written:
        text = file.read_text(encoding="utf-8")
        assert shown in text.replace("&#x27;", "'")
        assert "held" not in text
    assert grade_statistics.KEPT_BACK in (made.out / "class.html").read_text(encoding="utf-8")


# Pages.


def opened(browser: Browser, file: Path, *, width: int = 1100, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()], "a page holds all it needs"
    assert said == []
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (1100, "dark"), (390, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit_the_screen(browser: Browser, made: Reports, width: int, scheme: str) -> None:
    troubled = next(learner.learner for learner in made.graded if learner.problems)
    for file in ("class.html", f"feedback/{troubled}.html"):
        page = opened(browser, made.out / file, width=width, scheme=scheme)
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file
        page.close()


def test_what_a_learner_wrote_is_text_on_the_page(browser: Browser, small: Copy, tmp_path: Path) -> None:
    course = small.course()
    marks = learners(course, 6)
    marks[3].learner = '<img src=x onerror="document.title=1">'
    made = report(course, marks, tmp_path / "out")
    for learner in made.graded:
        page = opened(browser, made.out / made.pages[learner.learner])
        assert page.locator("script, img, b:not(.points b, .mark b, .hint b), i").count() == 0
        assert page.locator("h1").inner_text() == learner.learner
        for failed in [item for item in learner.exercises if item.code]:
            article = page.locator("article", has=page.get_by_text(failed.name, exact=True))
            assert '<script>alert("here")</script>' in article.locator("pre").inner_text()
        page.close()
    page = opened(browser, made.out / "class.html")
    assert page.locator("script, img").count() == 0
    links = page.locator("#learners ~ .scroll a")
    assert links.count() == 6
    assert links.all_inner_texts() == [learner.learner for learner in made.graded]
    for number in range(6):
        # A link leads to the page of whom it names, whatever signs are in the name.
        links.nth(number).click()
        assert page.locator("h1").inner_text() == made.graded[number].learner
        page.go_back()
    page.close()


def test_a_page_says_what_passed_what_failed_and_the_hint(browser: Browser, small: Copy, tmp_path: Path) -> None:
    course = small.course()
    learner = learners(course, 1)[0]
    count, scale, mean = (course.exercise(name) for name in (COUNT, SCALE, MEAN))
    learner.exercises = [
        mark(count, outcome(count, passed=True), "passed"),
        mark(scale, outcome(scale, passed=False, failing=("second",)), "failed"),
        mark(mean, outcome(mean, passed=False, failing=("second",)), "unchanged"),
    ]
    quiz = learner.quizzes[0]
    quiz.answered, quiz.score = True, 9
    quiz.items = [{**item, "correct": item["id"] != "moved"} for item in quiz.items]
    made = report(course, [learner], tmp_path / "out")
    page = opened(browser, made.out / made.pages[learner.learner])
    text = page.locator("main").inner_text()
    assert page.locator(".passed li").all_inner_texts() == [f"{COUNT} Count before you give"]
    failed = page.locator("article.failed")
    assert "Check second: twice [3.0, -1.0]" in failed.inner_text()
    assert failed.locator("dd").all_inner_texts() == ["[6.0, -2.0]", "[5.0, <b>1.0</b>]"]
    assert "Hint. Where does the product go?" in failed.inner_text()
    assert "This file is as it was at the start." in page.locator("article.unchanged").inner_text()
    assert "Quiz: 9 of 10. Look again at:" in text and "moved (Give it away)" in text
    # The pictures say the same.
    assert page.locator("svg.meter").first.get_attribute("aria-label") == "All points"
    page.close()


def test_the_pictures_show_the_figures(browser: Browser, made: Reports) -> None:
    page = opened(browser, made.out / "class.html")
    titles = {(item.chapter, item.name): item.title for item in made.course.exercises}
    for each in grade_statistics.exercises(made.graded, titles):
        row = page.locator("tr", has=page.get_by_role("rowheader", name=each.name, exact=True))
        assert f"{each.passed} of 34" in row.inner_text()
    bars = page.locator("#exercises ~ figure").first.locator("rect.good")
    tracks = page.locator("#exercises ~ figure").first.locator("rect.track")
    rates = [each.rate for each in grade_statistics.exercises(made.graded, titles)[:3]]
    wide = float(tracks.first.get_attribute("width") or 0)
    drawn = [float(bar.get_attribute("width") or 0) / wide for bar in bars.all()]
    assert drawn == pytest.approx([rate for rate in rates if rate], abs=0.001)
    assert page.locator("circle").count() == sum(
        each.discrimination is not None for each in grade_statistics.items(made.graded)
    )
    page.close()


def test_a_page_prints(browser: Browser, made: Reports) -> None:
    page = opened(browser, made.out / "class.html", scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(e => getComputedStyle(e).overflow == 'visible')"
    )
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.close()


def test_markdown_and_html_tell_the_same(small: Copy) -> None:
    course: Course = small.course()
    from workbook import quiz as quizzes

    rules = Policy(PolicyModel())
    for learner in learners(course, 10):
        rules.weigh(learner, course, learner.learner, None)
        page = grade_feedback.page(course.chapters, {"01_tensors": quizzes.load(course, "01_tensors")}, learner)
        plain, html = grade_feedback.markdown(page), grade_feedback.html(page)
        for name in (COUNT, SCALE, MEAN, *(id for part in page.parts if part.quiz for id, _ in part.quiz.missed)):
            if name in (COUNT, SCALE, MEAN) or learner.quizzes[0].answered:
                assert name in plain and name in html


def test_strangers_are_known_before_anything_is_graded(small: Copy, tmp_path: Path) -> None:
    known = Roster(entries=[Entry({"learner": "ada"}, 2)])
    known.by_key = {"ada": known.entries[0]}
    course = small.course()
    reports = Reports(course, course.chapters, tmp_path / "out", Policy(PolicyModel()), known)
    reports.expect(["ada", "eve"])
    assert reports.results()["not_in_roster"] == ["eve"]
    assert grade_roster.load(None, reports.policy).entries == []
