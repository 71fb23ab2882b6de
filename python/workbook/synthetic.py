"""A class that nobody sat in: submissions with known marks, for tests, for benchmarks, and to try the grader on.

Every answer is one whose outcome is proven elsewhere: `author check` holds that solutions pass and that starters and
wrong answers fail. What is broken or hostile fails by its nature. So the mark of each submission is known before it is
graded, and the same seed makes the same class.
"""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from workbook import exercise, quiz, schema
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.submission import ANSWERS, LARGEST

FORMAT = 1
EXPECTED = "expected.json"

State = Literal["passed", "failed", "unchanged", "missing", "refused"]
Container = Literal["folder", "zip", "wrapped", "damaged"]

# Of what a learner did not solve: what there is instead, and how often.
UNSOLVED = (("wrong", 55), ("starter", 27), ("missing", 8), ("cut", 3), ("bytes", 2), ("large", 1))
CONTAINERS: tuple[tuple[Container, int], ...] = (("folder", 55), ("zip", 25), ("wrapped", 18), ("damaged", 2))


@dataclass(frozen=True)
class Attack:
    """A hostile answer to an exercise: it must fail, whatever it tries."""

    item: Exercise
    name: str
    text: str


@dataclass
class Expected:
    """What one submission must come to: each exercise's state by `chapter/name`, each quiz's score by chapter."""

    learner: str
    container: Container
    points: int = 0
    total: int = 0
    exercises: dict[str, State] = field(default_factory=dict)
    quizzes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Texts:
    """What may be handed in for one exercise."""

    solution: str
    starter: str
    wrong: tuple[tuple[str, str], ...]


def make(
    course: Course,
    folder: Path,
    *,
    learners: int,
    seed: int,
    chapters: Sequence[Chapter] = (),
    different: float = 0.25,
    attacks: Sequence[Attack] = (),
) -> list[Expected]:
    """Writes a class to `folder/class` and its marks to `folder/expected.json`; returns the marks.

    The share `different` of the answers carries a remark of the learner's own, so that nobody else has the same file.
    Each of the `attacks` is one learner's, as far as there are learners.

    Raises `CourseError` when the folder holds something already.
    """
    place = folder / "class"
    if place.exists() and any(place.iterdir()):
        raise CourseError(f"{place} holds something already. Name a folder for the class that is not there yet.")
    chosen = list(chapters) or [chapter for chapter in course.chapters if not chapter.group]
    texts = {item: _texts(course, item) for chapter in chosen for item in chapter.exercises}
    hostile = [attack for attack in attacks if attack.item in texts]
    quizzes = [quiz.load(course, chapter.name) for chapter in chosen if quiz.path(course, chapter.name).exists()]
    place.mkdir(parents=True, exist_ok=True)
    width = max(3, len(str(learners)))
    made = []
    for number in range(1, learners + 1):
        # Each learner from a seed of their own: the first fifty of a class of two hundred are a class of fifty.
        dice = random.Random(f"{seed}/{number}")
        attack = hostile[number - 1] if number <= len(hostile) else None
        made.append(_learner(place, f"learner-{number:0{width}}", dice, texts, quizzes, different, attack))
    data = {
        "format": FORMAT,
        "seed": seed,
        "different": different,
        "chapters": [chapter.name for chapter in chosen],
        "learners": [asdict(expected) for expected in made],
    }
    (folder / EXPECTED).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")
    return made


def differences(expected: Sequence[Expected], results: dict[str, Any]) -> Iterator[str]:
    """Where a `results.json` says something else than the class was made for; a line each."""
    graded = {learner["learner"]: learner for learner in results["learners"]}
    for one in expected:
        got = graded.pop(one.learner, None)
        if got is None:
            yield f"{one.learner} is not graded"
            continue
        states = {f"{item['chapter']}/{item['name']}": item["state"] for item in got["exercises"]}
        for name in sorted(one.exercises.keys() | states.keys()):
            wanted, came = one.exercises.get(name), states.get(name)
            if wanted != came:
                yield f"{one.learner}: {name} ({one.kinds.get(name)}) is {came} and not {wanted}"
        for found in got["quizzes"]:
            score = one.quizzes[found["chapter"]]
            if found["score"] != score:
                yield f"{one.learner}: the quiz of {found['chapter']} has {found['score']} and not {score} points"
        if (got["points"], got["total"]) != (one.points, one.total):
            yield f"{one.learner}: {got['points']} of {got['total']} points and not {one.points} of {one.total}"
    yield from (f"{name} is graded and was not made" for name in graded)


def attacks(course: Course, folder: Path) -> list[Attack]:
    """The attacks of a folder, in an order of no meaning: each file names its exercise. Raises `CourseError`."""
    found = []
    for path in sorted(folder.glob("*.rs")):
        text = path.read_text(encoding="utf-8")
        named = re.search(r"(?m)^//! Exercise: (\S+)$", text)
        if not named:
            raise CourseError(f"{path} does not say which exercise it attacks, in a line '//! Exercise: CHAPTER/NAME'.")
        found.append(Attack(course.exercise(named[1]), path.stem, text))
    random.Random(0).shuffle(found)
    return found


def _texts(course: Course, item: Exercise) -> _Texts:
    master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
    wrong = tuple((one.name, master.filled(one.blocks)) for one in schema.read_wrong(course.file(item.wrong)))
    return _Texts(master.solution(), master.starter(), wrong)


def _learner(
    place: Path,
    name: str,
    dice: random.Random,
    texts: dict[Exercise, _Texts],
    quizzes: Sequence[quiz.Quiz],
    different: float,
    attack: Attack | None,
) -> Expected:
    container = _pick(dice, CONTAINERS)
    if attack:
        # Not lost with its zip.
        container = "folder"
    expected = Expected(name, container)
    skill = dice.triangular(0.25, 1.0, 0.85)
    files: dict[str, bytes] = {}
    for item, possible in texts.items():
        kind, data, state = _answer(name, dice, item, possible, skill, different)
        if attack and attack.item == item:
            kind, data, state = f"attack {attack.name}", attack.text.encode(), "failed"
        if data is not None:
            files[item.path] = data
        _expect(expected, f"{item.chapter}/{item.name}", kind, "missing" if container == "damaged" else state)
    for each in quizzes:
        answers, score = _quiz(each, dice, skill)
        if answers:
            files[f"{ANSWERS}/{each.chapter}.json"] = json.dumps({"answers": answers}).encode()
        expected.quizzes[each.chapter] = 0 if container == "damaged" else score
        expected.points += expected.quizzes[each.chapter]
        expected.total += len(each.questions)
    _write(place, name, container, files)
    return expected


def _expect(expected: Expected, name: str, kind: str, state: State) -> None:
    expected.exercises[name], expected.kinds[name] = state, kind
    expected.points += state == "passed"
    expected.total += 1


def _answer(
    name: str, dice: random.Random, item: Exercise, possible: _Texts, skill: float, different: float
) -> tuple[str, bytes | None, State]:
    """What a learner hands in for one exercise: its kind, its content, and what that comes to."""
    # All are thrown in any case, so that a class with other shares has the same answers.
    solved, kind, own = dice.random() < skill, _pick(dice, UNSOLVED), dice.random() < different
    which = dice.randrange(1 << 30)
    remark = f"// {name} on {item.name}: {dice.randrange(1 << 30)}\n" if own else ""
    if solved:
        return "solution", (remark + possible.solution).encode(), "passed"
    if kind == "starter":
        # An editor's line ends do not make it another answer.
        text = possible.starter.replace("\n", "\r\n") if which % 4 == 0 else possible.starter
        return kind, text.encode(), "unchanged"
    if kind == "missing":
        return kind, None, "missing"
    if kind == "cut":
        return kind, (remark + possible.solution[: len(possible.solution) // 2]).encode(), "failed"
    if kind == "bytes":
        return kind, possible.solution.encode("utf-16"), "refused"
    if kind == "large":
        return kind, possible.solution.encode() + b"/" * LARGEST, "refused"
    called, text = possible.wrong[which % len(possible.wrong)]
    same = text.splitlines() == possible.starter.splitlines()
    return f"wrong {called}", text.encode() if same else (remark + text).encode(), "unchanged" if same else "failed"


def _quiz(each: quiz.Quiz, dice: random.Random, skill: float) -> tuple[dict[str, Any], int]:
    """A learner's answers to a quiz, and how many are right; one in ten hands none in."""
    answers: dict[str, Any] = {}
    handed_in, score = dice.random() < 0.9, 0
    for question in each.questions:
        right, left_open = dice.random() < skill, dice.random() < 0.05
        if not handed_in or left_open:
            continue
        answers[question.id] = _right(question) if right else _wrong(question)
        score += question.mark(answers[question.id])
    return answers, score


def _right(question: quiz.Choice | quiz.Tracing | quiz.Short) -> Any:
    if isinstance(question, quiz.Tracing):
        return question.answer.model_dump(by_alias=True, exclude_none=True)
    return question.answer.answer


def _wrong(question: quiz.Choice | quiz.Tracing | quiz.Short) -> Any:
    if isinstance(question, quiz.Choice):
        first = question.prompt.distractors[0]
        return [first] if question.several else first
    if isinstance(question, quiz.Tracing):
        return {"doesCompile": not question.answer.does_compile}
    return "something else"


def _pick(dice: random.Random, shares: Sequence[tuple[Any, int]]) -> Any:
    (found,) = dice.choices([what for what, _ in shares], [share for _, share in shares])
    return found


def _write(place: Path, name: str, container: Container, files: dict[str, bytes]) -> None:
    if container == "folder":
        for path, data in files.items():
            target = place / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        # Whoever handed in nothing is there all the same.
        (place / name).mkdir(exist_ok=True)
        return
    target = place / f"{name}.zip"
    if container == "damaged":
        target.write_bytes(b"PK\x03\x04 and the upload broke off")
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            # A fixed date: the same seed makes the same bytes.
            entry = zipfile.ZipInfo(f"rust-for-ai-main/{path}" if container == "wrapped" else path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
