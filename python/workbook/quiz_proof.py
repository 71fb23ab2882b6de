"""Proves a quiz's answers: what they say of a program is compared with what the compiler and the program say.

Every program is compiled under the course's edition. Where an item only says that something compiles or not, nothing
is linked. Results are kept in `.workbook/proofs/`, keyed by the program and the compiler's version, so that a second
proof takes no time.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook import quiz as quizzes
from workbook.course import Course, CourseError
from workbook.files import write_atomically
from workbook.quiz import ERROR_CODE, Choice, Proof, Quiz, Short, Tracing

EDITION = "2024"
COMPILE_SECONDS = 300
RUN_SECONDS = 10
OUTPUT_CAP = 64 << 10
AT_ONCE = 2
LEAST_ITEMS = 10
LEAST_KINDS = 3


@dataclass(frozen=True)
class Job:
    """One program to be compiled and, where its output or a panic matters, run."""

    program: str
    run: bool
    crates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of it. `code` is empty for an error that has none; `ended` is empty when the program ended well."""

    compiles: bool
    code: str = ""
    line: int = 0
    errors: int = 0
    message: str = ""
    stdout: str = ""
    ended: str = ""


@dataclass(frozen=True)
class Claim:
    """What an item says of a program. `holds` is False for a distractor: then it must not be so."""

    where: str
    job: Job
    compiles: bool
    code: str | None = None
    line: int | None = None
    stdout: str | None = None
    panics: bool = False
    holds: bool = True
    about: str = ""

    def fault(self, result: Result) -> str | None:
        """What contradicts the claim, or None."""
        differs = self._differs(result)
        if self.holds and differs:
            return f"{self.where}: {self.about}{differs}"
        if not self.holds and not differs:
            return f"{self.where}: {self.about}is listed as wrong, but it meets the proof as the right answer does"
        return None

    def _differs(self, result: Result) -> str | None:
        if not result.compiles:
            said = f"{result.code or 'an error without a code'} at line {result.line}: {result.message}"
            if self.compiles:
                return f"the program does not compile: {said}"
            if result.errors != 1:
                return f"the program has {result.errors} errors; a question must have one. The first: {said}"
            if self.code is not None and result.code != self.code:
                return f"the code is said to be {self.code or '(none)'}, the compiler says {said}"
            if self.line is not None and result.line != self.line:
                return f"the error is said to be at line {self.line}, the compiler says {said}"
            return None
        if not self.compiles:
            return "the program compiles, but is said not to"
        if self.panics:
            return None if result.ended == "panic" else "the program does not panic, but is said to"
        if self.job.run and result.ended:
            return f"the program does not end well: {result.ended}"
        if self.stdout is not None and quizzes.lines_of(result.stdout) != quizzes.lines_of(self.stdout):
            return f"the program is said to print {self.stdout.strip()!r}, it prints {result.stdout.strip()!r}"
        return None


def prove(course: Course, quiz: Quiz, *, notify: Callable[[str], None] | None = None) -> list[str]:
    """Compiles and runs whatever the quiz says about programs; returns what is not so, with file and line."""
    claims = [claim for question in quiz.questions for claim in _claims(quiz, question)]
    results = _results(course, quiz, dict.fromkeys(claim.job for claim in claims), notify)
    return [fault for claim in claims if (fault := claim.fault(results[claim.job]))]


def agreement(course: Course, quiz: Quiz) -> list[str]:
    """Where the quiz does not agree with the course or with the rules for quizzes; no program is run."""
    faults: list[str] = []
    file = f"quizzes/{quiz.chapter}.toml"
    names = [chapter.name for chapter in course.chapters]
    if quiz.chapter not in names:
        return [f"{file}: there is no chapter '{quiz.chapter}'"]
    so_far = course.chapters[: names.index(quiz.chapter) + 1]
    known = {concept for chapter in so_far for concept in chapter.concepts}
    foreign = _other_ids(course, quiz.chapter)
    for question in quiz.questions:
        if question.concept not in known:
            where = quiz.where(question, "concept")
            faults.append(f"{where}: no chapter up to this one has the concept '{question.concept}'")
        if question.id in foreign:
            faults.append(f"{quiz.where(question, 'id')}: quizzes/{foreign[question.id]}.toml has this id too")
        faults += unproven(quiz, question)
    asked = {question.concept for question in quiz.questions}
    for concept in so_far[-1].concepts:
        if concept not in asked:
            faults.append(f"{file}: no item asks about the chapter's concept '{concept}'")
    if len(quiz.questions) < LEAST_ITEMS:
        faults.append(f"{file}: {len(quiz.questions)} items; a quiz has at least {LEAST_ITEMS}")
    kinds = {question.kind for question in quiz.questions}
    if len(kinds) < LEAST_KINDS:
        faults.append(f"{file}: only {', '.join(sorted(kinds))}; a quiz has at least {LEAST_KINDS} kinds of items")
    return faults


def unproven(quiz: Quiz, question: Choice | Tracing | Short) -> list[str]:
    """What an item says of programs without a proof."""
    if isinstance(question, Tracing) or (isinstance(question, Short) and question.order):
        return []
    wrong = question.prompt.distractors if isinstance(question, Choice) else []
    texts = [question.prompt.prompt, *question.right, *wrong]
    if not question.proof:
        if any("```rust" in text or ERROR_CODE.search(text) for text in texts):
            return [f"{quiz.where(question)}: shows code or an error code, so it needs a [[questions.proof]]"]
        return []
    proven = {proof.code for proof in question.proof}
    named = {code for text in question.right for code in ERROR_CODE.findall(text)}
    if "{answer}" not in proven and (missing := sorted(named - proven)):
        return [f"{quiz.where(question, 'proof')}: the answer names {missing[0]}, but no proof has this code"]
    return []


def _other_ids(course: Course, chapter: str) -> dict[str, str]:
    """The ids of the other chapters' quizzes. A broken one is its own chapter's fault, and found there."""
    ids: dict[str, str] = {}
    for other in course.chapters:
        if other.name != chapter and quizzes.path(course, other.name).exists():
            try:
                ids |= dict.fromkeys(quizzes.load(course, other.name).ids, other.name)
            except CourseError:
                continue
    return ids


def _claims(quiz: Quiz, question: Choice | Tracing | Short) -> Iterable[Claim]:
    if isinstance(question, Tracing):
        answer = question.answer
        job = Job(question.program, answer.does_compile, tuple(question.crates))
        where = quiz.where(question, "answer")
        yield Claim(where, job, answer.does_compile, answer.code, answer.line_number, answer.stdout)
    elif isinstance(question, Short) and question.order:
        yield from _orders(quiz, question)
    for index, proof in enumerate(question.proof):
        where = quiz.where(question, "proof", index)
        if not proof.open:
            yield _filled(where, proof, "", holds=True)
            continue
        wrong = question.prompt.distractors if isinstance(question, Choice) else []
        right = [] if isinstance(question, Tracing) else question.right
        for text in right:
            yield _filled(where, proof, text, holds=True)
        for text in wrong:
            yield _filled(where, proof, text, holds=False)


def _filled(where: str, proof: Proof, answer: str, *, holds: bool) -> Claim:
    text = quizzes.bare(answer)
    code, line = proof.code, proof.line
    if code == "{answer}":
        found = ERROR_CODE.search(text)
        code = found[0] if found else ""
    if line == "{answer}":
        number = re.search(r"\d+", text)
        line = int(number[0]) if number else 0
    job = Job(
        proof.program.strip().replace("{answer}", text) + "\n",
        proof.stdout is not None or proof.panics,
        tuple(proof.crates),
    )
    stdout = proof.stdout.replace("{answer}", text) if proof.stdout is not None else None
    about = f"'{answer.strip()}': " if answer and holds else f"'{answer.strip()}' " if answer else ""
    return Claim(where, job, proof.compiles, code, line, stdout, proof.panics, holds, about)


def _orders(quiz: Quiz, question: Short) -> Iterable[Claim]:
    """Every order of the lines: exactly the listed ones may work."""
    order = question.order
    assert order
    listed = {quizzes.letters(text) for text in question.right}
    for labels in itertools.permutations(question.labels):
        lines = "\n".join(order.lines[question.labels.index(label)] for label in labels)
        program = order.program.strip().replace("{lines}", lines) + "\n"
        about = f"the order {' '.join(labels)} "
        holds = "".join(labels) in listed
        job = Job(program, True, tuple(order.crates))
        about = f"{about}is listed, but " if holds else about
        yield Claim(quiz.where(question, "order"), job, True, stdout=order.stdout, holds=holds, about=about)


def _results(
    course: Course, quiz: Quiz, jobs: Iterable[Job], notify: Callable[[str], None] | None
) -> dict[Job, Result]:
    """The jobs' results, two at a time; those known from an earlier proof are not run again."""
    jobs = list(jobs)
    file = course.root / ".workbook" / "proofs" / f"{quiz.chapter}.json"
    version = _rustc_version(course.root) if jobs else ""
    stamps = {crate: _crate_stamp(course) for crate in {crate for job in jobs for crate in job.crates}}
    keys = {job: _key(job, version, stamps) for job in jobs}
    kept = _kept(file)
    results = {job: kept[key] for job, key in keys.items() if key in kept}
    waiting = [job for job in jobs if job not in results]
    if waiting:
        if notify:
            notify(f"{quiz.chapter}: compiling {len(waiting)} programs of the quiz")
        externs = _externs(course, quiz.chapter) if any(job.crates for job in waiting) else {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = pool.map(lambda job: _carry_out(course.root, job, externs), waiting)
            results |= dict(zip(waiting, done, strict=True))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Only what this quiz uses now: the file does not grow with every edit.
            write_atomically(file, json.dumps({keys[job]: asdict(results[job]) for job in jobs}))
        except (OSError, CourseError):
            pass  # A folder that cannot be written costs the next proof its speed, not this one its result.
    return results


def _kept(file: Path) -> dict[str, Result]:
    try:
        return {key: Result(**value) for key, value in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _key(job: Job, version: str, stamps: dict[str, str]) -> str:
    parts = [EDITION, version, str(job.run), job.program, *(f"{crate} {stamps[crate]}" for crate in job.crates)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _rustc_version(root: Path) -> str:
    return _call(["rustc", "-vV"], root).stdout


def _carry_out(root: Path, job: Job, externs: dict[str, Path]) -> Result:
    with tempfile.TemporaryDirectory(prefix="workbook-quiz-") as folder:
        source = Path(folder, "main.rs")
        source.write_text(job.program, encoding="utf-8")
        command = ["rustc", "--edition", EDITION, "-A", "warnings", "--error-format=json", "--out-dir", folder]
        for crate in job.crates:
            if crate.replace("-", "_") not in externs:
                raise CourseError(f"A quiz needs the crate '{crate}', which the chapter does not depend on.")
        if job.crates:
            deps = {str(file.parent) for file in externs.values()}
            command += [part for folder_ in sorted(deps) for part in ("-L", f"dependency={folder_}")]
            names = [crate.replace("-", "_") for crate in job.crates]
            command += [part for name in names for part in ("--extern", f"{name}={externs[name]}")]
        # Metadata is enough to be sure that a program compiles; code is made only for what is run.
        emit = ["-C", "debuginfo=0"] if job.run else ["--emit=metadata"]
        compiled = _call([*command, *emit, str(source)], root)
        if compiled.returncode != 0:
            return _failure(compiled.stderr)
        if not job.run:
            return Result(True)
        stdout, ended = _run(Path(folder, "main.exe" if os.name == "nt" else "main"), Path(folder))
        return Result(True, stdout=stdout, ended=ended)


def _failure(stderr: str) -> Result:
    errors = []
    for line in stderr.splitlines():
        if line.startswith("{"):
            message = json.loads(line)
            # 'aborting due to …' has no place in the program.
            if message["level"].startswith("error") and message["spans"]:
                errors.append(message)
    if not errors:
        raise CourseError(f"rustc failed without naming an error:\n{stderr.strip()[-2000:]}")
    first = errors[0]
    place = next((span["line_start"] for span in first["spans"] if span["is_primary"]), 0)
    code = (first["code"] or {}).get("code", "")
    return Result(False, code=code, line=place, errors=len(errors), message=first["message"])


def _run(program: Path, folder: Path) -> tuple[str, str]:
    """The program's standard output, and how it ended if not well."""
    process = subprocess.Popen(
        [program],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RUST_BACKTRACE": "0"},
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(RUN_SECONDS, stop)
    timer.start()
    assert process.stdout
    try:
        said = process.stdout.read(OUTPUT_CAP + 1)
        if len(said) > OUTPUT_CAP:
            process.kill()
        status = process.wait()
    finally:
        timer.cancel()
        process.stdout.close()
    stdout = said[:OUTPUT_CAP].decode("utf-8", "replace")
    if late.is_set():
        return stdout, f"it runs longer than {RUN_SECONDS} s"
    if len(said) > OUTPUT_CAP:
        return stdout, f"it prints more than {OUTPUT_CAP >> 10} KB"
    # 101 is what a panic in `main` exits with.
    return stdout, "" if status == 0 else "panic" if status == 101 else f"it exits with {status}"


def _externs(course: Course, chapter: str) -> dict[str, Path]:
    """The chapter's own crate and all it depends on, as libraries that rustc can be given."""
    package = course.chapter(chapter).crate
    command = ["cargo", "build", "--quiet", "--locked", "-p", package, "--lib", "--message-format=json"]
    built = _call(command, course.file(course.chapter(chapter).workspace), seconds=1800)
    if built.returncode != 0:
        raise CourseError(
            f"The crate '{package}', which its quiz uses, does not build:\n{built.stderr.strip()[-2000:]}"
        )
    found: dict[str, Path] = {}
    for line in built.stdout.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "compiler-artifact":
            for file in map(Path, message["filenames"]):
                if file.suffix in (".rlib", ".so", ".dylib", ".dll"):
                    found[message["target"]["name"].replace("-", "_")] = file
    return found


def _crate_stamp(course: Course) -> str:
    """Changes when a dependency's version or a chapter's own code does."""
    files = [course.root / "Cargo.lock", *sorted(course.root.glob("chapters/*/src/**/*.rs"))]
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _call(command: list[str], root: Path, *, seconds: float = COMPILE_SECONDS) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("RUSTC_")}
    try:
        return subprocess.run(
            command,
            # In the course's root, so that rustup takes the toolchain that the course names.
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise CourseError(
            f"'{command[0]}' was not found. Install Rust from https://rustup.rs, then try again."
        ) from None
    except subprocess.TimeoutExpired:
        raise CourseError(f"'{command[0]}' took longer than {seconds:.0f} s and was stopped.") from None
