"""Grading at scale: a class with known marks, what is kept and taken up again, and a cluster that loses a worker."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, new_clone
from course_copy import MEAN, SCALE, Copy
from test_grade import hand_in, solutions
from workbook import course as courses
from workbook import fingerprint, grade_batch, grade_cluster, grade_pool, grade_remote, groups, synthetic
from workbook.course import CourseError
from workbook.grade_pool import Pool
from workbook.grade_store import PLACE, opened, verdict_from
from workbook.grade_work import Work, batches
from workbook.guarded import Judged
from workbook.verdict import Check, Diagnostic, Verdict


def grade(copy: Copy, place: Path, *more: str) -> Any:
    """Grades everything in `place` and returns what results.json says."""
    out = copy.root.parent / "marks"
    reply = copy.call("grade", "submissions", "--class", str(place), "--out", str(out), *more)
    assert reply.code == 0, reply.err
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def rows(copy: Copy, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(copy.root / PLACE)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def last_run(copy: Copy) -> dict[str, Any]:
    names = ("submissions", "answers", "different", "known", "outcome")
    return dict(
        zip(names, rows(copy, f"select {', '.join(names)} from runs order by run desc limit 1")[0], strict=True)
    )


def marks(results: dict[str, Any]) -> dict[str, Any]:
    """What a run came to, without when and how long."""
    return {
        learner["learner"]: (
            learner["points"],
            learner["total"],
            [(item["name"], item["state"], item["code"], item["failed_checks"]) for item in learner["exercises"]],
            [quiz["score"] for quiz in learner["quizzes"]],
        )
        for learner in results["learners"]
    }


def attacks(copy: Copy) -> list[synthetic.Attack]:
    """An answer that says that all went well, and leaves."""
    item = copy.course().exercise(SCALE)
    said = 'println!("test checks::scales_each_value ... ok\\n\\ntest result: ok. 1 passed; 0 failed");'
    leaves = copy.solution(SCALE).replace("*value *= factor;", f"{said} std::process::exit(0);")
    assert leaves != copy.solution(SCALE)
    return [synthetic.Attack(item, "leaves", leaves)]


# A class with known marks.


def test_a_synthetic_class_gets_the_marks_that_it_was_made_for(three: Copy, tmp_path: Path) -> None:
    """Of every kind of answer and of container there is one; each mark is as made, and the pages are there."""
    made = synthetic.make(
        three.course(), tmp_path / "made", learners=40, seed=5, different=0.05, attacks=attacks(three)
    )
    results = grade(three, tmp_path / "made" / "class")
    assert list(synthetic.differences(made, results)) == []
    assert [learner["learner"] for learner in results["learners"]] == [one.learner for one in made]
    kinds = {kind.split()[0] for one in made for kind in one.kinds.values()}
    assert kinds == {"solution", "wrong", "starter", "missing", "cut", "bytes", "large", "attack"}
    assert {one.container for one in made} == {"folder", "zip", "wrapped", "damaged"}
    states = {state for one in made for state in one.exercises.values()}
    assert states == {"passed", "failed", "unchanged", "missing", "refused"}
    assert len(list((three.root.parent / "marks" / "feedback").glob("*.md"))) == 40
    # The comparison sees a mark that is not as made.
    made[3].points += 1
    made[4].exercises[f"01_tensors/{SCALE}"] = "refused"
    told = list(synthetic.differences(made, results))
    assert len(told) == 2 and made[3].learner in told[0] and made[4].learner in told[1]


@pytest.mark.skipif(sys.platform != "linux", reason="the attacks need a sandbox, and that is Linux's alone")
def test_a_class_of_the_courses_own_first_chapter(tmp_path: Path) -> None:
    """Real exercises, with an attack by each learner: every mark is as it was made for."""
    root = new_clone(tmp_path).root
    course = courses.load(root)
    hostile = synthetic.attacks(course, root / "tests" / "attacks")
    made = synthetic.make(
        course, tmp_path / "made", learners=16, seed=2, chapters=course.chapters[:1], different=0.1, attacks=hostile
    )
    assert sum(kind.startswith("attack") for one in made for kind in one.kinds.values()) >= 14
    copy = Copy(root, {"CARGO_TARGET_DIR": str(ROOT / "target")})
    results = grade(copy, tmp_path / "made" / "class", "--chapter", "01")
    assert list(synthetic.differences(made, results)) == []


def test_the_same_seed_makes_the_same_class(small: Copy, tmp_path: Path) -> None:
    """To the byte; and a larger class begins with the smaller one."""

    def contents(place: Path) -> dict[str, bytes]:
        files = (path for path in sorted(place.rglob("*")) if path.is_file())
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}

    made = {
        name: synthetic.make(small.course(), tmp_path / name, learners=count, seed=seed)
        for name, count, seed in (("one", 12, 3), ("again", 12, 3), ("more", 18, 3), ("other", 12, 4))
    }
    assert contents(tmp_path / "one") == contents(tmp_path / "again")
    assert contents(tmp_path / "one" / "class").items() <= contents(tmp_path / "more" / "class").items()
    assert made["one"] == made["more"][:12]
    assert contents(tmp_path / "one" / "class") != contents(tmp_path / "other" / "class")
    with pytest.raises(CourseError, match="holds something already"):
        synthetic.make(small.course(), tmp_path / "one", learners=1, seed=1)


def test_the_author_gets_a_class_by_a_command(small: Copy, tmp_path: Path) -> None:
    reply = small.call("author", "class", str(tmp_path / "made"), "--learners", "3", "--seed", "9", "--chapter", "1")
    assert reply.code == 0, reply.err
    assert "3 submissions for 9 exercises" in reply.out
    told = json.loads((tmp_path / "made" / "expected.json").read_text(encoding="utf-8"))
    assert told["seed"] == 9 and len(told["learners"]) == 3
    assert len(list((tmp_path / "made" / "class").iterdir())) == 3


# What is kept.


def test_a_second_run_judges_what_changed(small: Copy, tmp_path: Path) -> None:
    room = tmp_path / "class"
    right = solutions(small)
    hand_in(room / "ada", small, **right)
    hand_in(room / "bob", small, **right)
    first = grade(small, room)
    assert last_run(small) == {"submissions": 2, "answers": 6, "different": 3, "known": 0, "outcome": "complete"}
    assert marks(grade(small, room)) == marks(first)
    assert last_run(small)["known"] == 3

    hand_in(room / "bob", small, **{SCALE: small.starter(SCALE)})
    changed = grade(small, room)
    assert last_run(small) == {"submissions": 2, "answers": 6, "different": 4, "known": 3, "outcome": "complete"}
    assert marks(changed)["ada"] == marks(first)["ada"]
    assert [item["state"] for item in changed["learners"][1]["exercises"]] == ["passed", "unchanged", "passed"]

    # Another check is another verdict, for that chapter's answers; nothing of the old ones is used.
    small.edit("chapters/01_tensors/chapter.toml", "limit = 2", "limit = 3")
    grade(small, room)
    assert last_run(small)["known"] == 0
    assert len(rows(small, "select key from verdicts")) == 8
    # And everything anew where it is wanted.
    grade(small, room, "--again")
    assert last_run(small)["known"] == 0
    assert len(rows(small, "select key from verdicts")) == 8


def test_what_is_kept_is_what_was_found(small: Copy) -> None:
    course = small.course()
    work = Work(course.exercise(SCALE), small.starter(SCALE))
    verdict = Verdict(work.item.chapter, work.item.name, False, "check", "E0382", ["one"], 1.5, "It fails.", "A hint.")
    verdict.causes = ["one", "timeout"]
    verdict.checks = [Check("one", "failed", 0.25, "about", "1", "2", "a.rs", 3, "timeout", "printed\x1b[0m")]
    verdict.diagnostics = [Diagnostic("error", "E0382", "moved", "a.rs", 1, 2, "\x1b[31mred\x1b[0m ü")]
    verdict.lints = [Diagnostic("warning", None, "unused", "a.rs", 1, 2, "")]
    with opened(course, "trusted") as store:
        assert store.known([work]) == {}
        store.keep([(work, Judged(verdict, {"secret": True}), "here")])
        # Whoever comes second with the same answer changes nothing.
        store.keep([(work, Judged(Verdict("", "", True, "done")), "elsewhere")])
    with opened(course, "trusted") as store:
        assert store.known([work]) == {work.key: Judged(verdict, {"secret": True})}
    with opened(course, "in a sandbox") as store:
        assert store.known([work]) == {}
    assert rows(small, "select judged_by, count(*) from verdicts") == [("here", 1)]


def test_a_verdict_of_another_version_is_read(small: Copy) -> None:
    """A field that this version does not know is left out, as one that it lacks has its default."""
    kept = {"chapter": "c", "name": "n", "passed": True, "stage": "done", "later": 1}
    assert verdict_from({**kept, "checks": [], "diagnostics": [], "lints": []}) == Verdict("c", "n", True, "done")


def test_a_store_that_is_none_is_named(small: Copy, tmp_path: Path) -> None:
    (small.root / ".workbook").mkdir(exist_ok=True)
    (small.root / PLACE).write_text("no database at all, and longer than its header is" * 30, encoding="utf-8")
    hand_in(tmp_path / "class" / "ada", small, **solutions(small))
    out = tmp_path / "out"
    reply = small.call("grade", "submissions", "--class", str(tmp_path / "class"), "--out", str(out), "--trust")
    assert reply.code == 2
    assert PLACE in reply.err and "delete it" in reply.err


def test_the_teachers_own_checks_are_part_of_the_key(small: Copy, tmp_path: Path) -> None:
    course = small.course()
    scale, mean = (Work(course.exercise(name), small.solution(name)) for name in (SCALE, MEAN))
    own = tmp_path / "own" / scale.item.chapter / f"{SCALE}.rs"
    own.parent.mkdir(parents=True)
    keys = []
    for text in (None, "#[test]\nfn a() {}\n", "#[test]\nfn b() {}\n"):
        if text:
            own.write_text(text, encoding="utf-8")
        with opened(course, "trusted", tmp_path / "own") as store:
            keys.append((store.key(scale), store.key(mean)))
    assert len({key for key, _ in keys}) == 3 and len({key for _, key in keys}) == 1


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("chapters/01_tensors/checks/count_first.rs", True),
        ("chapters/01_tensors/src/lib.rs", True),
        ("chapters/01_tensors/chapter.toml", True),
        ("solutions/01_tensors/Cargo.toml", True),
        ("Cargo.toml", True),
        ("Cargo.lock", True),
        ("chapters/01_tensors/README.md", False),
        ("chapters/01_tensors/wrong/count_first.toml", False),
        ("chapters/02_layers/checks/count_first_layers.rs", False),
        ("README.md", False),
    ],
)
def test_what_the_fingerprint_is_made_of(three: Copy, path: str, counts: bool) -> None:
    course = three.course()
    chapter = course.chapters[0]
    before = fingerprint.of_chapter(course, chapter)
    file = three.root / path
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = fingerprint.of_chapter(course, chapter)
    assert (before != after) == counts
    assert {name for name in before if before[name] != after[name]} <= {"course"}


def test_a_crate_that_the_chapter_uses_counts(three: Copy) -> None:
    """Through another crate, too: layers uses tensors, and models uses layers."""
    for number, name, used in ((2, "layers", "tensors"), (3, "models", "layers")):
        manifest = three.root / f"chapters/{number:02}_{name}/Cargo.toml"
        text = manifest.read_text(encoding="utf-8").replace(
            "[lints]", f"[dependencies]\n{used}.workspace = true\n\n[lints]"
        )
        manifest.write_text(text, encoding="utf-8")
    three.edit(
        "Cargo.toml",
        "[workspace.dependencies]",
        (
            "[workspace.dependencies]\n"
            'tensors = { path = "chapters/01_tensors" }\nlayers = { path = "chapters/02_layers" }'
        ),
    )
    course = three.course()
    before = [fingerprint.of_chapter(course, chapter) for chapter in course.chapters]
    library = three.root / "chapters/01_tensors/src/lib.rs"
    library.write_text(library.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = [fingerprint.of_chapter(course, chapter) for chapter in course.chapters]
    assert [one != two for one, two in zip(before, after, strict=True)] == [True, True, True]


@contextmanager
def at_work(copy: Copy, folder: Path, *call: str) -> Iterator[subprocess.Popen[str]]:
    """A run of the grader that has judged three answers and goes on."""
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(copy.command(*call), cwd=folder, env=copy.environment(), encoding="utf-8", **streams)
    try:
        deadline = time.monotonic() + 200
        # What is judged is in the file as soon as it is known, and can be read while the run goes on.
        while not (copy.root / PLACE).exists() or len(judged(copy)) < 3:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        yield process
    finally:
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_run_goes_on(small: Copy, tmp_path: Path, how: signal.Signals) -> None:
    """It is ended in the middle of bob's check, which waits for longer than it may; the next call judges bob alone."""
    waits = small.solution(SCALE).replace(
        "*value *= factor;", "*value *= factor;\n        std::thread::sleep(std::time::Duration::from_secs(20));"
    )
    room = tmp_path / "class"
    hand_in(room / "ada", small, **solutions(small))
    hand_in(room / "bob", small, **{SCALE: waits})
    out = tmp_path / "out"
    call = ("grade", "submissions", "--class", str(room), "--out", str(out))
    with at_work(small, tmp_path, *call) as process:
        process.send_signal(how)
        _, said = process.communicate(timeout=30)
    assert (process.returncode == 130) == (how == signal.SIGINT)
    if how == signal.SIGINT:
        assert "the same call goes on from there" in said
    # What was cut off has no verdict.
    assert len(rows(small, "select key from verdicts")) == 3
    results = grade(small, room)
    assert last_run(small) == {"submissions": 2, "answers": 4, "different": 4, "known": 3, "outcome": "complete"}
    assert {learner: points for learner, (points, *_) in marks(results).items()} == {"ada": 3, "bob": 0}
    assert len(rows(small, "select learner from results where run = (select max(run) from runs)")) == 2


# The cluster.


@dataclass
class Local:
    """A scheduler and its workers, all of this machine, which have nothing of the course's."""

    address: str
    cache: Path
    workers: dict[int, subprocess.Popen[bytes]]

    def busy(self) -> tuple[int, Any]:
        """A worker that is at a batch, stopped there, and the process that judges it."""
        import psutil

        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for pid in self.workers:
                for child in psutil.Process(pid).children():
                    os.kill(pid, signal.SIGSTOP)
                    # Stopped, it cannot hand in what its process has found or will find.
                    if child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
                        return pid, child
                    os.kill(pid, signal.SIGCONT)
            time.sleep(0.01)
        raise AssertionError("No worker got a batch.")


@pytest.fixture
def cluster(small: Copy, tmp_path: Path) -> Iterator[Local]:
    groups.ensure("cluster")
    dask = [sys.executable, "-m", "dask"]
    told = tmp_path / "scheduler.json"
    cache = tmp_path / "worker"
    env = {**small.environment(), "WORKBOOK_WORKER": str(cache)}
    # As on another machine: no course and no runner but those that come with the work.
    hidden = tmp_path / "hidden" / "workbook" / "__init__.py"
    hidden.parent.mkdir(parents=True)
    hidden.write_text('raise ImportError("a worker has no runner of its own")\n', encoding="utf-8")
    env["PYTHONPATH"] = str(tmp_path / "hidden")
    env.pop("WORKBOOK_ROOT")
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{words[0]}-{len(started)}.log").open("wb") as log:
            command = [*dask, *words, "--scheduler-file", str(told), "--dashboard-address", "127.0.0.1:0"]
            streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            started.append(subprocess.Popen(command, cwd=tmp_path, env=env, **streams))
        return started[-1]

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        workers = [start("worker", "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1") for _ in range(3)]
        deadline = time.monotonic() + 60
        while not told.exists():
            assert time.monotonic() < deadline, (tmp_path / "scheduler-0.log").read_text(encoding="utf-8")
            time.sleep(0.05)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        yield Local(address, cache, {worker.pid: worker for worker in workers})
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
def test_a_worker_that_is_killed_changes_no_mark(small: Copy, tmp_path: Path, cluster: Local) -> None:
    """Three workers prepare themselves; one is killed while it judges. Nothing is missing, and nothing there twice."""
    made = synthetic.make(small.course(), tmp_path / "made", learners=14, seed=7, different=0.5, attacks=attacks(small))
    out = tmp_path / "out"
    place = tmp_path / "made" / "class"
    call = ("grade", "submissions", "--class", str(place), "--out", str(out), "--scheduler", cluster.address)
    # The course's own solutions are judged first; the worker shall be at a learner's.
    with at_work(small, tmp_path, *call) as process:
        pid, child = cluster.busy()
        cluster.workers.pop(pid).kill()
        _, said = process.communicate(timeout=200)
    assert process.returncode == 0, said
    assert "was lost; what it had went to others" in said
    assert "Traceback" not in said
    # What judged for the lost worker ends with it.
    child.wait(timeout=30)

    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["complete"]
    assert list(synthetic.differences(made, results)) == []
    run = last_run(small)
    assert (run["submissions"], run["outcome"]) == (14, "complete")
    # One verdict for each different answer, and the solutions that nobody handed in; one result for each learner.
    assert len(judged(small)) == run["different"]
    assert len(rows(small, "select learner from results")) == 14
    by = {address for _, address in judged(small)}
    assert len(by) >= 2 and all(address.startswith("tcp://127.0.0.1:") for address in by)
    # The course came to this machine once, and what it needs was built once.
    copies = [path for path in (cluster.cache / "rust-for-ai" / "grade").iterdir() if path.name != "target"]
    assert len(copies) == 1
    assert len(list((copies[0] / ".workbook").glob("ready-01_tensors-*"))) == 1

    # Nothing is asked of the cluster where all is known.
    for worker in cluster.workers.values():
        worker.kill()
    reply = small.call(
        *("grade", "submissions", "--class", str(place), "--out", str(out), "--scheduler", cluster.address)
    )
    assert reply.code == 0, reply.err
    assert marks(json.loads((out / "results.json").read_text(encoding="utf-8"))) == marks(results)


def judged(copy: Copy) -> list[tuple[str, str]]:
    """The keys of what has a verdict, with who gave it; none before there are tables."""
    try:
        return rows(copy, "select key, judged_by from verdicts")
    except sqlite3.OperationalError:
        return []


def test_a_scheduler_that_is_not_there_is_named(small: Copy, tmp_path: Path) -> None:
    groups.ensure("cluster")
    hand_in(tmp_path / "class" / "ada", small, **solutions(small))
    code = (
        "import sys; from workbook import cli, grade_cluster; grade_cluster.WAIT = 1; sys.exit(cli.main(sys.argv[1:]))"
    )
    call = ["grade", "submissions", "--class", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", code, *call, "--scheduler", "tcp://127.0.0.1:9"],
        env=small.environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 2
    assert "No scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_with_another_compiler_or_course_refuses(small: Copy) -> None:
    course = small.course()
    parts = fingerprint.of_chapter(course, course.chapters[0])
    grade_batch.demand_same(parts, parts)
    with pytest.raises(CourseError, match=r"another compiler .*'rustc 1.2.3' there"):
        grade_batch.demand_same({**parts, "compiler": "rustc 1.2.3"}, parts)
    request = {"chapter": "01_tensors", "parts": {**parts, "course": "x"}, "works": [], "trust": True, "checks": None}
    with pytest.raises(CourseError, match="another course than this machine"):
        grade_batch.judge(course, request)


def test_a_worker_unpacks_a_course_once_and_forgets_old_ones(
    small: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WORKER", str(tmp_path / "worker"))
    packed = grade_cluster.pack(small.course())
    assert packed == grade_cluster.pack(small.course())
    place = grade_remote.prepare(packed, "a" * 64)
    assert (place / "chapters/01_tensors/checks/count_first.rs").is_file()
    assert (place / "python/workbook/__main__.py").is_file() and os.access(place / "workbook", os.X_OK)
    assert not list(place.rglob("__pycache__"))
    (place / "mark").touch()
    assert (grade_remote.prepare(packed, "a" * 64) / "mark").exists()
    os.utime(place, (0, 0))
    other = grade_remote.prepare(packed, "b" * 64)
    assert other.exists() and not place.exists()


# The pool.


def test_batches_are_of_one_chapter_and_keep_the_order(three: Copy) -> None:
    items = three.course().exercises
    works = [Work(items[place], str(number)) for number, place in enumerate((0, 3, 1, 6, 4, 2, 0))]
    found = list(batches(works, 2))
    assert [[work.text for work in batch] for batch in found] == [["0", "2"], ["1", "4"], ["3"], ["5", "6"]]
    assert all(len({work.item.chapter for work in batch}) == 1 for batch in found)


def test_the_pool_judges_side_by_side_and_each_thread_by_itself(three: Copy) -> None:
    """Two answers meet, which they can only while both are judged; no number is used by two at once."""
    works = [Work(item, "") for item in three.course().exercises]
    meeting = threading.Barrier(2, timeout=60)
    busy: set[int] = set()
    used: list[int] = []

    def judge(number: int, batch: Sequence[Work]) -> list[Judged]:
        assert number not in busy
        busy.add(number)
        meeting.wait()
        used.append(number)
        busy.remove(number)
        meeting.wait()
        return [Judged(Verdict(work.item.chapter, work.item.name, True, "done")) for work in batch]

    outcomes = [outcome for done in Pool(judge, threads=2).run(works[:8]) for outcome in done]
    assert {work.key for work, _, _ in outcomes} == {work.key for work in works[:8]}
    assert all(judged.verdict.name == work.item.name and by == grade_pool.HERE for work, judged, by in outcomes)
    assert sorted(used) == [0] * 4 + [1] * 4


def test_a_fault_of_the_machine_ends_the_pool(three: Copy) -> None:
    works = [Work(item, "") for item in three.course().exercises]
    judged: list[str] = []

    def judge(_: int, batch: Sequence[Work]) -> list[Judged]:
        judged.append(batch[0].item.name)
        if len(judged) == 3:
            raise CourseError("The disk is full.")
        return [Judged(Verdict("", "", True, "done")) for _ in batch]

    with pytest.raises(CourseError, match="disk is full"):
        list(Pool(judge, threads=1).run(works))
    assert len(judged) == 3


# The benchmark.


def test_the_benchmark_counts_answers_and_draws_the_same_picture_again(small: Copy, tmp_path: Path) -> None:
    """A submission is done where the last different answer of it and of all before it is judged."""
    loader = importlib.util.spec_from_file_location("grading", ROOT / "benchmarks" / "grading.py")
    assert loader and loader.loader
    grading = sys.modules.setdefault("grading", importlib.util.module_from_spec(loader))
    loader.loader.exec_module(grading)
    course = small.course()
    right = solutions(small)
    own = {**right, SCALE: "// mine\n" + right[SCALE], MEAN: "// mine\n" + right[MEAN]}
    for name, texts in {"a": right, "b": own, "c": own, "d": {SCALE: small.starter(SCALE)}}.items():
        hand_in(tmp_path / "class" / name, small, **texts)
    steps = grading.steps(course, course.chapters, tmp_path / "class")
    assert steps == [3, 5, 5, 6]
    samples = [(0, 0.0, 0.0), (3, 1.0, 0.5), (4, 2.0, 0.9), (6, 3.0, 1.5)]
    run = grading.Run(4, 10, 6, None, 3.0, 0.1, (0.0, 0.0), samples, steps)
    picture = grading.draw([run])
    assert picture == grading.draw([run])
    assert "6 different of 10 answers" in picture and "seconds of one core" in picture
    assert "seconds of one core" not in grading.draw([run], clock=True)
    clock = grading.Run(4, 10, 6, None, 3.0, 0.1, (0.0, 0.0), [(n, at, None) for n, at, _ in samples], steps)
    assert "seconds of one core" not in grading.draw([clock])
