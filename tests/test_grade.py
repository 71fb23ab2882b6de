"""Grading a class: what is read of a submission, what it is worth, and what comes out, with real cargo."""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from course_copy import COUNT, MEAN, SCALE, Copy
from test_json import holds
from workbook import checks, grade, guarded, scratch, submission, verdict
from workbook.course import CourseError
from workbook.submission import LARGEST, Submission

ANSWERS = """\
"choice-1" = "The exclusive one"
"choice-2" = "The shared one"
"short-7" = "its elements"
"short-8" = 8
[moved]
doesCompile = false
code = "E0382"
lineNumber = 4
"""


def hand_in(folder: Path, copy: Copy, **texts: str) -> Path:
    """A submission with the exercises in `texts`, by name."""
    for name, text in texts.items():
        path = folder / copy.course().exercise(name).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


def solutions(copy: Copy) -> dict[str, str]:
    return {name: copy.solution(name) for name in (COUNT, SCALE, MEAN)}


def zipped(path: Path, entries: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def read(copy: Copy, path: Path) -> Submission:
    return submission.read(copy.course(), "ada", path)


def faults(found: Submission) -> dict[str, str]:
    return {problem.path: problem.problem for problem in found.problems}


# The whole command.


def test_a_class_is_graded(small: Copy, tmp_path: Path) -> None:
    """A folder, a checkout and a zip with a folder around everything; each learner stands for another way to do."""
    room = tmp_path / "class"
    right = solutions(small)
    ada = hand_in(room / "ada", small, **right)
    (ada / "answers").mkdir()
    (ada / "answers" / "01_tensors.toml").write_text(ANSWERS, encoding="utf-8")
    # A checkout with weakened checks and a manifest of its own: the grader's copies count.
    bob = hand_in(room / "bob", small, **{COUNT: right[COUNT], SCALE: small.starter(SCALE)})
    (bob / ".git").mkdir()
    (bob / ".git" / "config").write_text("[core]\n", encoding="utf-8")
    checks = bob / small.course().exercise(SCALE).checks
    checks.parent.mkdir(parents=True)
    checks.write_text("#[test]\nfn scales_each_value() {}\n#[test]\nfn keeps_their_number() {}\n", encoding="utf-8")
    (bob / "README.md").write_bytes((small.root / "README.md").read_bytes())
    wrong = small.solution(SCALE).replace("*value *= factor", "*value += factor")
    lint = small.starter(MEAN).replace("// TODO: ", "// ")
    course = small.course()
    zipped(
        room / "cy.zip",
        {
            f"course-main/{course.exercise(SCALE).path}": wrong,
            f"course-main/{course.exercise(MEAN).path}": lint,
            f"course-main/{course.exercise(COUNT).path}": b"\xff\xfe",
        },
    )
    (room / "notes.txt").write_text("not a submission", encoding="utf-8")

    out = tmp_path / "out"
    reply = small.call("grade", "submissions", "--class", str(room), "--out", str(out), "--json")
    assert reply.code == 0, reply.err
    assert "notes.txt is neither a folder nor a .zip" in reply.err
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert reply.data["learners"] == results["learners"]
    assert (results["complete"], results["not_graded"], results["chapters"]) == (True, [], ["01_tensors"])
    learners = {learner["learner"]: learner for learner in results["learners"]}
    assert {name: (data["points"], data["total"]) for name, data in learners.items()} == {
        "ada": (3 + 3, 3 + 10),
        "bob": (1, 13),
        "cy": (0, 13),
    }

    def exercise(learner: str, name: str) -> dict[str, Any]:
        return next(item for item in learners[learner]["exercises"] if item["name"] == name)

    assert [item["state"] for item in learners["ada"]["exercises"]] == ["passed"] * 3
    holds("grade-submissions", results)
    assert learners["ada"]["quizzes"][0]["score"] == 3
    items = {item["id"]: item["correct"] for item in learners["ada"]["quizzes"][0]["items"]}
    assert items["moved"] and items["choice-1"] and items["short-7"] and not items["choice-2"] and not items["short-8"]
    assert "item 'short-8' counts as wrong: give a text" in {p["problem"] for p in learners["ada"]["problems"]}

    assert exercise("bob", SCALE)["state"] == "unchanged"
    assert exercise("bob", SCALE)["failed_checks"] == ["scales_each_value"]
    assert exercise("bob", MEAN)["state"] == "missing"
    assert learners["bob"]["extra"] == ["chapters/01_tensors/checks/scale_in_place.rs"]

    failed = exercise("cy", SCALE)
    assert (failed["state"], failed["stage"], failed["code"]) == ("failed", "check", None)
    assert failed["hint"] == "The product must be written back."
    assert exercise("cy", MEAN)["stage"] == "lint"
    assert exercise("cy", COUNT)["state"] == "refused"
    assert learners["cy"]["problems"] == [
        {"path": "exercises/01_tensors/count_first.rs", "problem": "is not UTF-8 text (byte 0)"}
    ]

    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert rows["ada"]["points"] == "6"
    assert (rows["bob"][f"01_tensors/{COUNT}"], rows["bob"]["01_tensors/quiz"]) == ("1", "0")

    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(out / "results.xml"))}
    # One case a point.
    assert {name: (suite.tests, suite.tests - suite.failures) for name, suite in suites.items()} == {
        "ada": (13, 6),
        "bob": (13, 1),
        "cy": (13, 0),
    }

    page = (out / "feedback" / "cy.md").read_text(encoding="utf-8")
    assert page.startswith("# cy: 0 of 13 points\n")
    assert "Check `scales_each_value`: `twice [3.0, -1.0]`, wanted `[6.0, -2.0]`, got `[5.0, 1.0]`" in page
    assert "Hint: The product must be written back." in page
    assert "The file is not UTF-8 text (byte 0)." in page
    assert ".grade" not in page and "__workbook" not in page
    assert "This file is as it was at the start." in (out / "feedback" / "bob.md").read_text(encoding="utf-8")


def test_a_compile_error_is_told_with_the_learners_own_file_name(small: Copy, tmp_path: Path) -> None:
    text = small.starter(COUNT).replace("let kept", "let mine").replace("kept)", "mine)")
    hand_in(tmp_path / "eve", small, **{COUNT: text})
    out = tmp_path / "out"
    reply = small.call("grade", "submissions", str(tmp_path / "eve"), "--out", str(out))
    assert reply.code == 0
    assert "eve" in reply.out and "0 of 13" in reply.out
    page = (out / "feedback" / "eve.md").read_text(encoding="utf-8")
    assert "E0382" in page
    assert "--> exercises/01_tensors/count_first.rs:" in page
    assert "count_first__" not in page
    assert "Hint: The value was moved in the line above." in page


def test_what_was_handed_in_twice_is_judged_once(
    small: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {COUNT: small.starter(COUNT), SCALE: small.starter(SCALE), MEAN: small.solution(MEAN)}
    folders = [hand_in(tmp_path / name, small, **texts) for name in ("ada", "bob", "cy")]
    judged: list[str] = []
    judge_all = guarded.judge_all

    def counted(course: Any, ready: Any, answers: Any, **more: Any) -> Any:
        judged.extend(answer.text for answer in answers)
        return judge_all(course, ready, answers, **more)

    monkeypatch.setattr(guarded, "judge_all", counted)
    code = grade.main(small.course(), folders, class_folder=None, out=tmp_path / "out", trust=False, plain=True)
    assert code == 0
    # The three solutions as the grader's own proof, of which one was handed in, and two starters.
    assert len(judged) == len(set(judged)) == 5
    assert capsys.readouterr().out.count("1 of 13") == 3


def test_an_answer_that_ran_out_of_time_beside_others_is_tried_by_itself(
    small: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = small.course()
    item = course.exercise(SCALE)
    tried: list[str] = []
    run = checks.run

    def slow(executable: Path, *rest: Any, **more: Any) -> list[verdict.Check]:
        target = executable.name.rpartition("-")[0]
        tried.append(target)
        if tried.count(target) == 1:
            return [verdict.Check("late", "failed", cause=verdict.TIMEOUT)]
        return run(executable, *rest, **more)

    monkeypatch.setattr(checks, "run", slow)
    text = small.solution(SCALE)
    answers = [scratch.Answer(item, "loaded", text), scratch.Answer(item, "endless", text, limit=2.0)]
    loaded, endless = scratch.judge_all(course, ".scratch", course.chapter(item.chapter), answers)
    assert loaded.passed
    assert endless.causes[0] == verdict.TIMEOUT
    assert sorted(tried) == ["endless", "loaded", "loaded"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "No submission is named"),
        (["nobody"], "nobody is not there"),
        (["note.txt"], "neither a folder nor a .zip"),
        (["ada", "more/ada.zip"], "Two submissions would be the learner 'ada'"),
        (["--class", "ada/empty"], "holds no folder and no .zip"),
        (["--class", "nowhere"], "is not a folder"),
        (["ada", "--chapter", "07"], "no chapter '07'"),
        (["ada", "--out", "ada/marks"], "is inside"),
        (["ada", "--out", "note.txt"], "cannot be made"),
    ],
)
def test_a_wrong_call_is_refused(small: Copy, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "ada" / "empty").mkdir(parents=True)
    zipped(tmp_path / "more" / "ada.zip", {"a": "b"})
    (tmp_path / "note.txt").write_text("", encoding="utf-8")
    # The command is called in the folder above the course's.
    reply = small.call("grade", "submissions", *arguments)
    assert reply.code == 2
    assert said in reply.err


def test_a_course_that_fails_its_own_checks_grades_nobody(small: Copy, tmp_path: Path) -> None:
    small.edit("chapters/01_tensors/checks/scale_in_place.rs", "[6.0, -2.0]", "[7.0, -2.0]")
    ada = hand_in(tmp_path / "ada", small, **solutions(small))
    reply = small.call("grade", "submissions", str(ada), "--out", str(tmp_path / "out"))
    assert reply.code == 2
    assert "own solution of 01_tensors/scale_in_place does not pass" in reply.err
    assert not (tmp_path / "out" / "results.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_interrupted_it_writes_what_is_done(small: Copy, tmp_path: Path) -> None:
    """Ctrl-C comes while bob's check turns in an endless loop, which the exercise allows 30 s."""
    small.edit("chapters/01_tensors/chapter.toml", "limit = 2", "limit = 30")
    endless = small.solution(SCALE).replace("*value *= factor;", "*value *= factor;\n        loop {}")
    ada = hand_in(tmp_path / "ada", small, **solutions(small))
    bob = hand_in(tmp_path / "bob", small, **{SCALE: endless})
    out = tmp_path / "out"
    process = subprocess.Popen(
        small.command("grade", "submissions", str(ada), str(bob), "--out", str(out)),
        cwd=tmp_path,
        env=small.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        deadline = time.monotonic() + 60
        while not (out / "feedback" / "ada.md").exists():
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Stopped: 1 of 2" in said and "Traceback" not in said
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert (results["complete"], results["not_graded"]) == (False, ["bob"])
    assert [learner["learner"] for learner in results["learners"]] == ["ada"]
    assert (out / "results.csv").exists() and (out / "results.xml").exists()


def test_chapters_can_be_chosen(three: Copy, tmp_path: Path) -> None:
    ada = hand_in(tmp_path / "ada", three, **{f"{COUNT}_layers": three.solution(f"{COUNT}_layers")})
    reply = three.call(*("grade", "submissions", str(ada), "--out", str(tmp_path / "out"), "--json", "--chapter", "02"))
    assert reply.code == 0, reply.err
    assert reply.data["chapters"] == ["02_layers"]
    assert (reply.data["learners"][0]["points"], reply.data["learners"][0]["total"]) == (1, 13)


# What is read of a submission.


def test_a_zip_is_read_without_leaving_it(small: Copy, tmp_path: Path) -> None:
    path = small.course().exercise(COUNT).path
    link = zipfile.ZipInfo("answers/01_tensors.toml")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    source = zipped(
        tmp_path / "ada.zip",
        {
            path: "fn main() {}\n",
            f"../{path}": "escaped",
            "/etc/ada": "escaped",
            "..\\..\\windows": "escaped",
            "exercises/01_tensors/../../../up.rs": "escaped",
            "C:/ada": "escaped",
            small.course().exercise(SCALE).path: "x" * (LARGEST + 1),
            "notes/thoughts.md": "mine",
            "__MACOSX/._x": "",
        },
    )
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    found = read(small, source)
    assert found.files == {path: "fn main() {}\n"}
    outside = "would be outside the submission"
    assert faults(found) == {
        f"../{path}": outside,
        "/etc/ada": outside,
        "../../windows": outside,
        "exercises/01_tensors/../../../up.rs": outside,
        "C:/ada": outside,
        "answers/01_tensors.toml": "is a symbolic link; links are not followed",
        small.course().exercise(SCALE).path: f"has {LARGEST + 1} bytes, and no more than {LARGEST} are read",
    }
    assert found.extra == ["notes/thoughts.md"]
    assert {entry.name for entry in tmp_path.iterdir() if entry != small.root} == {"ada.zip"}


def test_a_zip_that_unpacks_to_more_than_it_says_is_refused(small: Copy, tmp_path: Path) -> None:
    path = small.course().exercise(COUNT).path
    source = zipped(tmp_path / "ada.zip", {path: b"/" * (8 << 20)})
    # The size stands in the central directory and in front of the data, and both lie.
    true, lie = (8 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    data = source.read_bytes()
    assert data.count(true) >= 2
    source.write_bytes(data.replace(true, lie))
    found = read(small, source)
    assert path in faults(found) and len(found.files.get(path, "")) == 0


def test_a_file_that_grows_while_it_is_read_is_cut_off(small: Copy, tmp_path: Path) -> None:
    path = small.course().exercise(COUNT).path
    found = Submission("ada", tmp_path)
    entry = submission.Entry(path, 1, None, lambda limit: b"/" * limit)
    submission._take(small.course(), found, entry, "")
    assert found.files == {} and faults(found) == {path: f"has more than {LARGEST} bytes"}


def test_links_pipes_and_bytes_in_a_folder_are_named(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    ada = hand_in(tmp_path / "ada", small, **{COUNT: "\ufefffn main() {}\r\n"})
    outside = tmp_path / "secret.rs"
    outside.write_text("secret", encoding="utf-8")
    (ada / course.exercise(SCALE).path).symlink_to(outside)
    os.mkfifo(ada / course.exercise(MEAN).path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "01_tensors.toml").write_text(ANSWERS, encoding="utf-8")
    (ada / "answers").symlink_to(tmp_path / "elsewhere")
    (ada / "target").mkdir()
    (ada / "target" / "debris").write_text("", encoding="utf-8")
    found = read(small, ada)
    # Without the byte order mark that some editors write.
    assert found.files == {course.exercise(COUNT).path: "fn main() {}\r\n"}
    assert faults(found) == {
        course.exercise(SCALE).path: "is a symbolic link; links are not followed",
        course.exercise(MEAN).path: "is not an ordinary file",
        "answers": "is a symbolic link; links are not followed",
    }
    assert found.extra == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more"])
def test_a_broken_zip_is_a_learner_without_marks(small: Copy, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "ada.zip"
    source.write_bytes(content)
    found = read(small, source)
    assert found.files == {}
    assert "is not a zip that can be read" in faults(found)["ada.zip"]


def test_a_damaged_entry_leaves_the_rest(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    text = "// a comment that is longer than a few bytes\n" * 5
    source = zipped(tmp_path / "ada.zip", {course.exercise(COUNT).path: text, course.exercise(SCALE).path: text})
    data = bytearray(source.read_bytes())
    first = data.index(b"count_first.rs") + len("count_first.rs")
    data[first + 4 : first + 20] = bytes(16)
    source.write_bytes(data)
    found = read(small, source)
    assert list(found.files) == [course.exercise(SCALE).path]
    assert "is damaged in the zip" in faults(found)[course.exercise(COUNT).path]


def test_a_folder_with_one_zip_in_it_is_that_zip(small: Copy, tmp_path: Path) -> None:
    """What course platforms make of an upload."""
    path = small.course().exercise(COUNT).path
    zipped(tmp_path / "Ada Lovelace_7_file" / "work.zip", {f"course/{path}": "fn main() {}\n"})
    assert list(read(small, tmp_path / "Ada Lovelace_7_file").files) == [path]


def test_a_linked_submission_is_not_followed(small: Copy, tmp_path: Path) -> None:
    hand_in(tmp_path / "real", small, **{COUNT: "x"})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "eve").symlink_to(tmp_path / "real")
    [(name, source)], _ = submission.gather([], tmp_path / "class")
    assert name == "eve"
    assert faults(read(small, source)) == {"eve": "is a symbolic link; links are not followed"}


def test_too_many_entries_are_not_all_looked_at(small: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "MOST", 3)
    found = read(small, zipped(tmp_path / "ada.zip", {f"notes/{n}": "" for n in range(9)}))
    assert "more than 3 entries" in faults(found)["ada.zip"]
    assert len(found.extra) == 3


def test_a_name_cannot_become_a_formula_or_leave_the_folder(small: Copy, tmp_path: Path) -> None:
    hand_in(tmp_path / "class" / "=1+1", small, **{COUNT: small.solution(COUNT)})
    out = tmp_path / "out"
    reply = small.call("grade", "submissions", "--class", str(tmp_path / "class"), "--out", str(out))
    assert reply.code == 0, reply.err
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        assert [row["learner"] for row in csv.DictReader(file)] == ["'=1+1"]
    assert sorted(path.name for path in (out / "feedback").iterdir()) == ["=1+1.html", "=1+1.md"]
    for name in ("canvas.csv", "moodle.csv"):
        assert "'=1+1" in (out / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[moved", "is neither TOML nor JSON"),
        ('{"answers": 7}', "'answers' must be a table"),
        ("[" * 100_000, "is neither TOML nor JSON"),
        ('"nothing" = 1', "there is no item 'nothing' in any quiz"),
    ],
)
def test_a_bad_file_of_answers_is_named(small: Copy, tmp_path: Path, text: str, said: str) -> None:
    course = small.course()
    found = Submission("ada", tmp_path, files={"answers/01_tensors.toml": text})
    learner = grade.Learner("ada")
    grade._answers(course, found, learner)
    assert said in learner.problems[0].problem


def test_two_graders_at_once_do_not_mix(small: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook.files import locked

    ada = hand_in(tmp_path / "ada", small, **solutions(small))
    monkeypatch.setattr(grade, "WAIT", 0.1)
    with locked(small.root / ".workbook" / "grade.lock"), pytest.raises(CourseError, match="Another runner"):
        grade.main(small.course(), [ada], class_folder=None, out=tmp_path / "out", trust=False)
