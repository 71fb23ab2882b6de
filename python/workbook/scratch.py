"""Many answers to a chapter's exercises, judged at once and away from the learner's own files.

A scratch workspace beside the course's folders takes one package a chapter, in which every answer is a test target: one
cargo call builds them all, on all cores. It stands at the depth in the tree where `../../chapters/…` in an answer still
names the course's checks. Authors' rules use it for starters, solutions and wrong answers; the grader for a class.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import tomlkit

from workbook import cargo, judge, needs, process, python_checks, verdict
from workbook.course import Chapter, Course, Exercise
from workbook.verdict import Verdict

Item = TypeVar("Item")
Result = TypeVar("Result")

LOOK_UP = 0.5
"""Seconds after which a thread that waits for others looks whether it was interrupted."""


@dataclass(frozen=True)
class Answer:
    """One file for one exercise; `target` is its name as a test target, unique in its chapter's package.

    Its checks may run for `limit` seconds, or for as long as the exercise allows.
    """

    item: Exercise
    target: str
    text: str
    limit: float | None = None


def judge_all(
    course: Course,
    folder: str,
    chapter: Chapter,
    answers: Sequence[Answer],
    *,
    lint: Collection[str] = (),
) -> list[Verdict]:
    """The verdicts on `answers`, in their order, built in the scratch workspace `folder` (a name in the course's root).

    Clippy is asked about the targets in `lint`, and about those whose exercise names lints that decide.
    """
    if chapter.group or any(a.item.models for a in answers):
        needs.provide(chapter, [a.item for a in answers])
    workspace = course.root / folder
    package = lay_out(course, workspace, chapter, answers)
    examples = {a.target for a in answers if a.item.kind == "example"}
    modules = {a.target for a in answers if a.item.checked_by == "node"}
    if examples:
        python_checks.prepare(for_node=bool(modules))
    targets = [a.target for a in answers]
    built = cargo.build(workspace, package, targets, examples=examples, modules=modules, keep_going=True, locked=False)
    linted = [a.target for a in answers if a.target in built.executables and (a.target in lint or a.item.lints)]
    clippy = cargo.clippy(workspace, package, linted, examples=examples, locked=False).diagnostics if linted else {}

    def outcome(answer: Answer) -> Verdict:
        messages = built.diagnostics.get(answer.target, [])
        executable = built.executables.get(answer.target)
        result = judge.weigh(
            course, answer.item, answer.text, messages, executable, workspace / chapter.name, limit=answer.limit
        )
        if result.passed:
            judge.add_lints(answer.item, result, [m for m in clippy.get(answer.target, []) if m.code])
        return result

    # More than there are cores: a check that deadlocks, as some answers do on purpose, waits and computes nothing.
    with ThreadPoolExecutor(2 * (os.cpu_count() or 2)) as pool:
        try:
            results = each(pool, outcome, answers)
            # An exercise's limit goes by the clock, and other answers ran beside this one: a second try, by itself.
            for place, answer in enumerate(answers):
                if verdict.TIMEOUT in results[place].causes and answer.limit is None:
                    results[place] = outcome(answer)
            return results
        except (KeyboardInterrupt, SystemExit):
            # The pool waits for its threads: none may begin another run, or go on with an endless one.
            process.end_all()
            raise


def each(pool: Executor, call: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What `call` returns for each of `items`, in their order, as `pool.map` has it; but Ctrl-C is always heard."""
    futures = [pool.submit(call, item) for item in items]
    try:
        for future in as_they_end(futures):
            future.result()
    finally:
        for future in futures:
            future.cancel()
    return [future.result() for future in futures]


def as_they_end(futures: Iterable[Future[Result]]) -> Iterator[Future[Result]]:
    """The futures in the order in which they end, as `as_completed` has them; but Ctrl-C is always heard.

    Python answers a signal in its main thread, and the kernel may wake another one for it. A main thread that waits
    without end would not know. This one looks up.
    """
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=LOOK_UP, return_when=FIRST_COMPLETED)
        yield from done


def lay_out(course: Course, workspace: Path, chapter: Chapter, answers: Sequence[Answer]) -> str:
    """Writes the workspace with the root's settings and the chapter's package; returns the package's name.

    Files that have not changed keep their time stamps, and cargo its builds.
    """
    folder = workspace / chapter.name
    folder.mkdir(parents=True, exist_ok=True)
    package = f"{chapter.package}{workspace.name.replace('.', '-')}"
    home = course.file(chapter.workspace)
    root = tomlkit.parse((home / "Cargo.toml").read_text(encoding="utf-8"))
    for table in [name for name in root if name not in ("workspace", "profile")]:
        root.pop(table)  # An optional chapter's workspace is its crate, too.
    settings = root["workspace"]
    settings.pop("default-members", None)
    settings["members"] = [chapter.name]
    for dependency in settings["dependencies"].values():
        if isinstance(dependency, dict) and "path" in dependency:
            dependency["path"] = Path(os.path.relpath(home / dependency["path"], workspace)).as_posix()
    # A hundred answers that link a large library would fill the disk with its symbols, which nobody looks at. And
    # none of them is compiled a second time: what cargo would keep for that costs a third of the work.
    profile = root.setdefault("profile", {}).setdefault("dev", {}).setdefault("package", {})
    profile[package] = {"strip": "symbols", "incremental": False}
    source = course.root / "solutions" / chapter.name / "Cargo.toml"
    manifest = tomlkit.parse(source.read_text(encoding="utf-8"))
    manifest["package"]["name"] = package
    manifest["package"].pop("workspace", None)
    _write_changed(workspace / "Cargo.toml", tomlkit.dumps(root))
    _write_changed(folder / "Cargo.toml", with_targets(manifest, [(a.item.kind, a.target) for a in answers]))
    for answer in answers:
        _write_changed(folder / f"{answer.target}.rs", answer.text)
    kept = {f"{answer.target}.rs" for answer in answers}
    for path in folder.glob("*.rs"):
        if path.name not in kept:
            path.unlink()
    # The same versions as the course; cargo adds the scratch package itself.
    lock = (home / "Cargo.lock").read_text(encoding="utf-8")
    copied = workspace / "Cargo.lock.course"
    if not copied.exists() or copied.read_text(encoding="utf-8") != lock:
        shutil.copyfile(home / "Cargo.lock", workspace / "Cargo.lock")
        _write_changed(copied, lock)
    # Registry crates are shared with the course's own builds; ours differ in path, so nothing collides.
    config = workspace / ".cargo" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    _write_changed(config, '[build]\ntarget-dir = "../target"\n')
    return package


def with_targets(manifest: tomlkit.TOMLDocument, targets: Sequence[tuple[str, str]]) -> str:
    """A manifest's text with its targets made anew, from their kinds and names; the rest stays as it is written."""
    for kind in ("test", "example"):
        manifest.pop(kind, None)
    head = tomlkit.dumps(manifest).rstrip() + "\n"
    return head + "".join(
        f'\n[[{kind}]]\nname = "{name}"\npath = "{name}.rs"\n' + ('crate-type = ["cdylib"]\n' * (kind == "example"))
        for kind, name in targets
    )


def _write_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
