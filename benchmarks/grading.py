"""Grading a class of learners who do not exist: how long it takes, and whether every mark is as it was made.

A class of the language chapters is made from a seed, graded in a copy of the course that has judged nothing before, and
its marks are compared with those that it was made for. Then the same class is graded once more, which judges nothing.

    python benchmarks/grading.py [--learners 200] [--different 0.25] [--chapter NAME]... [--jobs N]... [--json FILE]
    python benchmarks/grading.py --plot FILE... [--clock] [--out docs/grading.svg]

Several `--jobs` grade the class once each, and `--clock` shows them side by side. `--plot` draws what `--json` has
kept. benchmarks/README.md has figures, and says how to read them.
"""

from __future__ import annotations

import argparse
import bisect
import contextlib
import io
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))

from workbook import author, grade_store, submission, synthetic  # noqa: E402
from workbook import course as courses  # noqa: E402
from workbook.course import Chapter, Course  # noqa: E402

LANGUAGE = ("01", "02", "03", "04", "05", "06")


@dataclass
class Run:
    """One grading of one class.

    `course` are samples: answers judged, seconds, and the CPU's seconds of all that the run started (None where the
    machine does not count them: they need a control group, which root may make). `steps` says how many different
    answers the first submission has, the first two, and so on, the course's own solutions included.
    """

    learners: int
    answers: int
    different: int
    jobs: int | None
    seconds: float
    again: float
    load: tuple[float, float]
    course: list[tuple[int, float, float | None]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    wrong: int = 0


def copy_course(folder: Path) -> Path:
    """The course's tracked and new files, with `.venv` and what was built lent: nothing is judged yet, all is built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


class Meter:
    """Counts what a program and all that it starts use, by a control group; by nothing where there is none to be had.

    The kernel's sums by parent and child would lack the sandboxes: their programs are nobody's children at the end.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        for base, name in ((Path("/sys/fs/cgroup/cpuacct"), "cpuacct.usage"), (Path("/sys/fs/cgroup"), "cpu.stat")):
            folder = base / f"workbook-{os.getpid()}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                if (folder / name).exists():
                    self.folder, self.name = folder, name
                    return
                folder.rmdir()

    def command(self, words: Sequence[str]) -> list[str]:
        if not self.folder:
            return list(words)
        return ["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', str(self.folder), *words]

    def seconds(self) -> float | None:
        if not self.folder:
            return None
        text = (self.folder / self.name).read_text(encoding="utf-8").split()
        return int(text[0]) / 1e9 if self.name == "cpuacct.usage" else int(text[1]) / 1e6

    def close(self) -> None:
        if self.folder:
            with contextlib.suppress(OSError):
                self.folder.rmdir()


def grade(
    root: Path, place: Path, out: Path, chapters: Sequence[str], jobs: int | None
) -> list[tuple[int, float, float | None]]:
    """Calls `grade submissions` and returns samples of how far it was, the last of them at its end."""
    chosen = [word for name in chapters for word in ("--chapter", name)]
    call = ["grade", "submissions", "--class", str(place), "--out", str(out), "--plain", *chosen]
    call += ["--jobs", str(jobs)] if jobs else []
    env = {**os.environ, "WORKBOOK_ROOT": str(root), "PYTHONPATH": str(ROOT / "python")}
    samples: list[tuple[int, float, float | None]] = []
    with contextlib.closing(Meter()) as meter, tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        command = meter.command([sys.executable, "-m", "workbook", *call])
        started = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        over = False
        while not over:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
                over = True
            used = meter.seconds()
            samples.append(
                (judged(root), round(time.perf_counter() - started, 2), None if used is None else round(used, 2))
            )
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"grading failed:\n{said.read()}")
    return samples


def judged(root: Path) -> int:
    """How many verdicts there are by now."""
    if not (root / grade_store.PLACE).exists():
        return 0
    with contextlib.closing(sqlite3.connect(root / grade_store.PLACE)) as connection:
        try:
            (count,) = connection.execute("select count(*) from verdicts").fetchone()
        except sqlite3.OperationalError:
            return 0  # It has no tables yet.
    return int(count)


def steps(course: Course, chapters: Sequence[Chapter], place: Path) -> list[int]:
    """The number of different answers among the course's solutions and the first submission, the first two, …"""
    items = [item for chapter in chapters for item in chapter.exercises]
    seen = {(item.path, author.read_master(course, item).solution()) for item in items}
    found = []
    for learner, source in submission.gather([], place)[0]:
        files = submission.read(course, learner, source).files
        seen |= {(item.path, files[item.path]) for item in items if item.path in files}
        found.append(len(seen))
    return found


def measure(root: Path, folder: Path, options: argparse.Namespace, jobs: int | None) -> Run:
    """Grades the class in `folder` with an empty store, and then again with a full one."""
    out = folder / f"marks-{jobs}"
    store = root / grade_store.PLACE
    for path in store.parent.glob(f"{store.name}*"):
        path.unlink()
    before = os.getloadavg()[0]
    samples = grade(root, folder / "class", out, options.chapter, jobs)
    load = (round(before, 1), round(os.getloadavg()[0], 1))
    again = grade(root, folder / "class", out, options.chapter, jobs)[-1][1]
    connection = sqlite3.connect(store)
    row = connection.execute("select submissions, answers, different from runs order by run limit 1").fetchone()
    connection.close()
    differing = list(compare(folder, out))
    for line in differing[:20]:
        print(f"  not as made: {line}")
    learners, answers, different = row
    times = {"seconds": samples[-1][1], "again": again}
    course = courses.load(root)
    counts = steps(course, [course.chapter(name) for name in options.chapter], folder / "class")
    return Run(
        learners, answers, different, jobs, **times, load=load, course=samples, steps=counts, wrong=len(differing)
    )


def compare(folder: Path, out: Path) -> Iterator[str]:
    """Where the marks in `out` are not those that the class in `folder` was made for."""
    told = json.loads((folder / synthetic.EXPECTED).read_text(encoding="utf-8"))
    expected = [synthetic.Expected(**one) for one in told["learners"]]
    return synthetic.differences(expected, json.loads((out / "results.json").read_text(encoding="utf-8")))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long a class takes to grade.")
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--different", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chapter", action="append", default=[])
    parser.add_argument("--jobs", type=int, action="append", default=[])
    parser.add_argument("--attacks", type=Path, default=ROOT / "tests" / "attacks")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--clock", action="store_true", help="plot the clock's seconds, for different --jobs")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "grading.svg", metavar="FILE")
    options = parser.parse_args(arguments)
    if options.plot:
        runs = [Run(**run) for path in options.plot for run in json.loads(path.read_text(encoding="utf-8"))["runs"]]
        options.out.write_text(draw(runs, clock=options.clock), encoding="utf-8")
        print(f"{options.out}: {len(runs)} runs")
        return 0
    options.chapter = options.chapter or list(LANGUAGE)
    with tempfile.TemporaryDirectory(prefix="rust-for-ai-") as name:
        folder = Path(name).resolve()
        root = copy_course(folder / "course")
        course = courses.load(root)
        chapters = [course.chapter(name) for name in options.chapter]
        hostile = synthetic.attacks(course, options.attacks) if options.attacks.is_dir() else []
        synthetic.make(
            course,
            folder,
            learners=options.learners,
            seed=options.seed,
            chapters=chapters,
            different=options.different,
            attacks=hostile,
        )
        # What the chapters need is built before the clock runs: once for all classes.
        small = folder / "first"
        synthetic.make(course, small, learners=1, seed=options.seed, chapters=chapters)
        building = grade(root, small / "class", folder / "marks-first", options.chapter, None)[-1][1]
        print(f"building, and the course's own solutions: {building:.1f} s")
        runs = []
        for jobs in options.jobs or [None]:
            run = measure(root, folder, options, jobs)
            runs.append(run)
            print(
                f"{run.learners} learners, {run.answers} answers, {run.different} different, {jobs or 'default'} jobs: "
                f"{run.seconds:.1f} s, again {run.again:.1f} s, CPU {run.course[-1][2]} s, "
                f"load {run.load[0]} to {run.load[1]}, "
                f"{run.wrong} marks not as made"
            )
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
        if options.json:
            data: dict[str, Any] = {"machine": machine, "building": building, "runs": [asdict(run) for run in runs]}
            options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return int(any(run.wrong for run in runs))


def draw(runs: Sequence[Run], *, clock: bool = False) -> str:
    """How time grows with submissions: in the CPU's seconds, or in the clock's if `clock` or if they are not known."""
    from workbook import groups

    groups.ensure("notebooks")
    import matplotlib

    matplotlib.use("svg")
    # The same figures make the same file.
    matplotlib.rcParams.update({"svg.hashsalt": "grading", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 3.6), layout="constrained")
    counted = not clock and all(used is not None for run in runs for _, _, used in run.course)
    for run in runs:
        # A submission stands where the last answer of it and of all before it is judged.
        submissions = [bisect.bisect_right(run.steps, count) for count, _, _ in run.course]
        spent = [(used if counted else seconds) or 0.0 for _, seconds, used in run.course]
        jobs = f", {run.jobs} at once" if run.jobs else ""
        axes.plot(submissions, spent, label=f"{run.different:,} different of {run.answers:,} answers{jobs}")
    axes.set_xlabel("submissions graded")
    axes.set_ylabel("seconds of one core" if counted else "seconds")
    axes.set_xlim(0)
    axes.set_ylim(0)
    axes.grid(alpha=0.3)
    axes.legend()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


if __name__ == "__main__":
    sys.exit(main())
