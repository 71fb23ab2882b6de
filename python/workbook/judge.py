"""From an exercise's file to its verdict: compile, then checks, then lints.

Cargo is called once to decide, or not at all (`replay.py`); clippy is asked only after everything is green, and only
advises unless the exercise names lints that fail it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from workbook import cargo, checks, exercise, verdict
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.verdict import Check, Diagnostic, Verdict

Notify = Callable[[str], None]

FOOTER_LOST = (
    "The checks did not run. The last two lines of the file bring them in and must stay as they were:\n"
    "    {footer}\n'python3 workbook reset {name}' gives the file as it was, and keeps yours beside it."
)


class FileProblem(CourseError):
    """The learner's file cannot be read; the message says what to do."""


def package(chapter: Chapter, *, solutions: bool) -> str:
    return f"{chapter.package}-{'solutions' if solutions else 'exercises'}"


def read_learners(course: Course, item: Exercise) -> str:
    """The learner's file. Raises `FileProblem` when it is gone or not text."""
    path = course.file(item.path)
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise FileProblem(
            f"{item.path} is not there. 'python3 workbook reset {item.name}' gives it back as it was at the start."
        ) from None
    except UnicodeDecodeError as error:
        raise FileProblem(
            f"{item.path} is not UTF-8 text (byte {error.start}). Save it as UTF-8 in your editor; "
            f"'python3 workbook reset {item.name}' starts over and keeps this one beside it."
        ) from None
    except OSError as error:
        raise FileProblem(f"{item.path} cannot be read: {error.strerror or error}.") from None


def judge(
    course: Course,
    item: Exercise,
    *,
    solutions: bool = False,
    advise: bool = True,
    notify: Notify | None = None,
    decided: Callable[[Verdict], None] | None = None,
) -> Verdict:
    """Builds and checks one exercise, or its master with `solutions`.

    `decided` is called with the verdict as soon as it stands, before clippy's advice is in. Raises `CourseError` when
    no verdict is possible: an unreadable file, no cargo, no network.
    """
    started = time.perf_counter()
    text = course.file(item.master).read_text(encoding="utf-8") if solutions else read_learners(course, item)
    chapter = course.chapter(item.chapter)
    name = package(chapter, solutions=solutions)
    if item.checked_by != "rust":
        from workbook import python_checks

        python_checks.prepare(for_node=item.checked_by == "node")
    if item.models or chapter.group:
        from workbook import needs

        needs.provide(chapter, [item])
    workspace = course.file(chapter.workspace)
    modules = [item.name] if item.checked_by == "node" else []
    built = cargo.build(workspace, name, [item.name], examples=_examples(item), modules=modules, notify=notify)
    folder = course.file(item.master if solutions else item.path).parent
    messages, executable = built.diagnostics.get(item.name, []), built.executables.get(item.name)
    result = weigh(course, item, text, messages, executable, folder)
    result.seconds = time.perf_counter() - started
    if result.passed and item.lints:
        add_lints(item, result, _lints(workspace, name, item, notify))
        result.seconds = time.perf_counter() - started
    if decided:
        decided(result)
    if result.passed and advise and not item.lints:
        add_lints(item, result, _lints(workspace, name, item, notify))
    return result


def weigh(
    course: Course,
    item: Exercise,
    text: str,
    diagnostics: list[Diagnostic],
    executable: Path | None,
    folder: Path,
    *,
    limit: float | None = None,
    source: str | None = None,
    run: Callable[[Path, Sequence[str]], list[Check]] | None = None,
) -> Verdict:
    """The verdict for one compiled target: what the compiler said of its text, then what the checks say.

    The checks may run for `limit` seconds, or for as long as the exercise allows. Their text is the course's, or
    `source`; they are run by `run`, if it is given, and otherwise as the caller.
    """
    result = Verdict(item.chapter, item.name, passed=False, stage="compile", diagnostics=diagnostics)
    errors = [message for message in diagnostics if message.level == "error"]
    if executable is None or errors:
        result.code = next((message.code for message in errors if message.code), None)
        coded = [message.code for message in errors if message.code]
        # After the codes, which say more; a message without one may still have its hint.
        result.causes = list(dict.fromkeys(coded)) + ([verdict.UNCODED] if len(coded) < len(errors) else [])
        first = errors[0].message if errors else "the compiler stopped without a message"
        result.message = f"It does not compile: {first}."
        result.hint = keyed_hint(item, result.causes)
        return result

    result.stage = "check"
    limit = limit or item.limit
    source = source or course.file(item.checks).read_text(encoding="utf-8")
    names = exercise.check_names(source)
    if item.checked_by != "rust":
        from workbook import python_checks

        names = python_checks.names(source)
        if run:
            result.checks = run(executable, names)
        else:
            result.checks = python_checks.run(executable, item.name, course.file(item.checks), names, limit=limit)
    elif checks.compiled_in(executable, item.checks) and exercise.brings_in(text, item.footer):
        result.checks = run(executable, names) if run else checks.run(executable, names, cwd=folder, limit=limit)
    else:
        result.checks = [
            Check(name.removeprefix("checks::"), "not_run", cause=verdict.CHECKS_MISSING) for name in names
        ]
    failed = [check for check in result.checks if check.state != "passed"]
    result.failed_checks = [check.name for check in failed]
    if not failed and names:
        result.passed, result.stage = True, "done"
        result.message = "All checks pass."
        return result
    first_failed = failed[0] if failed else Check("", "not_run", cause=verdict.CHECKS_MISSING)
    if first_failed.state == "not_run" and first_failed.cause == verdict.CHECKS_MISSING:
        result.message = FOOTER_LOST.format(footer=item.footer.replace("\n", "\n    "), name=item.name)
    else:
        count = f"{len(failed)} of {len(result.checks)} checks"
        result.message = f"It compiles, and {count} fail{'s' if len(failed) == 1 else ''}."
    causes = [cause for check in failed for cause in (check.cause, check.name) if cause and check.state == "failed"]
    result.causes = list(dict.fromkeys(causes)) or [verdict.CHECKS_MISSING]
    result.hint = keyed_hint(item, result.causes)
    return result


def add_lints(item: Exercise, result: Verdict, found: list[Diagnostic]) -> None:
    """Adds clippy's findings; those that the exercise names turn a pass into a failure."""
    result.lints = found
    failing = [message.code for message in found if message.code in item.lints]
    if failing:
        result.passed, result.stage = False, "lint"
        result.causes = list(dict.fromkeys(code for code in failing if code))
        result.message = f"It compiles and its checks pass, but this exercise also asks that {failing[0]} is content."
        result.hint = keyed_hint(item, result.causes)


def keyed_hint(item: Exercise, causes: list[str]) -> str | None:
    """The hint that `chapter.toml` keys to the most telling cause that has one."""
    for cause in causes:
        for when in item.when:
            if when.on == cause:
                return when.hint
    return None


def _examples(item: Exercise) -> list[str]:
    return [item.name] if item.kind == "example" else []


def _lints(workspace: Path, name: str, item: Exercise, notify: Notify | None) -> list[Diagnostic]:
    try:
        found = cargo.clippy(workspace, name, [item.name], examples=_examples(item), notify=notify)
    except cargo.CargoError:
        if item.lints:
            raise
        return []  # Advice only: a machine without clippy still gets its verdict.
    return [message for message in found.diagnostics.get(item.name, []) if message.code]
