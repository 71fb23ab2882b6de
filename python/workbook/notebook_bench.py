"""Where notebooks are run for a mark: a place of their own, a fresh kernel each time, limits, and nothing left behind.

The cells run in a copy of what they may read (`PLACE`), so that what they write by a relative path meets neither the
course nor the next learner. A learner's run has a sandbox, too (`sandbox.py`): it sees that copy, Python, Rust and the
models, may write into the copy, and finds nothing of what another run has written there. Only the course's own
notebooks are run without, so that what they build is kept for all.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import tomlkit

from workbook import groups, guarded, kernels, models, notebook, process, sandbox, tools
from workbook.course import Course, CourseError
from workbook.sandbox import Cell, Room

PLACE = ".workbook/grade"
"""The copy, inside the course: it is kept, and with it what evcxr has built of the chapters' crates."""

COPIED = ("chapters", "crates", "data", "rust-toolchain.toml")
"""What notebooks read, beside the workspace's manifest. `solutions/` is not part of it."""

NOT_COPIED = shutil.ignore_patterns("target", "node_modules", "__pycache__", ".*")

STARTING = 360.0
"""Seconds for the worker to say that its kernel has started, or that it has not; then the notebook's limits count."""

PR_SET_CHILD_SUBREAPER = 36

JUPYTER = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")

USED = sandbox.Limits(memory=8 << 30, processes=512, disk=2 << 30)
"""What one run may use in a sandbox, beside its seconds. A kernel of Rust compiles each cell."""

End = Literal["done", "timeout", "notebook", "died", "output"]


@dataclass(frozen=True)
class Limits:
    """Seconds for one cell, and for one run of a notebook."""

    cell: int = 60
    notebook: int = 300


@dataclass
class Run:
    """A run of a notebook. `outputs` has one list for each code cell that came to an end, in order.

    `end` says why there are no more: `done`, the cell's limit (`timeout`), the notebook's, a kernel that died, or too
    much output.
    """

    outputs: list[list[dict[str, Any]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    end: End = "died"
    ready: bool = False


class Bench:
    """Runs notebooks for one course, one at a time: in the sandbox `cell`, or as the caller where there is none."""

    def __init__(self, course: Course, cell: Cell | None = None) -> None:
        self.course, self.cell = course, cell
        self.root = course.root / PLACE
        adopt_orphans()

    def run(self, document: dict[str, Any], limits: Limits, *, ours: bool = False) -> Run:
        """Runs a notebook's cells in order; a cell that ends with an error does not end the run.

        A notebook that is `ours` needs no sandbox.

        Raises `CourseError` where no kernel starts: that is this machine's fault and no learner's.
        """
        self._lay_out()
        # Not inside the course, whose path may be long: kernels' sockets and temporary files go there.
        with tempfile.TemporaryDirectory(prefix="workbook-", ignore_cleanup_errors=True) as room:
            folder = Path(room)
            (folder / "notebook.json").write_text(json.dumps(document), encoding="utf-8")
            (folder / "tmp").mkdir()
            outcome, said = self._work(folder, limits, None if ours else self.cell)
        if not outcome.ready:
            last = (said.strip().splitlines() or ["it did not say why"])[-1]
            raise CourseError(f"The kernel of the notebook did not start: {last}. Nothing more was graded.")
        return outcome

    def _work(self, folder: Path, limits: Limits, cell: Cell | None) -> tuple[Run, str]:
        worker = Path(__file__).with_name("notebook_worker.py")
        command: list[str | Path] = [groups.python(), "-I", "-X", "utf8", worker, folder]
        command += [str(limits.cell), str(limits.notebook)]
        before = _descendants()
        outcome = Run()
        with (
            (folder / "worker.log").open("w+b") as log,
            (folder / "status").open("w+b") as status,
            sandbox.counted(USED.processes) as group,
        ):
            place: dict[str, Any] = {"cwd": self.root / notebook.LEARNERS, "env": self._environment(folder)}
            if cell:
                command = list(cell.command(command, self._room(folder, group), USED, status.fileno()))
                place = {"cwd": Path("/"), "env": {"PATH": "/usr/bin:/bin"}, "pass_fds": (status.fileno(),)}
            child = process.start(command, **place, stdout=subprocess.PIPE, stderr=log)
            process.limit_processor(child, limits.notebook)
            reader = threading.Thread(target=_read, args=(child.stdout, outcome), daemon=True)
            reader.start()
            try:
                _wait(reader, outcome, limits)
                if reader.is_alive():
                    outcome.end = "notebook"
            finally:
                # Its own children first, while they still are: without Linux's adoption they could not be found after.
                family = _descendants() - before
                process.end(child)
                _kill(family)
                _sweep(before)
            reader.join(1)
            if not reader.is_alive():
                child.stdout.close()
            log.seek(0)
            return outcome, log.read().decode("utf-8", "replace")

    def _room(self, folder: Path, group: Path | None) -> Room:
        """What a learner's kernel sees: what runs it, the copy of the course, the models, and nothing else."""
        here = Path(__file__).resolve().parents[1]
        sysroot = guarded.sysroot(self.course.root)
        cargo_home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
        libraries = [cargo_home / name for name in ("registry", "config.toml", "config")]
        python = [Path(sys.prefix), Path(groups.launcher().VENV), Path(sys.base_prefix)]
        shown = [folder, here, groups.ROOT / "workbook", sysroot, *libraries, *python, tools.folder(), models.cache()]
        desk = folder / "desk"
        desk.mkdir()
        builds = kernels.builds(self.root)
        builds.mkdir(parents=True, exist_ok=True)
        borrowed = [self.root] if self.root in builds.parents else [self.root, builds]
        kept = ("WORKBOOK_", "RUST_FOR_AI_", "CARGO_", "PYO3_", "XDG_CACHE_HOME")
        env = {name: value for name, value in self._environment(folder).items() if name.startswith(kept)}
        env |= {name: f"/tmp/{name.lower()}" for name in JUPYTER}
        env |= {
            "CARGO_HOME": str(cargo_home),
            "CARGO_NET_OFFLINE": "true",
            # Both folders are named after it where nothing else names them.
            "HOME": str(Path.home()),
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_PREFER_ENV_PATH": "1",
            "MPLCONFIGDIR": str(self.root / "matplotlib"),
            "PATH": os.pathsep.join([str(sysroot / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]),
            "WORKBOOK_ROOT": str(self.root),
        }
        there = dict.fromkeys(path for path in shown if path.exists())
        return Room(
            self.root / notebook.LEARNERS, tuple(there), (), env, trusted=True, borrowed=tuple(borrowed), desk=desk
        )

    def _environment(self, folder: Path) -> dict[str, str]:
        """The user's, without their Jupyter: neither their settings nor a learner's reach a run."""
        jupyter = {name: str(folder / name.lower()) for name in JUPYTER}
        return {
            **os.environ,
            **jupyter,
            # The kernels of `.venv` come before those that the machine has under the same names.
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_NO_CONFIG": "1",
            # Kept: matplotlib looks for the machine's fonts when it is not, and that takes seconds.
            "MPLCONFIGDIR": str(self.root / "matplotlib"),
            "TMPDIR": str(folder / "tmp"),
            # The Rust kernel takes this for the course: it works and builds there.
            "WORKBOOK_ROOT": str(self.root),
        }

    def _lay_out(self) -> None:
        """Makes the place what it was: the course's files as they are now, and an empty folder to work in."""
        self.root.mkdir(parents=True, exist_ok=True)
        desk = self.root / notebook.LEARNERS
        shutil.rmtree(desk, ignore_errors=True)
        desk.mkdir(exist_ok=True)
        for name in COPIED:
            _mirror(self.course.root / name, self.root / name)
        settings = tomlkit.parse((self.course.root / "Cargo.toml").read_text(encoding="utf-8"))
        workspace: Any = settings["workspace"]
        workspace.pop("default-members", None)
        workspace["members"] = ["chapters/[0-9]*"]
        workspace["exclude"] = [".workbook"]
        manifest = self.root / "Cargo.toml"
        text = tomlkit.dumps(settings)
        if not manifest.is_file() or manifest.read_bytes() != text.encode():
            manifest.write_bytes(text.encode())


def _read(stream: Any, outcome: Run) -> None:
    """Takes in what the worker tells, until it has no more to say."""
    with contextlib.suppress(ValueError, OSError):
        for line in stream:
            told = json.loads(line)
            if "outputs" in told:
                outcome.outputs.append(told["outputs"])
                outcome.seconds.append(told["seconds"])
            elif "end" in told:
                outcome.end = told["end"]
                return
            else:
                outcome.ready = True


def _wait(reader: threading.Thread, outcome: Run, limits: Limits) -> None:
    """Until the worker is done. It keeps the limits itself; this is for one that cannot."""
    deadline = time.monotonic() + STARTING
    while reader.is_alive() and not outcome.ready and time.monotonic() < deadline:
        reader.join(0.05)
    if outcome.ready:
        reader.join(limits.notebook + 30)


def _mirror(source: Path, target: Path) -> None:
    """Makes `target` what `source` is. What has not changed keeps its time stamps, and cargo its builds."""
    if source.is_file():
        if not _same(source, target):
            _remove(target)
            shutil.copy2(source, target)
        return
    if not source.is_dir():
        return
    if target.is_symlink() or not target.is_dir():
        _remove(target)
        target.mkdir()
    names = {entry.name for entry in source.iterdir()}
    names -= NOT_COPIED(str(source), list(names))
    for entry in target.iterdir():
        if entry.name not in names:
            _remove(entry)
    for name in names:
        _mirror(source / name, target / name)


def _same(source: Path, target: Path) -> bool:
    try:
        ours, theirs = source.stat(), target.lstat()
    except OSError:
        return False
    return (ours.st_mode, ours.st_size, ours.st_mtime_ns) == (theirs.st_mode, theirs.st_size, theirs.st_mtime_ns)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# --- processes ------------------------------------------------------------------------------------------------------


def adopt_orphans() -> None:
    """On Linux, what outlives its parent becomes this process's child, and so can be found and ended."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _descendants() -> set[Any]:
    import psutil

    return set(psutil.Process().children(recursive=True))


def _kill(family: set[Any]) -> None:
    import psutil

    for member in family:
        with contextlib.suppress(psutil.Error):
            member.kill()
    psutil.wait_procs(list(family), timeout=1)


def _sweep(before: set[Any]) -> None:
    """Ends whatever a run has left, however it left its parents, until nothing is there any more."""
    deadline = time.monotonic() + 10
    while (left := _descendants() - before) and time.monotonic() < deadline:
        _kill(left)


@contextlib.contextmanager
def opened(course: Course, cell: Cell | None = None) -> Iterator[Bench]:
    """A bench for this process alone. Raises `CourseError` when another grader is at work."""
    from workbook.files import locked

    with locked(course.root / ".workbook" / "grade-notebooks.lock"):
        yield Bench(course, cell)
