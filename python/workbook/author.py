"""The rules of the course, as a program: `workbook author sync`, `check` and `new`.

`sync` writes what is generated: the learners' files and manifests from the masters, the book's table of contents.
`check` proves every rule that CONTRIBUTING states. What a compiler must decide (does the starter fail for the stated
reason, is every wrong answer rejected by the stated check) is decided in the scratch workspace `.author/`, which is
`scratch.py`'s work.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from workbook import exercise, guarded, python_checks, schema, scratch, verdict
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.exercise import Master, MasterError
from workbook.files import back_up, write_atomically
from workbook.verdict import Verdict

SCRATCH = ".author"
SPECIAL = {
    verdict.TIMEOUT,
    verdict.OUTPUT,
    verdict.CRASH,
    verdict.CHECKS_MISSING,
    verdict.UNCODED,
    verdict.NOT_IMPORTED,
}
PLACEHOLDER = "FILL IN"
PATIENCE = 6
"""So many times its limit an exercise has where no answer should run out of time: the machine may be a busy one."""
LESSON_WORDS = range(1_200, 2_501)
TABLE = re.compile(r"(?s)(<!-- chapters: [^>]*-->\n).*?\n?(<!-- end of chapters -->)")
GENERATED = "# Generated from {source} by 'python3 workbook author sync'; change that file instead.\n"


@dataclass(frozen=True)
class Fault:
    """One broken rule: where, and what is wrong with it."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def read_master(course: Course, item: Exercise) -> Master:
    """Reads an exercise's master. Raises `CourseError` (missing) or `MasterError` (markers)."""
    try:
        text = course.file(item.master).read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{item.master}: {error.strerror or error}") from None
    return exercise.parse(text, Path(item.master))


# --- sync -----------------------------------------------------------------------------------------------------------


def generated(course: Course) -> Iterator[tuple[Path, str]]:
    """Every generated file of the course with the text that it should have."""
    from workbook import book, interview, notebook

    for chapter in course.chapters:
        for item in chapter.exercises:
            yield course.file(item.path), read_master(course, item).starter()
        manifest = course.root / "solutions" / chapter.name / "Cargo.toml"
        document = tomlkit.parse(manifest.read_text(encoding="utf-8"))
        text = scratch.with_targets(document, [(item.kind, item.name) for item in chapter.exercises])
        yield manifest, text
        yield course.root / "exercises" / chapter.name / "Cargo.toml", _exercises_manifest(chapter, text)
    yield course.root / "chapters" / "SUMMARY.md", book.summary(course)
    yield course.root / "README.md", _with_table(course)
    if interview.written(course):
        yield course.root / "chapters" / f"{interview.NAME}.md", interview.page(course)
    yield from notebook.generated(course)


def _with_table(course: Course) -> str:
    """The project's README with its chapter table made anew."""
    text = (course.root / "README.md").read_text(encoding="utf-8")
    if not TABLE.search(text):
        raise CourseError("README.md has lost the two comments between which its chapter table is written.")
    rows = ["| chapter | teaches | exercises | time |", "|---|---|---|---|"]
    for chapter in course.chapters:
        link = f"[{chapter.name}](chapters/{chapter.name}/README.md)"
        hours = f"{chapter.minutes / 60:.1f} h"
        rows.append(f"| {link} | {chapter.summary} | {len(chapter.exercises)} | {hours} |")
    return TABLE.sub(lambda match: f"{match[1]}\n{chr(10).join(rows)}\n\n{match[2]}", text)


def sync(course: Course, rerun: Sequence[str] = ()) -> list[Path]:
    """Writes what is generated and differs; returns what was written. What is replaced is backed up.

    A notebook whose code has changed is run for its outputs, and so is each that `rerun` names.
    """
    written = run_notebooks(course, rerun)
    for path, text in generated(course):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            back_up(course.root, path)
            write_atomically(path, text)
            written.append(path)
    return written


def run_notebooks(course: Course, names: Sequence[str] = ()) -> list[Path]:
    """Runs the notebooks that `names` names, and those whose committed run is not of their code."""
    from workbook import notebook

    waiting = notebook.unrun(course)
    for name in names:
        named = notebook.find(course, name)
        waiting += [named] if named not in waiting else []
    if not waiting:
        return []
    from workbook import notebook_run

    notebook_run.prepare(waiting)
    for item in waiting:
        print(f"running {item.path.as_posix()}", flush=True)
        notebook_run.store(course, item)
    return [course.root / item.solved_path for item in waiting]


def _exercises_manifest(chapter: Chapter, solutions: str) -> str:
    text = solutions.replace(f'"{chapter.package}-solutions"', f'"{chapter.package}-exercises"')
    text = re.sub(r"(?m)^description = .*$", f"description = \"The exercises of the chapter '{chapter.title}'.\"", text)
    return GENERATED.format(source=f"solutions/{chapter.name}/Cargo.toml") + text


# --- check ----------------------------------------------------------------------------------------------------------


def check(
    course: Course, chapters: Sequence[Chapter] = (), judged: Callable[[Chapter, float], None] | None = None
) -> list[Fault]:
    """Every broken rule of the given chapters (all by default).

    `judged` hears of each chapter whose answers have been compiled and run, and after how many seconds.
    """
    chosen = list(chapters) or list(course.chapters)
    faults = [*_names(course), *_order(course), *_orphans(course), *_notebooks(course), *_claims(course)]
    faults += _interview(course)
    for chapter in chosen:
        faults += [*_lesson(course, chapter), *_registry(course, chapter), *_quiz(course, chapter)]
    sound = True
    for chapter in chosen:
        broken = [fault for item in chapter.exercises for fault in _files(course, item)]
        faults += broken
        # What does not fit together cannot be compiled to any purpose.
        if broken:
            sound = False
        elif chapters or not chapter.group:  # What is optional is built where it is named.
            started = time.perf_counter()
            faults += _behaviour(course, chapter)
            if judged:
                judged(chapter, time.perf_counter() - started)
    if sound:
        faults += _up_to_date(course)
    return faults


def _names(course: Course) -> Iterator[Fault]:
    for name, count in Counter(item.name for item in course.exercises).items():
        if count > 1:
            yield Fault(
                "chapters/*/chapter.toml", f"{count} exercises are called '{name}'; names are unique in the course"
            )
    concepts = Counter(concept for chapter in course.chapters for concept in chapter.concepts)
    for concept, count in concepts.items():
        if count > 1:
            yield Fault("chapters/*/chapter.toml", f"concept '{concept}' is declared {count} times")
    packages = Counter(chapter.package for chapter in course.chapters)
    packages.update(chapter.crate for chapter in course.chapters if chapter.crate != chapter.package)
    for package, count in packages.items():
        if count > 1:
            yield Fault("chapters/", f"{count} chapters would be the package '{package}'")
    hints: dict[str, str] = {}
    for item in course.exercises:
        for text in [*item.hints, *(when.hint for when in item.when)]:
            if text in hints:
                yield Fault(_registry_file(item.chapter), f"'{item.name}' repeats a hint of '{hints[text]}'")
            hints.setdefault(text, item.name)


def _order(course: Course) -> Iterator[Fault]:
    """Whatever an exercise needs was taught by an earlier one."""
    taught: set[str] = set()
    for chapter in course.chapters:
        here = _registry_file(chapter.name)
        mine: list[str] = []
        for item in chapter.exercises:
            for concept in item.needs:
                if concept not in taught:
                    yield Fault(here, f"'{item.name}' needs '{concept}', which no earlier exercise teaches")
            for concept in item.teaches:
                if concept not in chapter.concepts:
                    yield Fault(here, f"'{item.name}' teaches '{concept}', which [concepts] does not declare")
                elif concept in mine:
                    yield Fault(here, f"'{item.name}' teaches '{concept}', which an earlier exercise taught")
                mine.append(concept)
            taught.update(item.teaches)
        for concept in chapter.concepts:
            if concept not in mine:
                yield Fault(here, f"concept '{concept}' is declared, and no exercise teaches it")
        if [concept for concept in chapter.concepts if concept in mine] != [c for c in mine if c in chapter.concepts]:
            yield Fault(here, "[concepts] and the exercises teach in different orders")


def _orphans(course: Course) -> Iterator[Fault]:
    """No file in the course's folders that no chapter knows."""
    from workbook import interview, notebook

    root = course.root
    known = {chapter.name: chapter for chapter in course.chapters}
    for folder in ("exercises", "solutions"):
        for path in _entries(root / folder):
            if path == root / notebook.MASTERS:
                continue
            if path.name not in known:
                yield Fault(f"{folder}/{path.name}", "belongs to no chapter")
                continue
            expected = {f"{item.name}.rs" for item in known[path.name].exercises} | {"Cargo.toml"}
            for inner in _entries(path):
                if inner.name not in expected:
                    yield Fault(f"{folder}/{path.name}/{inner.name}", "belongs to no exercise")
    for chapter in course.chapters:
        for folder, known_files in (
            ("checks", [item.checks for item in chapter.exercises]),
            ("wrong", [item.wrong for item in chapter.exercises]),
        ):
            expected = {Path(file).name for file in known_files}
            for path in _entries(root / "chapters" / chapter.name / folder):
                if path.name not in expected:
                    yield Fault(f"chapters/{chapter.name}/{folder}/{path.name}", "belongs to no exercise")
    for path in _entries(root / "quizzes"):
        if path.suffix != ".toml" or path.stem not in {*known, interview.NAME}:
            yield Fault(f"quizzes/{path.name}", "belongs to no chapter")
    for path in _entries(root / "chapters"):
        if path.is_dir() and path.name not in known:
            yield Fault(f"chapters/{path.name}", "has no chapter.toml")


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "__pycache__")


def _lesson(course: Course, chapter: Chapter) -> Iterator[Fault]:
    """Lesson and registry tell the same story."""
    where = f"chapters/{chapter.name}/README.md"
    try:
        text = course.file(where).read_text(encoding="utf-8")
    except OSError:
        yield Fault(where, "is missing")
        return
    prose = re.sub(r"(?ms)^```.*?^```\s*$", "", text)
    headings = [match[1].strip().replace("`", "") for match in re.finditer(r"(?m)^#+ (.+)$", prose)]
    if not headings or headings[0] != chapter.title:
        yield Fault(where, f"its first heading is not the chapter's title, '{chapter.title}'")
    positions = []
    for concept, heading in chapter.concepts.items():
        if heading.replace("`", "") not in headings:
            yield Fault(where, f"has no heading '{heading}', where [concepts] says '{concept}' is taught")
        else:
            positions.append(headings.index(heading.replace("`", "")))
    if positions != sorted(positions):
        yield Fault(where, "its headings and [concepts] are in different orders")
    mentions = [(item.name, prose.find(f"`{item.name}`")) for item in chapter.exercises]
    for name, position in mentions:
        if position < 0:
            yield Fault(where, f"never sends the reader to the exercise `{name}`")
    found = [position for _, position in mentions if position >= 0]
    if found != sorted(found):
        yield Fault(where, "sends the reader to the exercises in another order than chapter.toml lists them")
    words = len(prose.split())
    if words not in LESSON_WORDS:
        yield Fault(where, f"has {words} words; a lesson has {LESSON_WORDS.start} to {LESSON_WORDS.stop - 1}")


def _registry(course: Course, chapter: Chapter) -> Iterator[Fault]:
    where = _registry_file(chapter.name)
    total = sum(item.minutes for item in chapter.exercises)
    if chapter.minutes < total:
        yield Fault(where, f"minutes = {chapter.minutes}, but the exercises alone take {total}")
    text = course.file(where).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if PLACEHOLDER in line:
            yield Fault(f"{where}:{number}", f"still says '{PLACEHOLDER}'")
    manifest = tomlkit.parse((course.file(chapter.workspace) / "Cargo.toml").read_text(encoding="utf-8"))
    declared = manifest["workspace"]["dependencies"]
    for folder in ("chapters", "solutions"):
        path = course.root / folder / chapter.name / "Cargo.toml"
        if not path.exists():
            yield Fault(f"{folder}/{chapter.name}/Cargo.toml", "is missing")
            continue
        member = tomlkit.parse(path.read_text(encoding="utf-8"))
        name = f"{chapter.package}-solutions" if folder == "solutions" else chapter.crate
        if member["package"]["name"] != name:
            yield Fault(f"{folder}/{chapter.name}/Cargo.toml", f"is not the package '{name}'")
        for table in ("dependencies", "dev-dependencies", "build-dependencies"):
            for dependency, value in member.get(table, {}).items():
                if not (isinstance(value, dict) and value.get("workspace") is True):
                    problem = f"'{dependency}' names a version of its own; versions stand in the root's Cargo.toml"
                    yield Fault(f"{folder}/{chapter.name}/Cargo.toml", problem)
                elif dependency not in declared:
                    yield Fault(
                        f"{folder}/{chapter.name}/Cargo.toml", f"'{dependency}' is not in [workspace.dependencies]"
                    )


def _quiz(course: Course, chapter: Chapter) -> Iterator[Fault]:
    from workbook import quiz, quiz_proof

    where = f"quizzes/{chapter.name}.toml"
    if not course.file(where).exists():
        yield Fault(where, "is missing")
        return
    try:
        questions = quiz.load(course, chapter.name)
    except CourseError as error:
        yield Fault(where, str(error))
        return
    for problem in (*quiz_proof.agreement(course, questions), *quiz_proof.prove(course, questions)):
        yield Fault(where, problem)


def _notebooks(course: Course) -> Iterator[Fault]:
    from workbook import notebook

    for where, problem in notebook.faults(course):
        yield Fault(where, problem)


def _interview(course: Course) -> Iterator[Fault]:
    from workbook import interview

    if interview.written(course):
        for where, problem in interview.faults(course):
            yield Fault(where, problem)


def _claims(course: Course) -> Iterator[Fault]:
    from workbook import claim

    try:
        claim.load(course)
    except CourseError as error:
        yield Fault("chapters/*/claims.toml", str(error))


def _files(course: Course, item: Exercise) -> Iterator[Fault]:
    """The master, its checks and its wrong answers fit together; nothing is compiled yet."""
    try:
        master = read_master(course, item)
    except (CourseError, MasterError) as error:
        yield Fault(item.master, str(error).removeprefix(f"{item.master}:").strip())
        return
    if not master.blocks:
        yield Fault(item.master, "has no place to work: no `// [starter]` block")
    for block in master.blocks:
        if not block.todo:
            yield Fault(f"{item.master}:{block.line}", "no `// TODO: …` comment directly above this block")
        if block.starter == block.solution:
            yield Fault(f"{item.master}:{block.line}", "starter and solution are the same")
    if PLACEHOLDER in course.file(item.master).read_text(encoding="utf-8"):
        yield Fault(item.master, f"still says '{PLACEHOLDER}'")
    if not str(master.parts[0]).startswith("//! "):
        yield Fault(f"{item.master}:1", "does not open with `//! ` and the task")
    if item.footer and master.footer != item.footer:
        yield Fault(item.master, "does not end with the two lines that bring in the checks:\n" + item.footer)

    try:
        checks = course.file(item.checks).read_text(encoding="utf-8")
    except OSError:
        yield Fault(item.checks, "is missing")
        return
    python = item.checked_by != "rust"
    try:
        short = python_checks.names(checks) if python else exercise.check_names(checks)
    except SyntaxError as error:
        yield Fault(f"{item.checks}:{error.lineno}", f"is not Python: {error.msg}")
        return
    short = [name.removeprefix("checks::") for name in short]
    if not short:
        yield Fault(item.checks, "holds no `def test_…`" if python else "holds no `#[test]`")
    if not python:
        try:
            guarded.guarded(checks)
        except CourseError as error:
            yield Fault(item.checks, f"cannot be graded in the sandbox. {error}")
    opening = '"""' if python else "//! "
    if not checks.startswith(opening):
        yield Fault(f"{item.checks}:1", f"does not open with `{opening}` and what it demands")
    if PLACEHOLDER in checks:
        yield Fault(item.checks, f"still says '{PLACEHOLDER}'")

    where = _registry_file(item.chapter)
    for cause in (*item.fails, *(when.on for when in item.when)):
        if not (re.fullmatch(r"E\d{4}", cause) or cause in short or cause in item.lints or cause in SPECIAL):
            yield Fault(
                where, f"'{item.name}' names '{cause}': no error code, none of its checks or lints, and not special"
            )
    answered = {when.on for when in item.when}
    try:
        wrong = schema.read_wrong(course.file(item.wrong))
    except CourseError as error:
        yield Fault(item.wrong, str(error))
        return
    for name, count in Counter(answer.name for answer in wrong).items():
        if count > 1:
            yield Fault(item.wrong, f"{count} wrong answers are called '{name}'")
    for answer in wrong:
        if answer.rejected_by not in answered:
            yield Fault(item.wrong, f"'{answer.name}': no hint is keyed to '{answer.rejected_by}', which rejects it")
        if len(answer.blocks) != len(master.blocks):
            yield Fault(
                item.wrong, f"'{answer.name}' fills {len(answer.blocks)} blocks, the master has {len(master.blocks)}"
            )
        if PLACEHOLDER in answer.tempting or PLACEHOLDER in "".join(answer.blocks):
            yield Fault(item.wrong, f"'{answer.name}' still says '{PLACEHOLDER}'")


def _up_to_date(course: Course) -> Iterator[Fault]:
    for path, text in generated(course):
        shown = path.relative_to(course.root).as_posix()
        if not path.exists():
            yield Fault(shown, "is missing; 'workbook author sync' writes it")
        elif path.read_text(encoding="utf-8") != text:
            yield Fault(shown, "is not what its source says; 'workbook author sync' writes it anew")


# --- what a compiler decides ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant(scratch.Answer):
    """One text to compile for an exercise: its starter, its solution, or an answer that must be rejected."""

    kind: str = ""
    rejected_by: tuple[str, ...] = ()


def _variants(course: Course, item: Exercise) -> Iterator[Variant]:
    master = read_master(course, item)

    def variant(kind: str, text: str, rejected_by: tuple[str, ...] = ()) -> Variant:
        limit = item.limit if verdict.TIMEOUT in rejected_by else PATIENCE * item.limit
        return Variant(item, f"{item.name}__{kind}", text, limit, kind, rejected_by)

    yield variant("starter", master.starter(), item.fails)
    yield variant("solution", master.solution())
    for answer in schema.read_wrong(course.file(item.wrong)):
        yield variant(f"wrong_{answer.name}", master.filled(answer.blocks), (answer.rejected_by,))
    # Shortcuts that every exercise must withstand.
    yield variant("shortcut_todo_deleted", master.without_todo(), item.fails)
    if item.checked_by != "rust":
        yield variant("shortcut_file_emptied", "//! Nothing.\n", (verdict.NOT_IMPORTED,))
        return
    names = exercise.check_names(course.file(item.checks).read_text(encoding="utf-8"))
    own = "".join(f"    #[test]\n    fn {name.removeprefix('checks::')}() {{}}\n" for name in names)
    missing = (verdict.CHECKS_MISSING,)
    yield variant("shortcut_file_emptied", "//! Nothing.\n", missing)
    yield variant("shortcut_checks_cut", master.solution().replace(master.footer, ""), missing)
    yield variant("shortcut_own_checks", master.solution().replace(master.footer, f"mod checks {{\n{own}}}"), missing)
    other = master.footer.replace("mod checks;", "mod others;")
    yield variant(
        "shortcut_checks_renamed", master.solution().replace(master.footer, f"mod checks {{\n{own}}}\n{other}"), missing
    )


def _behaviour(course: Course, chapter: Chapter) -> Iterator[Fault]:
    """Builds all variants of a chapter in one go, runs them, and compares with what the registry says."""
    variants = [variant for item in chapter.exercises for variant in _variants(course, item)]
    linted = {variant.target for variant in variants if variant.kind == "solution"}
    outcomes = scratch.judge_all(course, SCRATCH, chapter, variants, lint=linted)
    for variant, outcome in zip(variants, outcomes, strict=True):
        yield from _compare(variant, outcome)
    yield from _formatted(course, chapter, variants)


def _compare(variant: Variant, result: Verdict) -> Iterator[Fault]:
    item = variant.item
    if variant.kind == "solution":
        if not result.passed:
            yield Fault(item.master, f"the solution does not pass. {_told(result)}")
        for message in result.lints:
            if message.level == "warning":
                yield Fault(item.master, f"clippy on the solution: {message.message} ({message.code})")
        return
    where = _registry_file(item.chapter) if variant.kind == "starter" else item.wrong
    label = f"'{item.name}': the {variant.kind.replace('_', ' ', 1)}"
    wanted = set(variant.rejected_by)
    if result.passed:
        yield Fault(where, f"{label} passes, and {_named(wanted)} should reject it")
        return
    if variant.kind.startswith("wrong"):
        # The first thing the learner is shown; a wrong answer may well break more than one check.
        if not result.causes or result.causes[0] not in wanted:
            yield Fault(where, f"{label} should be rejected by {_named(wanted)}. {_told(result)}")
        return
    if verdict.CHECKS_MISSING in wanted:
        happened = set(result.causes)
        # Where the starter's fault lies outside the blocks, cutting the checks may leave it unbuildable: rejected, too.
        if result.stage == "check" and happened != wanted:
            yield Fault(where, f"{label} should be rejected because the checks did not run. {_told(result)}")
        return
    if verdict.NOT_IMPORTED in wanted:
        # Which check was to come first does not matter.
        if verdict.NOT_IMPORTED not in result.causes:
            yield Fault(where, f"{label} should be rejected because Python cannot import it. {_told(result)}")
        return
    happened = (
        set(result.causes) if result.stage != "check" else set(result.causes) & (wanted | set(result.failed_checks))
    )
    if happened != wanted:
        yield Fault(where, f"{label} should fail with {_named(wanted)} and nothing else. {_told(result)}")


def _named(causes: Iterable[str]) -> str:
    return " and ".join(sorted(causes)) or "something"


def _told(result: Verdict) -> str:
    parts = [f"It came to '{result.stage}'", f"causes: {_named(result.causes)}" if result.causes else "no cause"]
    first = next((check for check in result.checks if check.state == "failed"), None)
    if first:
        compared = f" wanted {first.wanted}, got {first.got}" if first.wanted is not None else ""
        parts.append(f"{first.name}: {first.message}{compared}")
    parts += [f"{m.code or 'error'} at line {m.line}: {m.message}" for m in result.diagnostics if m.level == "error"][
        :3
    ]
    return "; ".join(parts) + "."


def _formatted(course: Course, chapter: Chapter, variants: Sequence[Variant]) -> Iterator[Fault]:
    """rustfmt is content with masters, starters, solutions and checks."""
    folder = course.root / SCRATCH / chapter.name
    shown = {
        v.item.path if v.kind == "starter" else v.item.master: v for v in variants if v.kind in ("starter", "solution")
    }
    files = [folder / f"{variant.target}.rs" for variant in shown.values()]
    files += [course.file(item.master) for item in chapter.exercises]
    command = ["rustfmt", "--check", "--edition", "2024", "--config-path", str(course.root), *map(str, files)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        yield Fault("rustfmt", "is not installed; 'rustup component add rustfmt' gets it")
        return
    seen = set()
    for match in re.finditer(r"(?m)^Diff in (?P<path>.+?):(?P<line>\d+):?$", result.stdout):
        path = os.path.relpath(os.path.realpath(match["path"]), os.path.realpath(course.root)).replace(os.sep, "/")
        for label, variant in shown.items():
            if path.endswith(f"{chapter.name}/{variant.target}.rs"):
                path = label
        if path not in seen:
            seen.add(path)
            yield Fault(f"{path}:{match['line']}", "is not formatted as rustfmt has it")
    if result.returncode != 0 and not seen:
        yield Fault(f"exercises/{chapter.name}", f"rustfmt cannot read a file: {result.stderr.strip()[:500]}")


# --- new ------------------------------------------------------------------------------------------------------------


def new(course: Course, chapter: Chapter, name: str, *, python: bool = False) -> list[Path]:
    """Lays down an exercise's master, checks (with `python`, in Python) and wrong answers, and its registry entry.

    What they hold compiles and fails as an exercise does, so that an author can start from green; the places to write
    are marked FILL IN, and `check` names each that is left.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise CourseError(f"'{name}' cannot be a file's name: lower-case letters, digits and _ only, a letter first.")
    if any(item.name == name for item in course.exercises):
        raise CourseError(f"There is an exercise '{name}' already.")
    folder = course.root / "chapters" / chapter.name
    checks = (
        {folder / "checks" / f"{name}.py": _PYTHON_CHECKS} if python else {folder / "checks" / f"{name}.rs": _CHECKS}
    )
    files = {
        course.root / "solutions" / chapter.name / f"{name}.rs": _PYTHON_MASTER if python else _MASTER,
        **checks,
        folder / "wrong" / f"{name}.toml": _WRONG,
    }
    for path in files:
        if path.exists():
            raise CourseError(f"{path.relative_to(course.root)} exists already; it was not touched.")
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, text.replace("CHAPTER", chapter.name).replace("NAME", name))
    registry = folder / "chapter.toml"
    text = registry.read_text(encoding="utf-8")
    entry = _ENTRY.replace('NAME"\n', 'NAME"\nchecked_by = "python"\n', 1) if python else _ENTRY
    write_atomically(registry, text.rstrip() + "\n" + entry.replace("NAME", name))
    return [*files, registry]


def _registry_file(chapter: str) -> str:
    return f"chapters/{chapter}/chapter.toml"


_MASTER = """\
//! # FILL IN: the task in a few words
//!
//! FILL IN: the situation, and what goes wrong in it.

/// Returns the largest of `scores`.
fn best(scores: &[f32]) -> f32 {
    // TODO: FILL IN what to do, not how.
    // [starter]
    // scores[0]
    // [solution]
    scores.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    // [end]
}

#[path = "../../chapters/CHAPTER/checks/NAME.rs"]
mod checks;
"""

_CHECKS = """\
//! FILL IN: what `NAME` demands, and why.

use super::best;

#[test]
fn finds_the_largest_anywhere() {
    let got = best(&[0.1, 0.7, 0.2]);
    let want = 0.7;
    assert_eq!(got, want, "best of [0.1, 0.7, 0.2]");
}

#[test]
fn works_below_zero() {
    let got = best(&[-3.0, -1.0]);
    let want = -1.0;
    assert_eq!(got, want, "best of [-3.0, -1.0]");
}
"""

_PYTHON_MASTER = """\
//! # FILL IN: the task in a few words
//!
//! FILL IN: the situation, and what goes wrong in it.

use pyo3::prelude::*;

/// The module, as Python imports it.
#[pymodule]
mod NAME {
    use super::pyfunction;

    /// Returns the largest of `scores`.
    #[pyfunction]
    fn best(scores: Vec<f32>) -> f32 {
        // TODO: FILL IN what to do, not how.
        // [starter]
        // scores[0]
        // [solution]
        scores.iter().copied().fold(f32::NEG_INFINITY, f32::max)
        // [end]
    }
}
"""

_PYTHON_CHECKS = """\
\"\"\"FILL IN: what `NAME` demands, and why.\"\"\"

import NAME


def test_finds_the_largest_anywhere() -> None:
    got = NAME.best([0.25, 0.75, 0.5])
    want = 0.75
    assert got == want, "best of [0.25, 0.75, 0.5]"


def test_works_below_zero() -> None:
    got = NAME.best([-3.0, -1.0])
    want = -1.0
    assert got == want, "best of [-3.0, -1.0]"
"""

_WRONG = """\
# Plausible wrong answers to `NAME`: each puts `blocks` into the master's marked blocks, in order.

[[wrong]]
name = "take_the_last"
tempting = "FILL IN: what makes a learner write this."
rejected_by = "finds_the_largest_anywhere"
blocks = ["scores[scores.len() - 1]"]

[[wrong]]
name = "start_from_zero"
tempting = "FILL IN: what makes a learner write this."
rejected_by = "works_below_zero"
blocks = ["scores.iter().copied().fold(0.0, f32::max)"]
"""

_ENTRY = """
[[exercises]]
name = "NAME"
title = "FILL IN"
minutes = 5
teaches = []
needs = []
fails = ["finds_the_largest_anywhere", "works_below_zero"]
hints = [
    "FILL IN: a nudge, for NAME.",
    "FILL IN: the place to look, for NAME.",
    "FILL IN: nearly the line, for NAME.",
]
why = "FILL IN: why the master is written so."

[[exercises.when]]
on = "finds_the_largest_anywhere"
hint = "FILL IN: what this failure means in NAME."

[[exercises.when]]
on = "works_below_zero"
hint = "FILL IN: what that failure means in NAME."
"""
