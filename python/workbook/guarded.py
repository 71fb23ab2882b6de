"""Answers judged behind a guard: each compiled and run in a sandbox of its own, with a verdict that it cannot write.

`prepare` builds what a chapter's exercises need, once and outside of any sandbox, and takes down the command by which
cargo compiles one of them. `judge` gives that command each answer's file, and nothing else of the learner's. A check is
then a process of its own, and passes when three things agree: the name that was asked for, an exit without a fault, and
a report. The report is made of a secret that comes in by standard input when the check begins, before any of the
answer's code has run, lies in a private place of the check's until its last line is behind it, and goes out by the same
socket. Safe Rust cannot get at it (`source_rules.py` keeps answers safe), nothing of it is in the executable, and each
run has another. What a program prints, and how it leaves, can only make things worse.

A check that a teacher keeps to themselves is compiled into another program than the course's own. Nothing that this
program prints, and nothing that the compiler says about it, is kept: whether it passed, and that is all.

Everything is in the arguments: the same call does the same in another process.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from workbook import cargo, checks, exercise, judge, needs, process, sandbox, scratch, source_rules, verdict
from workbook.course import Chapter, Course, CourseError, Exercise
from workbook.files import locked
from workbook.process import Outcome
from workbook.sandbox import Cell, Room
from workbook.scratch import Answer
from workbook.verdict import Check, Verdict

JOBS = "jobs"
"""Below the scratch workspace: a folder an answer, while it is judged."""

REFUSED = "refused"
"""The cause of a verdict on an answer that was not compiled, for what it says."""

SAID = 4 << 20
"""Bytes that the compiler may say of one answer."""

REPORT = 256
"""Bytes of a report that are looked at: a secret, a space and a name are fewer."""

SLACK = 10
"""Times as long as the processor's seconds are, by the clock, the compiler may take."""

OUT_OF_TIME = (-24, -9)
"""How a program is ended that has had its seconds of the processor: SIGXCPU, or SIGKILL if it does not listen."""

LINKED = ("", ".exe", ".so", ".dylib", ".dll", ".wasm")
"""What the names of programs and libraries end with."""

NODE_ADDRESSES = 1 << 40
"""Bytes of addresses for Node."""

WAIT = 600.0
"""Seconds to wait for another process that prepares the same chapter."""

GUARD = """
#[allow(unused_imports)]
use ::std::{assert, assert_eq, assert_ne, debug_assert, debug_assert_eq, debug_assert_ne, matches};

#[allow(clippy::all, clippy::pedantic, dead_code)]
mod __workbook_guard {
    pub(super) struct Secret(Option<::std::fs::File>, [u8; 64]);

    #[cfg(unix)]
    fn channel() -> Option<::std::fs::File> {
        use ::std::os::fd::AsFd as _;
        let own = ::std::io::stdin().as_fd().try_clone_to_owned();
        own.ok().map(::std::fs::File::from)
    }

    #[cfg(not(unix))]
    fn channel() -> Option<::std::fs::File> {
        ::std::option::Option::None
    }

    pub(super) fn begin() -> Secret {
        use ::std::io::Read as _;
        let mut secret = Secret(channel(), [0; 64]);
        match &mut secret.0 {
            Some(file) => drop(file.read_exact(&mut secret.1)),
            None => drop(::std::io::stdin().read_exact(&mut secret.1)),
        }
        secret
    }

    pub(super) fn end(secret: Secret, name: &[u8]) {
        use ::std::io::Write as _;
        let Secret(file, secret) = secret;
        let mut line = ::std::vec::Vec::with_capacity(256);
        line.extend_from_slice(&secret);
        line.push(b' ');
        line.extend_from_slice(name);
        line.push(b'\\n');
        match file {
            Some(mut file) => drop(file.write_all(&line)),
            None => drop(::std::io::stdout().write_all(&line)),
        }
    }
}
"""

# The first lines make a macro of the answer's that has the name of an assertion ambiguous: it does not compile.

GUARDED = """
#[::core::prelude::v1::test]
fn {name}() {{
    let secret = self::__workbook_guard::begin();
    let () = self::{inner}();
    self::__workbook_guard::end(secret, b"{name}");
}}
"""

INNER = "__workbook_"


@dataclass(frozen=True)
class Limits:
    """What judging one answer may use, while it is compiled and while it runs.

    The compiler's seconds are the processor's: it never waits, and a machine that is busy must not cost a mark.
    """

    compiler: sandbox.Limits = field(default_factory=lambda: sandbox.Limits(disk=1 << 30, cpu=60, output=SAID))
    program: sandbox.Limits = field(default_factory=sandbox.Limits)


@dataclass(frozen=True)
class Ready:
    """A chapter whose dependencies are built: how cargo compiles a target of each kind, and with which settings."""

    chapter: str
    # By who checks it (`rust`, `python`, `node`): the compiler's words and its environment.
    commands: dict[str, tuple[list[str], dict[str, str]]]
    # What the compiler must see beside the answer: itself, and what was built.
    shown: tuple[Path, ...]
    # What the programs must see: data and models.
    data: tuple[Path, ...]
    env: dict[str, str]
    folder: Path


@dataclass
class Judged:
    """A verdict, and what became of the teacher's own checks: for marks, and never for the learner's eyes."""

    verdict: Verdict
    hidden: dict[str, bool] = field(default_factory=dict)


# --- preparing ------------------------------------------------------------------------------------------------------


def prepare(course: Course, chapter: Chapter, folder: str, notify: Callable[[str], None] | None = None) -> Ready:
    """Builds what the exercises of `chapter` need, in the scratch workspace `folder` (a name in the course's root).

    Nothing of a learner's is there yet. Raises `CourseError` when it cannot be built, or not be told how cargo does it.
    """
    if chapter.group or any(item.models for item in chapter.exercises):
        needs.provide(chapter, chapter.exercises)
    workspace = course.root / folder
    workspace.mkdir(exist_ok=True)
    # Everything in it can be made again: nothing for git, or for what asks git which files there are.
    (workspace / ".gitignore").write_text("*\n", encoding="utf-8")
    (workspace / JOBS).mkdir(mode=0o700, exist_ok=True)
    kinds = {item.checked_by: item for item in chapter.exercises}
    for_node = "node" in kinds
    if for_node or "python" in kinds:
        from workbook import python_checks

        python_checks.prepare(for_node=for_node)
    with locked(workspace / "prepare.lock", wait=WAIT):
        # A new name each time: cargo says how it compiles only what it has not compiled yet.
        mark = secrets.token_hex(4)
        probes = [Answer(item, f"probe_{kind}_{mark}", "") for kind, item in kinds.items()]
        package = scratch.lay_out(course, workspace, chapter, probes)
        said: list[str] = []

        def listen(line: str) -> None:
            said.append(line)
            # Not the compilers' commands, which are many and have lines of their own.
            if notify and re.match(r"(?!Running|Fresh|Dirty)[A-Z][a-z]+ \S", line):
                notify(line)

        examples = {probe.target for probe in probes if probe.item.kind == "example"}
        modules = {probe.target for probe in probes if probe.item.checked_by == "node"}
        targets = [probe.target for probe in probes]
        cargo.build(
            workspace, package, targets, examples=examples, modules=modules, locked=False, verbose=True, notify=listen
        )
    commands = {probe.item.checked_by: _command(probe.target, said) for probe in probes}
    if for_node:
        from workbook import wasm

        words, env = commands["node"]
        route = wasm.ensure_route()
        # Cargo's own compiler, which for a module may be another one than rustup's, and how it may be called.
        words[0] = route.env.get("RUSTC", words[0])
        env |= {name: value for name, value in route.env.items() if name == "RUSTC_BOOTSTRAP"}
    installed = sysroot(course.root)
    libraries = {path: sandbox.in_sight(path) for path in needs.libraries(chapter)}
    shown = [installed, *libraries.values()]
    for words, env in commands.values():
        for link, real in libraries.items():
            words[:] = [word.replace(str(link), str(real)) for word in words]
        if not Path(words[0]).is_absolute():
            words[0] = str(installed / "bin" / Path(words[0]).name)
        shown += [Path(part) for part in _folders(words)]
        shown += [Path(env[name]) for name in ("OUT_DIR",) if name in env]
    data = [*(course.root / name for name in ("chapters", "data", "crates")), *libraries.values()]
    env = _models(chapter, data)
    seen = tuple(dict.fromkeys(sandbox.in_sight(path) for path in shown if path.exists()))
    named = tuple(dict.fromkeys(path for path in data if path.exists()))
    return Ready(chapter.name, commands, seen, named, env, workspace)


def _command(target: str, said: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """How cargo called the compiler for a target: its words and what it set in the environment."""
    for line in said:
        match = re.fullmatch(r"Running `(.*)`", line)
        if not match or f"--crate-name {target} " not in line:
            continue
        words, env = shlex.split(match[1]), {}
        while re.match(r"[A-Za-z_]\w*=", words[0]):
            name, value = words.pop(0).split("=", 1)
            env[name] = value
        # A wrapper such as sccache stands before it.
        start = next(place for place, word in enumerate(words) if Path(word).stem == "rustc")
        return words[start:], env
    raise CourseError("Cargo did not say how it compiles an exercise, so nothing can be graded.")


def _folders(words: Sequence[str]) -> Iterator[str]:
    """The folders from which a command takes what was built."""
    for flag, value in pairwise(words):
        if flag == "-L":
            yield value.partition("=")[2] or value
        elif flag == "--extern" and "=" in value:
            yield str(Path(value.partition("=")[2]).parent)


def sysroot(root: Path) -> Path:
    """Where the compiler and Rust's own libraries lie: rustup's `rustc` only leads there."""
    beside = Path(cargo.cargo())
    rustc = str(beside.with_name(f"rustc{beside.suffix}"))
    try:
        said = subprocess.run([rustc, "--print", "sysroot"], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise CourseError("'rustc --print sysroot' does not say where Rust is installed.") from None
    return Path(said.stdout.strip())


def _models(chapter: Chapter, data: list[Path]) -> dict[str, str]:
    """The variables by which the chapters find real models; where these lie is added to `data`."""
    wanted = {name for item in chapter.exercises for name in item.models}
    if not wanted:
        return {}
    from workbook import models

    env = {}
    for name in sorted(wanted):
        place = sandbox.in_sight(models.path(name))
        env[models.model(name).variable] = str(place)
        data.append(place)
    return env


# --- judging --------------------------------------------------------------------------------------------------------


def judge_all(
    course: Course,
    ready: Ready,
    answers: Sequence[Answer],
    *,
    cell: Cell | None,
    extra: Path | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
) -> list[Judged]:
    """The verdicts on `answers` to exercises of the chapter that is `ready`, in their order, `workers` at a time.

    `cell` is the sandbox, None to run them as the caller. `extra` is the folder of the teacher's own checks.

    Raises `CourseError` where the fault is the machine's.
    """
    bench = _Bench(course, ready, cell, extra, limits or Limits())
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        try:
            results = scratch.each(pool, bench.one, answers)
            # A limit goes by the clock, and other answers ran beside this one: a second try, when they are done.
            late = [n for n, result in enumerate(results) if verdict.TIMEOUT in result.verdict.causes]
            late = [n for n in late if answers[n].limit is None] if len(answers) > 1 else []
            for n, result in zip(late, scratch.each(pool, bench.one, [answers[n] for n in late]), strict=True):
                results[n] = result
            return results
        except (KeyboardInterrupt, SystemExit):
            # The pool waits for its threads: none may begin another run, or go on with an endless one.
            process.end_all()
            raise


@dataclass
class _Bench:
    """One call's arguments."""

    course: Course
    ready: Ready
    cell: Cell | None
    extra: Path | None
    limits: Limits

    def one(self, answer: Answer) -> Judged:
        """Compiles and runs one answer, and then the teacher's checks of it, if there are any."""
        started = time.perf_counter()
        item = answer.item
        source = self.course.file(item.checks).read_text(encoding="utf-8")
        own = hidden_checks(self.extra, item)
        nothing = dict.fromkeys(_names(item, own), False) if own is not None else {}
        if problem := self._refused(answer, source):
            outcome = Verdict(item.chapter, item.name, passed=False, stage="compile", causes=[REFUSED])
            outcome.message = f"It was not run: {problem}."
            return Judged(outcome, nothing)
        with self._job() as job:
            built = self._compile(job, answer, source)
            outcome = self._weigh(job, answer, source, built)
            if outcome.passed and item.lints:
                judge.add_lints(item, outcome, [m for m in self._lints(job, answer) if m.code])
        outcome.seconds = time.perf_counter() - started
        hidden = nothing
        if own is not None and built.executable:
            with self._job() as job:
                theirs = self._compile(job, answer, own)
                if theirs.executable and not theirs.problem:
                    found = self._weigh(job, answer, own, theirs).checks
                    hidden = {check.name: check.state == "passed" for check in found}
        return Judged(outcome, hidden)

    def _refused(self, answer: Answer, source: str) -> str | None:
        path = Path(answer.item.master)
        master = exercise.parse(self.course.file(answer.item.master).read_text(encoding="utf-8"), path)
        return source_rules.fault(answer.text, answer.item, master.starter() + master.solution(), source)

    @contextlib.contextmanager
    def _job(self) -> Iterator[Path]:
        job = self.ready.folder / JOBS / secrets.token_hex(8)
        # Its own name is no secret; that nobody else of this machine looks in is the parent's doing.
        (job / "out").mkdir(parents=True)
        job.chmod(0o755)
        (job / "out").chmod(0o777)
        try:
            yield job
        finally:
            shutil.rmtree(job, ignore_errors=True)

    def _words(self, answer: Answer, job: Path) -> tuple[list[str], dict[str, str]]:
        """Cargo's command, for this answer's file in this job's folder."""
        words, env = self.ready.commands[answer.item.checked_by]
        name = answer.item.name
        made: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--crate-name":
                made += [word, name]
                next(rest)
            elif word == "--out-dir":
                made += [word, str(job / "out")]
                next(rest)
            elif word == "-C" or word.startswith("-C"):
                value = next(rest) if word == "-C" else word.removeprefix("-C")
                if not value.startswith(("incremental=", "metadata=", "extra-filename=")):
                    made += ["-C", value]
            elif word.endswith(".rs"):
                made.append(answer.item.path)
            elif not word.startswith("--diagnostic-width"):
                made.append(word)
        return made, {**env, "CARGO_MANIFEST_DIR": str(job), "CARGO_CRATE_NAME": name, "TMPDIR": str(job / "out")}

    def _compile(self, job: Path, answer: Answer, source: str) -> _Built:
        item = answer.item
        for path, text in ((item.path, answer.text), (item.checks, guarded(source) if item.footer else source)):
            (job / path).parent.mkdir(parents=True, exist_ok=True)
            (job / path).write_text(text, encoding="utf-8", newline="\n")
        words, env = self._words(answer, job)
        return self._rustc(job, answer, words, env)

    def _rustc(self, job: Path, answer: Answer, words: Sequence[str], env: dict[str, str]) -> _Built:
        here = "--target" not in words and "x86_64-unknown-linux-gnu" in str(self.ready.shown[0])
        if self.cell and not self.cell.proc and here:
            words = [*words, "-Clinker-features=-lld"]  # It asks `/proc` where it lies.
        room = Room(job, (*self.ready.shown, job), (job / "out",), env, trusted=True)
        seconds = self.limits.compiler.cpu or 60
        outcome = sandbox.run(self.cell, words, room, seconds=SLACK * seconds, limits=self.limits.compiler, kept=SAID)
        result = cargo.Build()
        name = answer.item.name
        for line in outcome.output.splitlines():
            with contextlib.suppress(ValueError):
                message = json.loads(line) if line.startswith("{") else {}
                if message.get("$message_type", "") == "diagnostic":
                    cargo.take_diagnostic(message, name, result)
        found = result.diagnostics.get(name, [])
        made = [path for path in (job / "out").iterdir() if path.suffix in LINKED]
        executable = next((path for path in made if path.is_file() and not path.is_symlink()), None)
        if outcome.timed_out or outcome.returncode in OUT_OF_TIME:
            return _Built(found, None, f"the compiler was still at work after {seconds:g} s and was stopped")
        if outcome.flooded:
            return _Built(found, None, "the compiler said more about it than anybody can read, and was stopped")
        if outcome.returncode != 0 and not any(message.level == "error" for message in found):
            last = (outcome.output.strip().splitlines() or ["it did not say why"])[-1]
            return _Built(found, None, f"the compiler gave up on it: {verdict.strip_ansi(last)[:200]}")
        return _Built(found, executable if outcome.returncode == 0 else None)

    def _weigh(self, job: Path, answer: Answer, source: str, built: _Built) -> Verdict:
        item = answer.item
        if built.problem:
            outcome = Verdict(item.chapter, item.name, passed=False, stage="compile", diagnostics=built.diagnostics)
            outcome.message = f"{built.problem[0].upper()}{built.problem[1:]}."
            return outcome
        limit = answer.limit or item.limit

        def run(executable: Path, names: Sequence[str]) -> list[Check]:
            if item.checked_by != "rust":
                return self._run_python(job, executable, item, names, limit)
            return self._run(job, executable, names, limit)

        return judge.weigh(
            self.course,
            item,
            answer.text,
            built.diagnostics,
            built.executable,
            job,
            limit=limit,
            source=source,
            run=run,
        )

    def _run(self, job: Path, executable: Path, names: Sequence[str], limit: float) -> list[Check]:
        """Each check in a process of its own, with a secret of its own."""
        # Nobody can write it any more: a program must not change itself.
        executable.chmod(0o555)
        room = Room(executable.parent, (*self.ready.data, executable, *self._libraries()), (), self._env(), executable)

        def once(short: str, words: list[str], seconds: float) -> tuple[Outcome, bool]:
            secret = secrets.token_hex(32)
            with _channel(secret) as (stdin, report):
                outcome = sandbox.run(self.cell, words, room, seconds=seconds, limits=self.limits.program, stdin=stdin)
                return outcome, report(outcome.output) == f"{secret} {short}\n"

        return checks.in_turn(executable, names, limit, once)

    def _run_python(
        self, job: Path, executable: Path, item: Exercise, names: Sequence[str], limit: float
    ) -> list[Check]:
        from workbook import python_checks

        def start(
            words: Sequence[str | Path], env: dict[str, str], seconds: float, places: Sequence[Path]
        ) -> tuple[Outcome, str]:
            shown = (*self.ready.data, *self._libraries(), *places[1:], job)
            limits = self.limits.program
            if item.checked_by == "node":
                node = sandbox.in_sight(Path(shutil.which("node") or "node"))
                shown = (*shown, node)
                env = {**env, "PATH": os.pathsep.join([str(node.parent), sandbox.BARE["PATH"]])}
                # Node sets aside far more addresses than it ever uses; its own limits on memory are below ours.
                limits = replace(limits, memory=NODE_ADDRESSES)
            room = Room(job, shown, (places[0],), {**self._env(), **env})
            secret = secrets.token_hex(32)
            with _channel(secret) as (stdin, _):
                outcome = sandbox.run(self.cell, words, room, seconds=seconds, limits=limits, stdin=stdin)
            return outcome, secret

        return python_checks.run(executable, item.name, job / item.checks, names, limit=limit, start=start)

    def _env(self) -> dict[str, str]:
        env = dict(self.ready.env)
        libraries = [env["LD_LIBRARY_PATH"] for _, env in self.ready.commands.values() if "LD_LIBRARY_PATH" in env]
        return env | ({"LD_LIBRARY_PATH": libraries[0]} if libraries else {})

    def _libraries(self) -> list[Path]:
        """What programs load when they start, beside the system's own: where the linker was told to look for it."""
        words = [word for words, _ in self.ready.commands.values() for word in words]
        return [Path(word.removeprefix("native=")) for word in words if word.startswith("native=")]

    def _lints(self, job: Path, answer: Answer) -> list[verdict.Diagnostic]:
        """What clippy says: it takes the compiler's place, and makes nothing that could be run."""
        words, env = self._words(answer, job)
        driver = Path(words[0]).with_name(f"clippy-driver{Path(words[0]).suffix}")
        words = [str(driver), *words]
        emit = next(place for place, word in enumerate(words) if word.startswith("--emit"))
        words[emit] = "--emit=metadata"
        clippy = self.course.root / "clippy.toml"
        if clippy.exists():
            shutil.copyfile(clippy, job / "clippy.toml")
        built = self._rustc(job, answer, words, {**env, "CLIPPY_ARGS": "", "CLIPPY_CONF_DIR": str(job)})
        return built.diagnostics


@dataclass
class _Built:
    """What came of compiling one answer. `problem` says why there is no verdict of the compiler's own."""

    diagnostics: list[verdict.Diagnostic]
    executable: Path | None
    problem: str = ""


@contextlib.contextmanager
def _channel(secret: str) -> Iterator[tuple[Any, Callable[[str], str]]]:
    """Standard input for one check, with its secret in it, and what reads the report when it has ended."""
    if os.name != "posix":
        reading, writing = os.pipe()
        os.write(writing, secret.encode())
        os.close(writing)
        try:
            yield reading, lambda output: "".join(re.findall(rf"{secret} \w+\n", output.replace("\r\n", "\n")))
        finally:
            os.close(reading)
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(secret.encode())

        def report(_: str) -> str:
            theirs.close()
            ours.setblocking(False)
            said = b""
            with contextlib.suppress(OSError):
                while len(said) < REPORT and (part := ours.recv(REPORT)):
                    said += part
            return said.decode("utf-8", "replace")

        yield theirs, report


def guarded(source: str) -> str:
    """A checks file in which each test reports that it came to its end; its lines stay where they are.

    An async test becomes a function that runs to its end on the runtime that the test would have had.

    Raises `CourseError` for a test that is no plain function: the report would not mean what it says.
    """
    names = [name.removeprefix("checks::") for name in exercise.check_names(source)]
    lines = source.splitlines()
    waiting: str | None = None
    for place, line in enumerate(lines):
        if exercise.TEST.match(line):
            waiting = line.strip()
            lines[place] = _runtime(waiting)
        elif waiting and (match := exercise.FUNCTION.match(line)):
            name = match["name"]
            if f"fn {name}() {{" not in line or ("async" in line) != ("tokio" in waiting):
                raise CourseError(f"The check '{name}' must be a plain `fn {name}() {{`.")
            lines[place] = line.replace(f"fn {name}(", f"fn {INNER}{name}(", 1)
            waiting = None
    tests = "".join(GUARDED.format(name=name, inner=f"{INNER}{name}") for name in names)
    return "\n".join(lines) + "\n" + GUARD + tests


def _runtime(attribute: str) -> str:
    """What stands above a test's function in the place of `#[test]` (nothing) or `#[tokio::test]`."""
    if "tokio" not in attribute:
        return ""
    settings = attribute.partition("(")[2].rpartition(")")[0]
    if "flavor" not in settings:
        settings = ", ".join(filter(None, ['flavor = "current_thread"', settings]))
    return f"#[::tokio::main({settings})]"


# --- the teacher's own checks ---------------------------------------------------------------------------------------


def hidden_checks(extra: Path | None, item: Exercise) -> str | None:
    """The teacher's own checks of an exercise, if there are any: `EXTRA/NN_topic/NAME.rs`."""
    if extra is None:
        return None
    path = extra / item.chapter / Path(item.checks).name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None


def demand_known(course: Course, extra: Path) -> None:
    """Raises `CourseError` where a folder of own checks is none, or holds a file that would never be used."""
    if not extra.is_dir():
        raise CourseError(f"{extra} is not a folder; --checks takes one that holds NN_topic/NAME.rs for an exercise.")
    known = {Path(item.chapter, Path(item.checks).name) for item in course.exercises}
    found = [path.relative_to(extra) for path in sorted(extra.rglob("*")) if path.suffix in (".rs", ".py")]
    for path in found:
        if path not in known:
            raise CourseError(f"{extra / path} belongs to no exercise: own checks of one are NN_topic/NAME.rs.")
    if not found:
        raise CourseError(f"{extra} holds no NN_topic/NAME.rs: there are no checks in it.")


def _names(item: Exercise, source: str) -> list[str]:
    if item.checked_by != "rust":
        from workbook import python_checks

        return python_checks.names(source)
    return [name.removeprefix("checks::") for name in exercise.check_names(source)]
