"""Quizzes without a terminal: questions as a template to fill in, and the grading of a filled one.

A file of answers is TOML or JSON. It maps an item's id to its answer, at the top level or in a table `answers`. Ids
are unique in the course, so that one file may hold the answers to several quizzes: the chapter is the one asked for,
else the file's key `chapter`, else the one that all its ids belong to. Answers to other chapters' items are left alone.
"""

from __future__ import annotations

import difflib
import json
import string
import sys
import tomllib
from pathlib import Path
from typing import Any

from workbook import quiz as quizzes
from workbook.course import Course, CourseError
from workbook.quiz import AnswerError, Choice, Quiz, Short, Tracing

LARGEST = 1 << 20
"""Bytes; a file with every answer of the course is a fiftieth of it."""


def template(quiz: Quiz) -> int:
    """Prints the questions as JSON, without their answers but with a place for the reader's."""
    data = {
        "chapter": quiz.chapter,
        "questions": [_question(quiz, question) for question in quiz.questions],
        "answers": {question.id: _blank(question) for question in quiz.questions},
    }
    print(json.dumps(data, indent=2, ensure_ascii=False))
    return 0


def _question(quiz: Quiz, question: Choice | Tracing | Short) -> dict[str, Any]:
    data: dict[str, Any] = {"id": question.id, "kind": question.kind, "concept": question.concept}
    if question.multipart:
        data["shared"] = quiz.multipart[question.multipart]
    if isinstance(question, Tracing):
        return {**data, "program": question.program}
    data["prompt"] = question.prompt.prompt
    if isinstance(question, Choice):
        data["choices"] = dict(zip(string.ascii_uppercase, question.choices(), strict=False))
    return data


def _blank(question: Choice | Tracing | Short) -> Any:
    if isinstance(question, Tracing):
        return {"doesCompile": None, "stdout": None, "code": None, "lineNumber": None}
    return [] if question.kind == "several" else None


def _unanswered(answer: Any) -> bool:
    if isinstance(answer, dict) and answer:
        return all(part is None for part in answer.values())
    return answer in (None, [], "")


def grade(course: Course, chapter: str | None, file: Path, *, as_json: bool) -> int:
    """Prints what of a file of answers is right. Raises `CourseError` when it cannot be graded."""
    data = _read(file)
    answers = {key: value for key, value in data.items() if key not in quizzes.RESERVED}
    inner = data.get("answers", {})
    if not isinstance(inner, dict):
        raise CourseError(f"{file}: 'answers' must be a table from item to answer.")
    answers |= inner
    known = {question: quiz for quiz in _all(course) for question in quiz.ids}
    if unknown := [id for id in answers if id not in known]:
        raise CourseError("\n".join(f"{file}: there is no item '{id}'.{_near(id, known)}" for id in unknown))
    quiz = quizzes.load(course, _chapter(course, chapter, data, {known[id].chapter for id in answers}, file))

    marks: dict[str, bool] = {}
    faults, missing = [], []
    for question in quiz.questions:
        answer = answers.get(question.id)
        try:
            if _unanswered(answer):
                missing.append(question.id)
                marks[question.id] = False
            else:
                marks[question.id] = question.mark(answer)
        except AnswerError as error:
            faults.append(f"{file}: item '{question.id}': {error}.")
    if faults:
        raise CourseError("\n".join(faults))
    if missing:
        print(f"No answer to {', '.join(missing)}: counted as wrong.", file=sys.stderr)
    score = sum(marks.values())
    if as_json:
        items = [{"id": id, "correct": correct} for id, correct in marks.items()]
        print(json.dumps({"chapter": quiz.chapter, "score": score, "total": len(marks), "items": items}, indent=2))
    else:
        for id, correct in marks.items():
            print(f"{'right' if correct else 'wrong':<6} {id}")
        print(f"{quiz.chapter}: {score} of {len(marks)}")
    return 0 if score == len(marks) else 1


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise CourseError(f"{file} is larger than {LARGEST >> 20} MB: not a file of answers.")
        # utf-8-sig: some editors begin a file with a byte order mark.
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{file} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{file} cannot be read: {error.strerror or error}.") from None
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{file} is neither TOML nor JSON that can be read: {error}") from None
    if not isinstance(data, dict):
        raise CourseError(f"{file} must map items to answers.")
    return data


def _chapter(course: Course, asked: str | None, data: dict[str, Any], found: set[str], file: Path) -> str:
    name = asked or data.get("chapter")
    if isinstance(name, str):
        return course.chapter(name).name
    if name is not None:
        raise CourseError(f"{file}: 'chapter' must be a text, such as \"01_ownership\".")
    if len(found) != 1:
        what = f"answers of {len(found)} chapters" if found else "no answers"
        raise CourseError(f"{file} has {what}: say which to grade, 'python3 workbook quiz CHAPTER --answers FILE'.")
    return found.pop()


def _all(course: Course) -> list[Quiz]:
    return [quizzes.load(course, ch.name) for ch in course.chapters if quizzes.path(course, ch.name).exists()]


def _near(id: str, known: dict[str, Quiz]) -> str:
    near = difflib.get_close_matches(id, known, n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
