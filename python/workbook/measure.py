"""How a claim is measured: both programs in fresh processes, in turn, and what is kept of it when somebody stops.

What the two sides computed is compared in every round, before its figures count. The environment is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from workbook import cargo, claim_peers, process
from workbook.claim import Claim, SideModel
from workbook.course import Chapter, Course, CourseError
from workbook.files import write_atomically

LIMIT = 120.0
"""Seconds that one process may take."""

# What changes figures when it is set. It is reported.
TELLING = (
    *("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN"),
    *("MALLOC_ARENA_MAX", "GLIBC_TUNABLES", "LD_PRELOAD"),
    *("PYTHONMALLOC", "PYTHONOPTIMIZE", "PYTHONDEVMODE", "PYTHON_GIL", "PYTHON_JIT"),
)

State = Literal["holds", "not_so_here", "not_measured", "other_system", "looked_at"]

# By claim: ours, then the peer's.
Commands = dict[str, list[list[str]]]

QUICK = "CLAIMS_QUICK"
"""Set for a program that shall take a small input: can it still be measured?"""


@dataclass
class Measurement:
    """What is known of a claim so far; `figures` and `outputs` hold ours, then the peer's."""

    claim: Claim
    fingerprint: str = ""
    figures: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    outputs: list[Any] = field(default_factory=lambda: [None, None])
    state: State | None = None
    why: str | None = None
    measured_at: str = ""
    load: float | None = None
    """How many programs wanted a core, the measured one included: the system's mean of the last minute."""

    @property
    def runs(self) -> int:
        return min(map(len, self.figures))

    @property
    def ratio(self) -> float | None:
        """How many times ours goes into the peer's; None where ours is zero."""
        ours, peer = map(statistics.median, self.figures)
        return peer / ours if ours else None

    def decide(self) -> None:
        ours, peer = map(statistics.median, self.figures)
        self.state = "holds" if peer >= self.claim.model.at_least * ours and peer > 0 else "not_so_here"

    def to_json(self) -> dict[str, Any]:
        model = self.claim.model
        data: dict[str, Any] = {"name": model.name, "chapter": self.claim.chapter.name}
        data |= {"says": model.says, "source": model.source, "note": model.note, "unit": model.unit}
        data |= {"state": self.state, "why": self.why, "runs": self.runs, "measured_at": self.measured_at}
        data |= {"load": self.load}
        for name, side, figures in zip(("ours", "peer"), self.claim.sides, self.figures, strict=True):
            known = {"minimum": min(figures), "median": statistics.median(figures)} if figures else {}
            data[name] = {"label": side.label, "figures": figures, **known}
        data |= {"ratio": self.ratio if self.runs else None, "at_least": model.at_least, "outputs": self.outputs}
        return data


class _NotMeasured(Exception):
    """A claim whose figure cannot be had; the message says why."""


def build(course: Course, claims: Sequence[Claim], say: Callable[[str], None], *, quick: bool = False) -> Commands:
    """Builds every bench that `claims` name; returns the command of each side, by claim.

    Raises `CourseError` when cargo cannot. A script or bench that is not there shows when its claim is measured.
    """
    benches: dict[str, set[str]] = {}
    for claim in claims:
        for side in claim.sides:
            if side.bench and claim.measurable_here and not (quick and claim.model.quick == "look"):
                benches.setdefault(claim.chapter.name, set()).add(side.bench)
    executables: dict[tuple[str, str], str] = {}
    for chapter, targets in benches.items():
        say(f"building the benches of {chapter}: {', '.join(sorted(targets))}")
        built = _build(course, course.chapter(chapter), sorted(targets))
        executables |= {(chapter, name): path for name, path in built}
    commands: Commands = {}
    for claim in claims:
        folder = course.root / "chapters" / claim.chapter.name
        for side in claim.sides:
            if side.bench:
                program = [executables.get((claim.chapter.name, side.bench), "")]
            elif side.script:
                program = [sys.executable, str(folder / side.script)]
            else:
                program = [sys.executable, "-m", str(side.module)]
            commands.setdefault(claim.name, []).append([*program, side.figure])
    return commands


def _build(course: Course, chapter: Chapter, targets: list[str]) -> Iterator[tuple[str, str]]:
    selected = [word for target in targets for word in ("--bench", target)]
    command = ["bench", "--no-run", "--locked", "-p", chapter.crate, *selected]
    done = cargo.call(course.root, [*command, "--message-format=json"])
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0:
        said = [message["message"] for message in messages if message.get("reason") == "compiler-message"]
        raise CourseError(cargo.explain(done.stderr, [text["rendered"] for text in said if text["level"] == "error"]))
    for message in messages:
        if message.get("executable") and message["target"]["name"] in targets:
            yield message["target"]["name"], message["executable"]


def measure(
    claim: Claim,
    commands: Commands,
    store: Store,
    advance: Callable[[str, int], None],
    about: dict[str, Any],
    say: Callable[[str], None],
) -> Measurement:
    """Takes the runs that are missing, in fresh processes and in turn; each round is kept as soon as it is done."""
    course = store.course
    result = Measurement(claim)
    if not claim.measurable_here:
        result.state, result.why = "other_system", f"measured on {', '.join(claim.model.systems)} only"
    elif not store.kept and claim.model.quick == "look":
        faults = list(claim_peers.missing(course, claim))
        result.state, result.why = ("not_measured", "; ".join(faults)) if faults else ("looked_at", None)
    else:
        try:
            claim_peers.provide(course, claim, say)
        except CourseError as problem:
            result.state, result.why = "not_measured", str(problem)
    if result.state:
        advance(claim.name, 2 * store.runs)
        return result
    programs = commands[claim.name]
    result = store.take_up(claim, _fingerprint(claim, programs, about))
    advance(claim.name, 2 * result.runs)
    folder = store.course.root / "chapters" / claim.chapter.name
    try:
        while result.runs < store.runs:
            taken: dict[int, float] = {}
            # Who goes first changes with each round: what the machine does meanwhile must not favour a side.
            for index in (0, 1) if result.runs % 2 == 0 else (1, 0):
                side = claim.sides[index]
                env = _environment(store, claim, side)
                taken[index], result.outputs[index] = _figure(programs[index], side, claim.model.unit, folder, env)
                advance(claim.name, 1)
            if not _agree(*result.outputs, how=claim.model.outputs):
                ours, peer = (_cut(json.dumps(output)) for output in result.outputs)
                raise _NotMeasured(
                    f"the two sides computed different things, {ours} and {peer}: their figures do not compare"
                )
            for index, figure in taken.items():
                result.figures[index].append(figure)
            result.measured_at = now()
            result.load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
            if result.runs == store.runs:
                result.decide()
            store.keep(result, about)
    except _NotMeasured as problem:
        result.state, result.why = "not_measured", str(problem)
    return result


def _environment(store: Store, claim: Claim, side: SideModel) -> dict[str, str] | None:
    """All of ours; and beside it the packages that are for this side alone, and whether it is to be quick."""
    more: dict[str, str] = {}
    if side.packages:
        lock = store.course.root / "chapters" / claim.chapter.name / side.packages
        more["PYTHONPATH"] = str(claim_peers.folder_of(store.course, lock))
    if not store.kept:
        more[QUICK] = "1"
    return {**os.environ, **more} if more else None


def _figure(
    command: list[str], side: SideModel, unit: str, folder: Path, env: dict[str, str] | None
) -> tuple[float, Any]:
    """One figure and the output beside it, from one fresh process. Raises `_NotMeasured`."""
    if not command[0]:
        raise _NotMeasured(f"{side.label}: cargo built no bench '{side.bench}'")
    try:
        outcome = process.run_limited(command, cwd=folder, seconds=LIMIT, env=env)
    except OSError as error:
        raise _NotMeasured(f"{side.label}: it does not start: {error.strerror or error}") from None
    if outcome.timed_out:
        raise _NotMeasured(f"{side.label}: it was still running after {LIMIT:g} s and was stopped")
    if outcome.returncode != 0:
        last = outcome.output.strip().splitlines()[-1:] or ["nothing"]
        raise _NotMeasured(f"{side.label}: it ended with status {outcome.returncode} and said: {_cut(last[0])}")
    for line in outcome.output.splitlines():
        try:
            printed = json.loads(line) if line.startswith("{") else {}
        except ValueError:
            continue
        if printed.get("name") == side.figure:
            figure, output = printed.get(unit), printed.get("output")
            if (
                isinstance(figure, bool)
                or not isinstance(figure, int | float)
                or not math.isfinite(figure)
                or figure < 0
            ):
                raise _NotMeasured(f"{side.label}: '{side.figure}' came without a number of {unit}")
            if output is None:
                raise _NotMeasured(f"{side.label}: '{side.figure}' came without an output to compare")
            return float(figure), output
    raise _NotMeasured(f"{side.label}: it printed no figure '{side.figure}'")


def _agree(ours: Any, peer: Any, *, how: Literal["equal"] | float) -> bool:
    """Whether two outputs are the same: texts exactly, numbers and lists of them within the difference allowed."""
    if isinstance(ours, list) and isinstance(peer, list):
        return len(ours) == len(peer) and all(_agree(*pair, how=how) for pair in zip(ours, peer, strict=True))
    if how == "equal" or not all(isinstance(value, int | float) for value in (ours, peer)):
        return bool(ours == peer)
    return math.isclose(ours, peer, rel_tol=how)


def _fingerprint(claim: Claim, programs: list[list[str]], about: dict[str, Any]) -> str:
    """Changes with whatever makes earlier figures no longer comparable: claim, program, machine, version."""
    digest = hashlib.sha256(claim.model.model_dump_json().encode())
    for program in programs:
        for word in program:
            if Path(word).is_file():
                digest.update(Path(word).read_bytes())
    settled = {key: about[key] for key in ("versions", "environment")} | {"machine": {**about["machine"], "load": None}}
    digest.update(json.dumps(settled, sort_keys=True).encode())
    return digest.hexdigest()


class Store:
    """`.workbook/claims/`: a file a claim, and one that says which call has not come to its end.

    A call that finds one unfinished with the same claims goes on where that stopped.
    """

    def __init__(self, course: Course, claims: Sequence[Claim], *, runs: int, kept: bool) -> None:
        self.course, self.runs, self.kept = course, runs, kept
        self.folder = course.root / ".workbook" / "claims"
        self.started = now()
        if not kept:
            return
        names = sorted(claim.name for claim in claims)
        unfinished = read(self._session)
        if unfinished.get("names") == names and isinstance(unfinished.get("started"), str):
            self.started = unfinished["started"]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(f"{self.folder} cannot be made: {error.strerror or error}.") from None
        write_atomically(self._session, json.dumps({"names": names, "started": self.started}) + "\n")

    @property
    def _session(self) -> Path:
        return self.folder / "session.json"

    def _file(self, claim: Claim) -> Path:
        return self.folder / f"{claim.name}.json"

    def take_up(self, claim: Claim, fingerprint: str) -> Measurement:
        """What an interrupted call measured of this claim, else nothing."""
        fresh = Measurement(claim, fingerprint)
        data = read(self._file(claim)) if self.kept else {}
        try:
            ours, peer = ([float(figure) for figure in data[side]["figures"]] for side in ("ours", "peer"))
            # A whole measurement counts only for the call that it belongs to; another one measures anew.
            old = data["state"] is not None and data["measured_at"] < self.started
            if data["fingerprint"] != fingerprint or old or len(ours) != len(peer) or len(ours) > self.runs:
                return fresh
            result = Measurement(claim, fingerprint, (ours, peer), data["outputs"], measured_at=data["measured_at"])
            result.load = data.get("load")
        except (KeyError, TypeError, ValueError):
            return fresh
        if result.runs == self.runs:
            result.decide()
        return result

    def keep(self, result: Measurement, about: dict[str, Any]) -> None:
        if self.kept:
            data = {**about, **result.to_json(), "fingerprint": result.fingerprint}
            write_atomically(self._file(result.claim), json.dumps(data, indent=2, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Marks this call as done: the next one measures anew."""
        if self.kept:
            self._session.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def surroundings(course: Course) -> dict[str, Any]:
    """Where and when, for a report: machine, versions, and what of the environment changes figures."""
    # Beside cargo, which may stand where no PATH names it yet.
    rustc = Path(cargo.cargo()).with_name("rustc")
    try:
        said = subprocess.run(
            [rustc, "--version"], cwd=course.root, capture_output=True, encoding="utf-8", timeout=30, check=False
        )
        rust = said.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        rust = ""
    load = [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {
        "date": now(),
        "machine": {
            "system": f"{platform.system()} {platform.release()}",
            "architecture": platform.machine(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "load": load,
            "first": _goes_first(),
        },
        "versions": {"rust": rust, "python": f"{platform.python_implementation()} {platform.python_version()}"},
        "environment": {name: os.environ[name] for name in TELLING if name in os.environ},
    }


def _goes_first() -> bool:
    """Whether the system lets these processes go before all others (`chrt -f`), however busy it is."""
    return hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]} …"
