"""Grading a class of learners who do not exist: how long it takes, and whether every mark is as it was made.

A class of the language chapters is made from a seed, graded in a copy of the course that has judged nothing before, and
its marks are compared with those that it was made for. Then the same class is graded once more, which judges nothing.

    python benchmarks/grading.py [--learners 200] [--different 0.25] [--chapter NAME]... [--jobs N]... [--json FILE]
    python benchmarks/grading.py --plot FILE... [--out docs/grading.svg]

Several `--jobs` grade the class once each. `--plot` draws what `--json` has kept. benchmarks/README.md has figures, and
says how to read them.
"""

from __future__ import annotations

import argparse
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
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))

from workbook import course as courses  # noqa: E402
from workbook import grade_store, synthetic  # noqa: E402

LANGUAGE = ("01", "02", "03", "04", "05", "06")


@dataclass
class Run:
    """One grading of one class. `finished` has the seconds after which each learner's page was written, in order."""

    learners: int
    answers: int
    different: int
    jobs: int | None
    seconds: float
    again: float
    load: tuple[float, float]
    finished: list[float] = field(default_factory=list)
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


def grade(root: Path, place: Path, out: Path, chapters: Sequence[str], jobs: int | None) -> float:
    """Calls `grade submissions` and returns its seconds."""
    chosen = [word for name in chapters for word in ("--chapter", name)]
    call = ["grade", "submissions", "--class", str(place), "--out", str(out), "--plain", *chosen]
    call += ["--jobs", str(jobs)] if jobs else []
    env = {**os.environ, "WORKBOOK_ROOT": str(root), "PYTHONPATH": str(ROOT / "python")}
    started = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-m", "workbook", *call], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if said.returncode != 0:
        raise SystemExit(f"grading failed:\n{said.stderr}")
    return time.perf_counter() - started


def measure(root: Path, folder: Path, options: argparse.Namespace, jobs: int | None) -> Run:
    """Grades the class in `folder` with an empty store, and then again with a full one."""
    out = folder / f"marks-{jobs}"
    store = root / grade_store.PLACE
    for path in store.parent.glob(f"{store.name}*"):
        path.unlink()
    before = os.getloadavg()[0]
    began = time.time()
    seconds = grade(root, folder / "class", out, options.chapter, jobs)
    load = (before, os.getloadavg()[0])
    again = grade(root, folder / "class", out, options.chapter, jobs)
    connection = sqlite3.connect(store)
    row = connection.execute("select submissions, answers, different from runs order by run limit 1").fetchone()
    when = connection.execute("select done_at from results where run = (select min(run) from runs) order by learner")
    finished = [round(at - began, 2) for (at,) in when]
    connection.close()
    expected = [synthetic.Expected(**one) for one in json.loads((folder / synthetic.EXPECTED).read_text())["learners"]]
    differing = list(synthetic.differences(expected, json.loads((out / "results.json").read_text(encoding="utf-8"))))
    for line in differing[:20]:
        print(f"  not as made: {line}")
    learners, answers, different = row
    times = {"seconds": round(seconds, 1), "again": round(again, 1)}
    return Run(learners, answers, different, jobs, **times, load=load, finished=finished, wrong=len(differing))


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
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "grading.svg", metavar="FILE")
    options = parser.parse_args(arguments)
    if options.plot:
        runs = [Run(**run) for path in options.plot for run in json.loads(path.read_text(encoding="utf-8"))["runs"]]
        options.out.write_text(draw(runs), encoding="utf-8")
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
        building = grade(root, small / "class", folder / "marks-first", options.chapter, None)
        print(f"building, and the course's own solutions: {building:.1f} s")
        runs = []
        for jobs in options.jobs or [None]:
            run = measure(root, folder, options, jobs)
            runs.append(run)
            print(
                f"{run.learners} learners, {run.answers} answers, {run.different} different, {jobs or 'default'} jobs: "
                f"{run.seconds:.1f} s, again {run.again:.1f} s, load {run.load[0]:.1f} to {run.load[1]:.1f}, "
                f"{run.wrong} marks not as made"
            )
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
        if options.json:
            data: dict[str, Any] = {"machine": machine, "building": building, "runs": [asdict(run) for run in runs]}
            options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return int(any(run.wrong for run in runs))


def draw(runs: Sequence[Run]) -> str:
    """How time grows with submissions: for each run, when the page of the first, second, … learner was written."""
    from workbook import groups

    groups.ensure("notebooks")
    import matplotlib

    matplotlib.use("svg")
    # The same figures make the same file.
    matplotlib.rcParams.update({"svg.hashsalt": "grading", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 3.6), layout="constrained")
    for run in sorted(runs, key=lambda run: run.jobs or 0):
        done = sorted(run.finished)
        about = f"{run.jobs or 'default'} at once: {run.different} different of {run.answers} answers"
        axes.plot(range(1, len(done) + 1), done, label=about)
    axes.set_xlabel("submissions graded")
    axes.set_ylabel("seconds")
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
