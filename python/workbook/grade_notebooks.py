"""`workbook grade notebooks`: the marks for the notebooks of a class.

Of what a learner hands in, the text of the turns is taken (`notebook_answer.py`) and put into the course's own solved
notebook, which is run in a fresh kernel (`notebook_bench.py`). A turn is right when the cells that decide it say what
they say in the course's own stored run, compared as nbval does (`notebook_compare.py`). `grade_notebooks_report.py`
writes what comes out.

All turns of a learner are run together first, as the learner did. What is right then is right. A turn that is not may
have been spoilt by another one that failed before it: it is run once more, alone, with the course's solution in every
other turn, and the better of both counts. So a learner may build on their own earlier turn, and a mistake costs its own
points and no others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from workbook import grade, grade_feedback, lab, notebook, notebook_answer, notebook_bench, notebook_run, sandbox, show
from workbook import notebook_compare as compare
from workbook import submission as submissions
from workbook.course import Course, CourseError
from workbook.notebook import Cell, Notebook
from workbook.notebook_answer import LARGEST, Answer
from workbook.notebook_bench import Bench, Limits, Run
from workbook.submission import Problem, Submission

LONGEST = 4000
"""Characters of a learner's output that are kept; the course's own have some hundreds."""

MOST = 100
"""Notebooks of one learner that are looked at: the course has fewer."""

CODE = re.compile(r"\[(E\d{4})\]")

State = Literal["passed", "partial", "failed", "unchanged", "missing", "refused"]
Reason = Literal["differs", "error", "timeout", "died", "output"]


@dataclass
class TurnMark:
    """One turn of one learner. `reason` says how it failed; `expected` and `got` are texts, None where nothing ran."""

    turn: str
    state: State
    reason: Reason | None
    points: int
    total: int
    message: str
    expected: str
    got: str | None = None


@dataclass
class NotebookMark:
    """One notebook of one learner; `path` is the file that was graded, None if none was."""

    notebook: str
    path: str | None
    points: int
    total: int
    turns: list[TurnMark]


@dataclass
class Learner:
    """All that one learner's notebooks came to."""

    learner: str
    points: int = 0
    total: int = 0
    notebooks: list[NotebookMark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Item:
    """A notebook of the course, with the outputs of its stored run: one list for each code cell."""

    notebook: Notebook
    wanted: tuple[list[dict[str, Any]], ...]
    version: str

    @property
    def name(self) -> str:
        return self.notebook.name

    @property
    def points(self) -> int:
        return sum(turn.points for turn in self.notebook.turns)

    def deciding(self, turn: Cell) -> list[int]:
        """Which code cells decide a turn: those that say so, and its own if the solution prints something there."""
        return [
            number
            for number, (cell, said) in enumerate(zip(self.notebook.code, self.wanted, strict=True))
            if cell.decides == turn.turn or (cell is turn and said)
        ]

    def document(self, turns: dict[str, str], last: int) -> dict[str, Any]:
        """The solved notebook with these texts in these turns, up to code cell `last`."""
        document = self.notebook.solved(None)
        kept, count = [], -1
        for cell in document["cells"]:
            if cell["cell_type"] != "code":
                continue
            count += 1
            if count > last:
                break
            text = turns.get(str(self.notebook.code[count].turn))
            kept.append(cell if text is None else {**cell, "source": text.splitlines(keepends=True)})
        return {**document, "cells": kept}


@dataclass
class HandIn:
    """What one learner handed in: for each notebook, the file that counts and what was read of it."""

    learner: str
    files: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def main(
    course: Course,
    folder: Path,
    *,
    out: Path,
    trust: bool,
    names: Sequence[str] = (),
    limits: Limits | None = None,
    as_json: bool = False,
    plain: bool = False,
) -> int:
    """Grades and writes the reports. Returns 0 when all are graded, 130 when interrupted; raises `CourseError`."""
    from workbook.grade_notebooks_report import Reports, table

    cell = None if trust else sandbox.find()
    items = load(course, names)
    found, ignored = gather(folder, items)
    grade.keep_apart(out, [folder], [])
    for name in ignored:
        show.error(f"{name} is no folder, no .zip and no .ipynb: nothing of a learner's, and left out.")
    reports = Reports(items, out)
    with notebook_bench.opened(course, cell) as bench:
        stopped = _grade(course, items, found, reports, bench, limits or Limits(), shown=not as_json, plain=plain)
    if as_json:
        print(json.dumps(reports.results(), indent=2, ensure_ascii=False))
    else:
        table(reports.graded)
    if stopped:
        done = len(reports.graded)
        show.error(f"Stopped: {done} of {len(found)} are graded and written to {out}. The same call starts anew.")
        return 130
    if not as_json:
        print(f"Marks, reports and feedback: {out}")
    return 0


def load(course: Course, names: Sequence[str]) -> list[Item]:
    """The course's notebooks, all or those named, with their stored runs. Raises `CourseError`."""
    chosen = [notebook.find(course, name) for name in names] or notebook.load(course)
    if not chosen:
        raise CourseError("This copy of the course has no notebooks.")
    items = []
    for each in {found.name: found for found in chosen}.values():
        outputs = notebook.stored_outputs(course, each)
        if outputs is None:
            raise CourseError(f"{each.solved_path} is not a run of its master: 'python3 workbook author sync' runs it.")
        given = notebook.render(each.learner(outputs))
        items.append(Item(each, tuple(outputs), lab.fingerprint(given)))
    return items


# --- who hands in what ----------------------------------------------------------------------------------------------


def gather(folder: Path, items: Sequence[Item]) -> tuple[list[tuple[str, Path]], list[str]]:
    """The learners of a class's folder, each with where their notebooks are, and the names of what is nobody's.

    A folder that holds the course's notebooks under their own names is a learner's, and so is a checkout. Raises
    `CourseError` when there is no learner in it, or two would be the same.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder; 'grade notebooks DIR' takes the one that holds the learners'.")
    known = {f"{item.name}.ipynb" for item in items}
    if (folder / lab.COPIES).is_dir() or any((folder / name).is_file() for name in known):
        whose = folder.resolve()
        return [(submissions.learner_name(whose.parent if whose.name == lab.COPIES else whose), whose)], []
    found: list[tuple[str, Path]] = []
    ignored: list[str] = []
    for entry in sorted(folder.iterdir()):
        if submissions.left_by_tools(entry.name):
            continue
        if entry.suffix.lower() == ".ipynb" and not entry.is_dir():
            found.append((submissions.learner_name(entry.with_suffix("")), entry))
        elif entry.is_dir() or entry.is_symlink() or entry.suffix.lower() == ".zip":
            found.append((submissions.learner_name(entry), entry))
        else:
            ignored.append(entry.name)
    if not found:
        raise CourseError(f"{folder} holds no folder, no .zip and no .ipynb: there is nobody to grade.")
    seen: dict[str, Path] = {}
    for name, path in found:
        other = seen.setdefault(name.casefold(), path)
        if other is not path:
            raise CourseError(f"Two entries would be the learner '{name}': {other} and {path}. Rename one.")
    return found, ignored


def read(items: Sequence[Item], learner: str, source: Path) -> HandIn:
    """Reads a learner's notebooks. Never raises for what is in them: that comes as `problems`."""
    handed = HandIn(learner)
    holder = Submission(learner, source)
    with ExitStack() as opened:
        try:
            if source.suffix.lower() == ".ipynb" and not source.is_dir():
                entries = [submissions.file_entry(source, source.parent)]
            else:
                entries = submissions.entries(source, holder, opened)
            _choose(items, [entry for entry in entries if _may_be_theirs(entry.path)], handed)
        except submissions.Unreadable as problem:
            holder.refuse(source.name, str(problem))
        except OSError as error:
            holder.refuse(source.name, f"cannot be read: {error.strerror or error}")
    handed.problems = [*holder.problems, *handed.problems]
    return handed


def _may_be_theirs(path: str) -> bool:
    """A notebook, and neither what tools leave nor the course's solved ones, which a whole checkout holds."""
    parts = PurePosixPath(path).parts
    if any(submissions.left_by_tools(part) for part in parts) or "solutions" in parts:
        return ".." in parts and path.lower().endswith(".ipynb")
    return path.lower().endswith(".ipynb")


def _choose(items: Sequence[Item], entries: Sequence[submissions.Entry], handed: HandIn) -> None:
    """For each notebook of the course the learner's file, if there is one."""

    def rank(entry: submissions.Entry) -> tuple[int, int, str]:
        parts = PurePosixPath(entry.path).parts[:-1]
        # In a checkout, `notebooks/` has the course's and `my_notebooks/` the learner's.
        place = 0 if lab.COPIES in parts else 2 if notebook.LEARNERS in parts else 1
        return place, len(parts), entry.path

    taken: dict[str, str] = {}
    for number, entry in enumerate(sorted(entries, key=rank)):
        if number >= MOST:
            handed.problems.append(Problem(entry.path, f"and what follows was not looked at: {MOST} are enough"))
            break
        item = _by_name(items, entry.path)
        try:
            data = _content(entry)
        except submissions.Unreadable as problem:
            handed.problems.append(Problem(entry.path, str(problem)))
            if item and item.name not in handed.files:
                handed.refused.setdefault(item.name, str(problem))
            continue
        item = item or _by_turns(items, data)
        digest = hashlib.sha256(data).hexdigest()
        if not item:
            what = "is none of the course's notebooks that are graded: neither its name nor its turns are theirs"
            handed.problems.append(Problem(entry.path, what))
        elif item.name not in handed.files:
            taken[item.name] = digest
            handed.files[item.name] = entry.path
            handed.refused.pop(item.name, None)
            _take(item, data, entry.path, handed)
        elif digest != taken[item.name]:
            what = f"is another '{item.name}'; {handed.files[item.name]} counts"
            handed.problems.append(Problem(entry.path, what))


def _take(item: Item, data: bytes, path: str, handed: HandIn) -> None:
    answer = notebook_answer.read(data, item.notebook, item.version)
    if answer.fault:
        handed.refused[item.name] = answer.fault
        handed.problems.append(Problem(path, answer.fault))
    else:
        handed.answers[item.name] = answer
        handed.problems += [Problem(path, problem) for problem in answer.problems]


def _content(entry: submissions.Entry) -> bytes:
    if entry.fault:
        raise submissions.Unreadable(entry.fault)
    if entry.size > LARGEST:
        raise submissions.Unreadable(f"has {entry.size} bytes, and no more than {LARGEST} are read")
    data = entry.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise submissions.Unreadable(f"has more than {LARGEST} bytes")
    return data


def _by_name(items: Sequence[Item], path: str) -> Item | None:
    """`01_ownership.ipynb`, and what browsers and course platforms make of it: `ada_7_01_ownership (1).ipynb`."""
    stem = PurePosixPath(path).stem
    named = [item for item in items if re.search(rf"(?<![A-Za-z0-9]){re.escape(item.name)}(?![A-Za-z0-9])", stem)]
    return max(named, key=lambda item: len(item.name), default=None)


def _by_turns(items: Sequence[Item], data: bytes) -> Item | None:
    """The notebook most of whose turns are in the file; None if that is not one alone."""
    turns = notebook_answer.turns_of(data)
    shared = {item.name: len(turns & {str(turn.turn) for turn in item.notebook.turns}) for item in items}
    best = max(shared.values())
    found = [item for item in items if shared[item.name] == best > 0]
    return found[0] if len(found) == 1 else None


# --- grading --------------------------------------------------------------------------------------------------------


def _grade(
    course: Course,
    items: Sequence[Item],
    found: Sequence[tuple[str, Path]],
    reports: Any,
    bench: Bench,
    limits: Limits,
    *,
    shown: bool,
    plain: bool,
) -> bool:
    """Grades one learner after the other, and writes the reports in any case. Returns whether it was interrupted."""
    stopped = False
    reports.waiting = [learner for learner, _ in found]
    try:
        with grade.ProgressBar(shown, plain) as progress, grade.quick_to_stop():
            handed = [read(items, learner, source) for learner, source in found]
            needed = [item for item in items if any(item.name in each.answers for each in handed)]
            notebook_run.prepare([item.notebook for item in needed], progress.say)
            judge = Judge(bench, limits)
            for item in needed:
                judge.prove(item, progress.say)
            texts = [_key(item, each) for each in handed for item in needed if item.name in each.answers]
            progress.start(len(set(texts)), len(texts))
            done: set[Any] = set()
            for each in handed:
                learner = Learner(each.learner, problems=_legible(each.problems))
                for item in items:
                    learner.notebooks.append(judge.mark(item, each))
                    if item.name in each.answers and _key(item, each) not in done:
                        done.add(_key(item, each))
                        progress.advance(1)
                learner.points = sum(mark.points for mark in learner.notebooks)
                learner.total = sum(mark.total for mark in learner.notebooks)
                reports.add(learner)
                progress.say(f"{learner.learner}: {learner.points} of {learner.total}")
    except KeyboardInterrupt:
        stopped = True
    finally:
        reports.close()
    return stopped


def _key(item: Item, handed: HandIn) -> tuple[str, tuple[tuple[str, str], ...]]:
    return item.name, tuple(sorted(handed.answers[item.name].turns.items()))


def _legible(problems: Sequence[Problem]) -> list[Problem]:
    return [
        Problem(grade_feedback.plain(each.path), " ".join(grade_feedback.plain(each.problem).split()))
        for each in problems
    ]


class Judge:
    """Marks notebooks. What was run once is not run again, however many learners handed it in."""

    def __init__(self, bench: Bench, limits: Limits) -> None:
        self.bench, self.limits = bench, limits
        self.runs: dict[str, Run] = {}

    def prove(self, item: Item, say: Callable[[str], None]) -> None:
        """Runs the course's own notebook first: where it does not say what it should, no mark would be fair.

        Raises `CourseError`.
        """
        say(f"{item.name}: building what it needs, and running the course's own")
        deciding = [(turn, number) for turn in item.notebook.turns for number in item.deciding(turn)]
        document = item.document({}, max(number for _, number in deciding))
        build = Limits(notebook_run.CELL_WAIT, 2 * notebook_run.CELL_WAIT)
        run = self.bench.run(document, build, ours=True)
        for turn, number in deciding:
            got = run.outputs[number] if number < len(run.outputs) else None
            if got is None or not compare.same(got, item.wanted[number]):
                what = f"ended before it ({run.end})" if got is None else compare.difference(got, item.wanted[number])
                raise CourseError(
                    f"{item.notebook.solved_path}: the course's own notebook does not say what it should on this "
                    f"machine, so nothing was graded. Turn '{turn.turn}': {what}."
                )
        if self._too_slow(run):
            # The first run may have built a crate with all that it needs. A learner's finds it built.
            run = self.bench.run(document, build, ours=True)
        if self._too_slow(run):
            raise CourseError(
                f"The course's own {item.name} takes {sum(run.seconds):.1f} s on this machine, and one of its cells "
                f"{max(run.seconds):.1f} s: more than half of what learners have ({self.limits.notebook} s and "
                f"{self.limits.cell} s). Give more with --notebook-limit and --cell-limit."
            )

    def _too_slow(self, run: Run) -> bool:
        return 2 * max(run.seconds) > self.limits.cell or 2 * sum(run.seconds) > self.limits.notebook

    def mark(self, item: Item, handed: HandIn) -> NotebookMark:
        """What a learner's notebook is worth."""
        answer = handed.answers.get(item.name)
        texts: dict[str, str] = {}
        marks: dict[str, TurnMark] = {}
        for turn in item.notebook.turns:
            name = str(turn.turn)
            refused = handed.refused.get(item.name) or (answer.refused.get(name) if answer else None)
            if refused:
                what = f"The file {refused}." if item.name in handed.refused else f"Not graded: {refused}."
                marks[name] = self._without_a_run(item, turn, "refused", " ".join(grade_feedback.plain(what).split()))
            elif answer is None:
                marks[name] = self._without_a_run(item, turn, "missing", "The notebook was not handed in.")
            elif name not in answer.turns:
                marks[name] = self._without_a_run(
                    item, turn, "missing", "The notebook has no cell of this name any more."
                )
            elif _same_text(answer.turns[name], item.notebook.starter(turn)):
                marks[name] = self._without_a_run(item, turn, "unchanged", "This cell is as it was at the start.")
            else:
                texts[name] = answer.turns[name]
        marks |= self._run(item, texts)
        turns = [marks[str(turn.turn)] for turn in item.notebook.turns]
        path = handed.files.get(item.name)
        return NotebookMark(
            item.name,
            grade_feedback.plain(path) if path else None,
            sum(mark.points for mark in turns),
            item.points,
            turns,
        )

    def _run(self, item: Item, texts: dict[str, str]) -> dict[str, TurnMark]:
        """Marks the turns in `texts`: all in one run, then those that are not right yet each in one of its own.

        A turn that nobody worked on is the course's own in both, and so spoils nothing.
        """
        marks: dict[str, TurnMark] = {}
        wanted = [turn for turn in item.notebook.turns if turn.turn in texts]
        if not wanted:
            return marks
        together = item.document(texts, max(number for turn in wanted for number in item.deciding(turn)))
        run = self._once(together)
        for turn in wanted:
            name = str(turn.turn)
            marks[name] = self._weigh(item, turn, run)
            if marks[name].state == "passed":
                continue
            last = max(item.deciding(turn))
            alone = item.document({name: texts[name]}, last)
            # Where no other turn of the learner's stands before, it would be the same run once more.
            if _sources(alone) != _sources(together)[: last + 1]:
                marks[name] = _better(marks[name], self._weigh(item, turn, self._once(alone)))
        return marks

    def _once(self, document: dict[str, Any]) -> Run:
        key = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        if key not in self.runs:
            self.runs[key] = self.bench.run(document, self.limits)
        return self.runs[key]

    def _without_a_run(self, item: Item, turn: Cell, state: State, message: str) -> TurnMark:
        expected = item.notebook.expected(str(turn.turn), item.wanted)
        return TurnMark(str(turn.turn), state, None, 0, turn.points, message, expected)

    def _weigh(self, item: Item, turn: Cell, run: Run) -> TurnMark:
        """What a run says of one turn."""
        deciding = item.deciding(turn)
        own = item.notebook.code.index(turn)
        reached = [number for number in deciding if number < len(run.outputs)]
        right = [number for number in reached if compare.same(run.outputs[number], item.wanted[number])]
        got = "\n".join(filter(None, (_said(run.outputs[number]) for number in reached)))
        got = got if len(got) <= LONGEST else f"{got[:LONGEST]} …"
        mark = self._without_a_run(item, turn, "passed", "Right.")
        mark.got = got
        if len(right) == len(deciding):
            mark.points = turn.points
            return mark
        mark.points = self._some(item, turn, run)
        mark.state = "partial" if mark.points else "failed"
        mark.reason, message = self._why(item, turn, run, own, deciding, right)
        mark.message = grade_feedback.plain(message)
        return mark

    def _some(self, item: Item, turn: Cell, run: Run) -> int:
        """The points of a turn that is not right: by the lines that are, among those that the starter gets wrong.

        Whole points, and never all of them. So a turn of one point has no part, and what a learner was given is worth
        nothing.
        """
        right = _right_lines(item, turn, run)
        if turn.points == 1 or not right:
            return 0
        starter = {str(turn.turn): item.notebook.starter(turn)}
        free = _right_lines(item, turn, self._once(item.document(starter, max(item.deciding(turn)))))
        demanded = _lines(item, turn).keys() - free
        return min(turn.points - 1, turn.points * len(right - free) // len(demanded)) if demanded else 0

    def _why(
        self, item: Item, turn: Cell, run: Run, own: int, deciding: Sequence[int], right: Sequence[int]
    ) -> tuple[Reason, str]:
        """The reason why a turn is not right, and a sentence or two for the learner."""
        error = compare.error_of(run.outputs[own]) if own < len(run.outputs) else None
        if error:
            return "error", f"Your cell ended with an error: {_error(error)}"
        number = next(each for each in deciding if each not in right)
        if number >= len(run.outputs):
            return self._cut_off(run, own)
        error = compare.error_of(run.outputs[number])
        if error:
            return "error", f"The cell that decides ended with an error: {_error(error)}"
        what = compare.difference(run.outputs[number], item.wanted[number])
        return "differs", f"{what[0].upper()}{what[1:]}."

    def _cut_off(self, run: Run, own: int) -> tuple[Reason, str]:
        """The run ended before the cell that decides did."""
        here = len(run.outputs)
        which = "Your cell" if here == own else "A cell before yours" if here < own else "The cell that decides"
        if run.end == "timeout":
            return "timeout", f"{which} did not come to an end within {self.limits.cell} s."
        if run.end == "notebook":
            return (
                "timeout",
                f"The notebook did not come to an end within {self.limits.notebook} s: {_lower(which)} ran.",
            )
        if run.end == "output":
            return "output", f"{which} printed more than anybody can read, and was stopped."
        return "died", f"{which} ended the kernel."


def _lines(item: Item, turn: Cell) -> dict[tuple[int, int], str]:
    """What the cells that decide a turn should say, line by line."""
    return {
        (number, place): line
        for number in item.deciding(turn)
        for place, line in enumerate(notebook.text_of(item.wanted[number]).splitlines())
    }


def _right_lines(item: Item, turn: Cell, run: Run) -> set[tuple[int, int]]:
    """Which of these lines a run has, each in its place."""
    said = [notebook.text_of(outputs).splitlines() for outputs in run.outputs]
    return {
        (number, place)
        for (number, place), line in _lines(item, turn).items()
        if number < len(said) and place < len(said[number]) and said[number][place] == line
    }


def _better(together: TurnMark, alone: TurnMark) -> TurnMark:
    """The run that gave more points. Of two that gave the same, the one whose reason is the turn's own."""
    if together.points != alone.points:
        return max(together, alone, key=lambda mark: mark.points)
    # Alone, a turn that builds on the learner's earlier one lacks it; together, another turn may have broken this one.
    return together if (together.reason, alone.reason) == ("differs", "error") else alone


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _sources(document: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in document["cells"]]


def _same_text(mine: str, theirs: str) -> bool:
    """By lines, and without the spaces at their ends: an editor that changed those has not done the turn."""
    return [line.rstrip() for line in mine.strip().splitlines()] == [
        line.rstrip() for line in theirs.strip().splitlines()
    ]


def _said(outputs: Sequence[dict[str, Any]]) -> str:
    error = compare.error_of(outputs)
    text = notebook.text_of(outputs)
    return grade_feedback.plain("\n".join(filter(None, [text, _error(error) if error else ""])))


def _error(error: dict[str, Any]) -> str:
    """One line: `NameError: name 'x' is not defined`. evcxr calls all of its errors `Error`; rustc's code says more."""
    name, value = str(error.get("ename", "")), grade_feedback.plain(str(error.get("evalue", "")))
    if name in ("", "Error"):
        code = CODE.search(grade_feedback.plain("\n".join(map(str, error.get("traceback", [])))))
        name = code[1] if code else ""
    first = next((line.strip() for line in value.splitlines() if line.strip()), "it does not say which")
    return f"{name}: {first}" if name else first
