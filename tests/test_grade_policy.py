"""The policy of a class: what is worth what, until when, and which attempt counts; and the class list."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from conftest import ROOT
from course_copy import COUNT, MEAN, SCALE, Copy
from marked_class import learners, mark, outcome, report
from workbook import course as courses
from workbook import grade_policy, grade_roster
from workbook.course import Course, CourseError, Exercise
from workbook.grade import Learner
from workbook.grade_policy import Policy, PolicyModel
from workbook.verdict import Check, Verdict


def load(copy: Copy, tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return grade_policy.load(path, copy.course())


def policy(**said: Any) -> Policy:
    return Policy(PolicyModel.model_validate(said))


def one(course: Course, name: str = "ada") -> Learner:
    """A learner who has passed everything, and half of each quiz."""
    found = Learner(name, exercises=[mark(item, outcome(item, passed=True), "passed") for item in course.exercises])
    for quiz in learners(course, 1)[0].quizzes:
        quiz.items = [{"id": item["id"], "correct": n % 2 == 0} for n, item in enumerate(quiz.items)]
        quiz.score, quiz.answered = 5, True
        found.quizzes.append(quiz)
    return found


def weighed(rules: Policy, course: Course, when: str | None = None) -> Learner:
    learner = one(course)
    rules.weigh(learner, course, "ada", rules.moment(when, "test") if when else None)
    return learner


# Points.


def test_without_a_policy_a_point_is_an_exercise_or_an_item(small: Copy) -> None:
    learner = weighed(grade_policy.load(None, small.course()), small.course())
    assert (learner.points, learner.total) == (3 + 5, 3 + 10)
    assert [type(mark.points) for mark in learner.exercises] == [int] * 3
    assert learner.unmet is None and learner.handed_in is None


def test_the_most_particular_entry_says_what_an_exercise_is_worth(three: Copy, tmp_path: Path) -> None:
    course = three.course()
    first, second = course.chapters[0], course.chapters[1]
    rules = load(
        three,
        tmp_path,
        f"""
        [points]
        exercise = 2
        quiz_item = 0.5
        [points.chapters]
        "{first.name}" = 3
        [points.exercises]
        {first.exercises[0].name} = 10
        """,
    )
    learner = weighed(rules, course)
    marks = {item.chapter: item for item in learner.chapters}
    assert (marks[first.name].points, marks[first.name].total) == (10 + 3 + 3 + 2.5, 10 + 3 + 3 + 5)
    assert (marks[second.name].points, marks[second.name].total) == (3 * 2 + 2.5, 3 * 2 + 5)
    assert learner.total == sum(mark.total for mark in learner.chapters)


def failed(item: Exercise, *states: str, lint: bool = False, held: tuple[int, int] = (0, 0)) -> Any:
    """A mark whose checks came out so, in the order of the exercise's own."""
    names = {COUNT: ("counts_the_weights", "keeps_the_weights"), SCALE: ("keeps_their_number", "scales_each_value")}
    checks = [
        Check(name, state)  # type: ignore[arg-type]
        for name, state in zip(names.get(item.name, ("means_what_it_says",)), states, strict=True)
    ]
    found = mark(item, Verdict(item.chapter, item.name, False, "lint" if lint else "check", checks=checks), "failed")
    found.held_passed, found.held_total = held
    return found


def test_partial_credit_counts_what_the_learner_earned(small: Copy) -> None:
    course = small.course()
    count, scale, mean = (course.exercise(name) for name in (COUNT, SCALE, MEAN))
    rules = policy(partial="checks", points={"exercise": 4})

    def points(made: Any) -> float:
        return float(rules.share(course.exercise(made.name), made)) * 4

    # The starter does not compile: each check is the learner's own.
    assert points(failed(count, "passed", "failed")) == 2
    assert points(failed(count, "failed", "failed")) == 0
    # The starter keeps their number, so that earns nothing; broken, it costs.
    assert points(failed(scale, "passed", "failed")) == 0
    assert points(failed(scale, "failed", "passed")) == 2
    # The starter passes all checks, and the lint is what is asked.
    assert points(failed(mean, "passed", lint=True)) == 0
    # Nothing ran, or nothing was done.
    assert points(mark(count, outcome(count, passed=False, code="E0382"), "failed")) == 0
    unchanged = failed(count, "passed", "failed")
    unchanged.state = "unchanged"
    assert points(unchanged) == 0
    assert points(mark(count, outcome(count, passed=True), "passed")) == 4
    # Without it, what does not pass is worth nothing.
    assert policy().share(count, failed(count, "passed", "failed")) == 0


def test_the_teachers_own_checks_count_like_others_and_never_give_all(small: Copy) -> None:
    item = small.course().exercise(COUNT)
    rules = policy(partial="checks")
    assert rules.share(item, failed(item, "passed", "passed", held=(1, 2))) == grade_policy.Fraction(3, 4)
    # Whatever made it fail, it is not worth all.
    assert rules.share(item, failed(item, "passed", "passed")) == grade_policy.Fraction(1, 2)


def test_the_points_of_what_is_partly_right_reach_the_sum(small: Copy) -> None:
    course = small.course()
    learner = one(course)
    learner.exercises[0] = failed(course.exercise(COUNT), "passed", "failed")
    policy(partial="checks", points={"exercise": 1.5}).weigh(learner, course, "ada", None)
    assert learner.exercises[0].points == 0.75
    assert learner.points == 0.75 + 1.5 + 1.5 + 5


# Deadlines.

DUE = """
timezone = "Europe/Vienna"
[deadlines]
"01" = 2026-12-01T18:00:00
[late]
grace_minutes = 10
per_day = 0.25
most = 0.5
days = 3
[extensions]
eve = 2
"""


@pytest.mark.parametrize(
    ("when", "days", "points"),
    [
        (None, 0, 8),
        ("2026-12-01T18-00", 0, 8),
        # Vienna is an hour ahead in December.
        ("2026-12-01T17-09Z", 0, 8),
        ("2026-12-01T18-11", 1, 6),
        ("2026-12-02T17-59", 1, 6),
        ("2026-12-02T18-01", 2, 4),
        ("2026-12-04T17-59", 3, 4),
        ("2026-12-04T18-01", 4, 0),
    ],
)
def test_lateness_costs_by_days_that_have_begun(
    small: Copy, tmp_path: Path, when: str | None, days: int, points: float
) -> None:
    learner = weighed(load(small, tmp_path, DUE), small.course(), when)
    assert learner.chapters[0].deadline == "2026-12-01T18:00:00+01:00"
    assert (learner.chapters[0].late_days, learner.points) == (days, points)
    assert learner.total == 13


def test_an_extension_moves_a_learners_deadline(small: Copy, tmp_path: Path) -> None:
    rules = load(small, tmp_path, DUE)
    when = datetime(2026, 12, 3, 17, 0, tzinfo=rules.zone)
    assert rules.lateness("01_tensors", "eve", when).days == 0
    assert rules.lateness("01_tensors", "ada", when).days == 2


def test_others_are_due_when_the_policy_says(three: Copy, tmp_path: Path) -> None:
    text = '[deadlines]\n"01" = 2026-12-01T18:00:00\nothers = 2026-12-20T18:00:00+01:00\n'
    rules = load(three, tmp_path, text)
    learner = weighed(rules, three.course(), "2026-12-02T00-00")
    assert [mark.late_days for mark in learner.chapters] == [1, 0, 0]
    assert [mark.keeps for mark in learner.chapters] == [0.9, 1, 1]


# What is required.


def test_what_is_required_and_not_reached_is_named(three: Copy, tmp_path: Path) -> None:
    course = three.course()
    rules = load(three, tmp_path, '[required]\nchapters = ["01", "2"]\nshare = 0.7\ntotal = 0.5\n')
    learner = one(course)
    # 3 of 3 exercises and 5 of 10 items are 8 of 13 points: less than 0.7 of them.
    rules.weigh(learner, course, "ada", None)
    assert learner.unmet == ["01_tensors", "02_layers"]
    for quiz in learner.quizzes:
        quiz.score = 7
    rules.weigh(learner, course, "ada", None)
    assert learner.unmet == []
    learner.exercises = [mark(item, None, "missing") for item in course.exercises]
    for quiz in learner.quizzes:
        quiz.score = 1
    rules.weigh(learner, course, "ada", None)
    assert learner.unmet == ["01_tensors", "02_layers", "total"]


def test_the_policy_may_say_what_is_graded(three: Copy, tmp_path: Path) -> None:
    course = three.course()
    rules = load(three, tmp_path, 'chapters = ["2"]')
    assert [each.name for each in grade_policy.chapters(course, rules, [])] == ["02_layers"]
    assert [each.name for each in grade_policy.chapters(course, rules, ["01", "01_tensors"])] == ["01_tensors"]
    assert len(grade_policy.chapters(course, policy(), [])) == 3


# Attempts.


@pytest.mark.parametrize(
    ("name", "learner", "when"),
    [
        ("ada", "ada", None),
        ("ada@example.org", "ada@example.org", None),
        ("ada@2026-12-01T18-30", "ada", "2026-12-01T18:30:00+01:00"),
        ("ada@2026-12-01 18-30", "ada", "2026-12-01T18:30:00+01:00"),
        ("ada@2026-12-01T1830Z", "ada", "2026-12-01T18:30:00+00:00"),
        ("ada@2026-12-01T18:30:05-0500", "ada", "2026-12-01T18:30:05-05:00"),
        ("ada@example.org@2026-07-01T18-30", "ada@example.org", "2026-07-01T18:30:00+02:00"),
    ],
)
def test_a_name_says_whose_attempt_it_is_and_when(name: str, learner: str, when: str | None) -> None:
    found, moment = policy(timezone="Europe/Vienna").attempt(name)
    assert (found, moment.isoformat() if moment else None) == (learner, when)


@pytest.mark.parametrize("when", ["2026-13-01T18-30", "2026-12-01", "2026-12-01T25-00", "2026-12-01T18-30+2"])
def test_a_time_that_is_none_is_refused(small: Copy, tmp_path: Path, when: str) -> None:
    with pytest.raises(CourseError, match=r"Submission 'ada@2026.*is no time. Write 2026-12-01T18-30"):
        policy().attempt(f"ada@{when}")
    (tmp_path / f"ada@{when}").mkdir()
    reply = small.call(
        *("grade", "submissions", str(tmp_path / f"ada@{when}"), "--out", str(tmp_path / "out"), "--trust"),
    )
    assert reply.code == 2 and "is no time" in reply.err


def attempts(course: Course, tmp_path: Path, **said: Any) -> dict[str, Any]:
    """Three attempts of one learner, handed to the reports in no order: 8 points, 3, and 6."""
    made = []
    for when, score, passed in (("2026-12-02T10-00", 0, 3), ("2026-12-01T10-00", 5, 3), ("2026-12-03T10-00", 4, 2)):
        learner = one(course, f"ada@{when}")
        learner.quizzes[0].score = score
        learner.exercises = [
            mark(item, outcome(item, passed=True), "passed") if n < passed else mark(item, None, "missing")
            for n, item in enumerate(course.exercises)
        ]
        made.append(learner)
    found: list[dict[str, Any]] = report(course, made, tmp_path / "out", policy(**said)).results()["learners"]
    assert len(found) == 1 and found[0]["learner"] == "ada"
    assert [each["handed_in"][:10] for each in found[0]["attempts"]] == ["2026-12-01", "2026-12-02", "2026-12-03"]
    assert [each["points"] for each in found[0]["attempts"]] == [8, 3, 6]
    assert sum(each["counts"] for each in found[0]["attempts"]) == 1
    return found[0]


def test_the_best_attempt_counts(small: Copy, tmp_path: Path) -> None:
    assert attempts(small.course(), tmp_path)["points"] == 8
    page = (tmp_path / "out" / "feedback" / "ada.md").read_text(encoding="utf-8")
    assert "Attempt 1 of 3 counts, of 1 December 2026, 10:00. The attempts have 8, 3, 6 points." in page
    assert [path.name for path in (tmp_path / "out" / "gradescope").iterdir()] == ["ada.json"]


def test_or_the_last_one_or_the_last_that_is_allowed(small: Copy, tmp_path: Path) -> None:
    assert attempts(small.course(), tmp_path, attempts={"count": "last"})["points"] == 6
    assert attempts(small.course(), tmp_path, attempts={"count": "last", "most": 2})["points"] == 3


def test_the_best_is_the_best_after_what_lateness_costs(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    early, late = one(course, "ada@2026-12-01T10-00"), one(course, "ada@2026-12-03T10-00")
    early.quizzes[0].score = 4
    rules = policy(deadlines={"01_tensors": datetime(2026, 12, 1, 18)}, late={"per_day": 0.1})
    found = report(course, [late, early], tmp_path / "out", rules).results()["learners"][0]
    assert [each["points"] for each in found["attempts"]] == [7, 6.4]
    assert found["points"] == 7


def test_a_learner_is_done_when_all_attempts_are(small: Copy, tmp_path: Path) -> None:
    from workbook.grade_report import Reports

    course = small.course()
    reports = Reports(course, course.chapters, tmp_path / "out", policy(), grade_roster.Roster())
    names = ["ada@2026-12-01T10-00", "ada@2026-12-02T10-00", "bob"]
    reports.waiting = list(names)
    assert reports.expect(names) == 2
    reports.add(one(course, names[0]))
    assert reports.graded == [] and reports.not_graded == ["ada", "bob"]
    assert list((tmp_path / "out" / "feedback").iterdir()) == []
    reports.add(one(course, names[1]))
    assert [learner.learner for learner in reports.graded] == ["ada"] and reports.not_graded == ["bob"]
    with pytest.raises(CourseError, match="Attempts of 'ada' and 'Ada'"):
        reports.expect(["ada@2026-12-01T10-00", "Ada@2026-12-02T10-00"])


def test_attempts_from_the_command_line(small: Copy, tmp_path: Path) -> None:
    for when, names in (("2026-12-01T10-00", (COUNT,)), ("2026-12-02T10-00", (COUNT, SCALE, MEAN))):
        for name in names:
            path = tmp_path / "class" / f"ada@{when}" / small.course().exercise(name).path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(small.solution(name), encoding="utf-8", newline="\n")
    (tmp_path / "policy.toml").write_text(
        '[deadlines]\n"01" = 2026-12-01T12:00:00\n[late]\nper_day = 0.5\n', encoding="utf-8"
    )
    (tmp_path / "class.csv").write_text("learner,sis_login_id\nada,al123\nbob,bb456\n", encoding="utf-8")
    options = ("--policy", str(tmp_path / "policy.toml"), "--roster", str(tmp_path / "class.csv"))
    out = tmp_path / "out"
    reply = small.call(
        *("grade", "submissions", "--class", str(tmp_path / "class"), "--out", str(out), "--trust", *options)
    )
    assert reply.code == 0, reply.err
    assert "1.5 of 13" in reply.out
    assert ",al123,,1.5\n" in (out / "canvas.csv").read_text(encoding="utf-8")
    assert "nothing handed in: bob" in (out / "class.html").read_text(encoding="utf-8")
    assert "Late by up to 1 day: 50% of its points are lost." in (out / "feedback" / "ada.html").read_text("utf-8")


# Faults in the file.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[points]\nexercise = -1",
            "policy.toml:2: field 'points.exercise': input should be greater than or equal to 0",
        ),
        ("[points]\nexercize = 1", "policy.toml:2: field 'points.exercize': extra inputs are not permitted"),
        (
            "\n[points.exercises]\nscale_in_plaice = 2",
            "policy.toml:3: field 'points.exercises.scale_in_plaice': There is no exercise 'scale_in_plaice'. "
            "Did you mean scale_in_place?",
        ),
        ('[deadlines]\n"09" = 2026-12-01T18:00:00', "policy.toml:2: field 'deadlines.09': There is no chapter '09'"),
        (
            '[deadlines]\n"01" = 2026-12-01',
            "policy.toml:2: field 'deadlines.01': a day has no hour; write 2026-12-01T23",
        ),
        ('[deadlines]\n"01" = "1 December"', "policy.toml:2: field 'deadlines.01': write a date and a time without"),
        ('timezone = "Wien"', "policy.toml:1: field 'timezone': 'Wien' is no time zone that this machine knows"),
        ('[attempts]\ncount = "first"', "policy.toml:2: field 'attempts.count': input should be 'best' or 'last'"),
        ("[late]\nper_day = 10", "policy.toml:2: field 'late.per_day': input should be less than or equal to 1"),
        ('[required]\nchapters = ["7"]', "policy.toml:2: field 'required.chapters[1]': There is no chapter '7'"),
        ("[points", "policy.toml: Expected ']'"),
    ],
)
def test_a_fault_says_its_line_its_field_and_what_to_do(small: Copy, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CourseError) as caught:
        load(small, tmp_path, text)
    assert str(caught.value).startswith(said)


def test_what_is_required_must_be_graded(three: Copy, tmp_path: Path) -> None:
    with pytest.raises(
        CourseError, match=r"policy.toml:3: .*01_tensors is required and not graded; add it to 'chapters'"
    ):
        load(three, tmp_path, 'chapters = ["2"]\n[required]\nchapters = ["01"]')


def test_a_policy_that_is_not_there(small: Copy, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nowhere.toml is missing"):
        grade_policy.load(tmp_path / "nowhere.toml", small.course())


# The page that explains it.

PAGE = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")


def test_the_policy_that_the_page_shows_is_one(tmp_path: Path) -> None:
    """And it shows every key that there is."""
    text = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert text
    path = tmp_path / "policy.toml"
    path.write_text(text[1], encoding="utf-8")
    rules = grade_policy.load(path, courses.load(ROOT))
    assert rules.worth(courses.load(ROOT).exercise("borrow_sum")) == 5
    assert rules.deadline("03_traits", "ada") == datetime(2026, 12, 23, 18, tzinfo=rules.zone)
    shown = set(rules.model.model_dump(exclude_unset=True))
    assert shown == set(PolicyModel.model_fields) - {"gradebook"}


def test_the_page_names_every_key_and_every_column() -> None:
    page = PAGE[PAGE.index("## The policy") : PAGE.index("## results.json")]
    for name, field in PolicyModel.model_fields.items():
        models = [part for part in (field.annotation, *get_args(field.annotation)) if isinstance(part, type)]
        inner = next((part for part in models if issubclass(part, BaseModel)), None)
        for key in inner.model_fields if inner else ():
            assert f"`{name}.{key}`" in page or f"`.{key}`" in page, f"{name}.{key}"
        assert name in page
    assert {f"`{name}`" for name in grade_roster.COLUMNS.values()} <= {f"`{word}`" for word in re.findall(r"\w+", page)}


# The class list.


def roster(tmp_path: Path, text: str | bytes) -> grade_roster.Roster:
    path = tmp_path / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return grade_roster.load(path, policy())


def test_a_learner_is_found_by_whatever_names_them(tmp_path: Path) -> None:
    """As Canvas exports a gradebook: with a mark of byte order, points possible, and columns that are nobody's."""
    found = roster(
        tmp_path,
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Essay (17)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",11,u11,ada@x.org,A,\n'
        '"Shaw, Bob",12,u12,bob@x.org,B,3\n',
    )
    for name in ("ada@x.org", "ADA@X.ORG", "u11", "11", "Lovelace, Ada"):
        entry = found.find(name)
        assert entry and entry["canvas_id"] == "11", name
    assert found.find("eve") is None
    assert found.absent(["u11"]) == ["Shaw, Bob"]
    assert found.strangers(["u11", "eve"]) == ["eve"]


def test_a_name_that_two_people_share_names_neither(tmp_path: Path) -> None:
    found = roster(tmp_path, "name;sis_login_id\nKim;k1\nKim;k2\n")
    assert found.find("Kim") is None
    entry = found.find("k2")
    assert entry and entry["name"] == "Kim"


def test_a_roster_may_say_when_work_was_handed_in(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    rules = policy(deadlines={"01_tensors": datetime(2026, 12, 1, 18)})
    found = roster(tmp_path, "learner,handed_in\nada,2026-12-02T09:00\n")
    learner = report(course, [one(course)], tmp_path / "out", rules, found).graded[0]
    assert (learner.handed_in, learner.chapters[0].late_days) == ("2026-12-02T09:00:00+00:00", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("section,grade\nA,3\n", "class.csv:1: no column says who a row is about"),
        ("learner\nada\nada\n", "class.csv:3: learner 'ada' is there twice"),
        ("learner,handed_in\nada,yesterday\n", "class.csv:2: 'yesterday' is no time"),
        (b"learner\n\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_broken_class_list_says_where(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(CourseError) as caught:
        roster(tmp_path, text)
    assert said in str(caught.value)


def test_no_class_list_no_strangers() -> None:
    empty = grade_roster.load(None, policy())
    assert empty.strangers(["ada"]) == [] and empty.absent(["ada"]) == []


def test_a_class_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nowhere.csv cannot be read"):
        grade_roster.load(tmp_path / "nowhere.csv", policy())
