"""Somebody else's program in a sandbox: bubblewrap for what it sees, the kernel's limits for what it uses.

It sees the system's own programs and libraries and what is named for it, read-only, and an empty `/tmp` in memory. It
sees no home, no network, no other process and no `/proc`, through which a program could read and write its own memory
without `unsafe`. bubblewrap is a program of Debian, Ubuntu, Fedora and Arch; nothing of it is ours.

Two ways work, and `find` takes the first that does. An ordinary user gets a user namespace. Root, as in a container,
needs none, and its programs run as a user that owns nothing and is another one each time, so that a limit on processes
counts this sandbox's alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from workbook import process
from workbook.course import CourseError
from workbook.process import Outcome

# What every program needs of the system, if it is there. Of `/etc` only what loaders and compilers ask for.
SYSTEM = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

FIRST_USER, USERS = 1_000_000_000, 1_000_000_000
"""Numbers of users that no system gives to anybody."""

HELP = (
    "Grading runs the learners' programs in a sandbox, and this machine gives none: {why}.\n"
    "On Debian or Ubuntu: sudo apt-get install bubblewrap (it needs util-linux, too, which is always there). Where a "
    "container forbids namespaces, start it with --security-opt seccomp=unconfined; where AppArmor does (Ubuntu 24.04 "
    "and later), run: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0.\n"
    "Or grade without one: --trust compiles and runs the programs as you. Such a program can read, change and send "
    "away whatever you can. Say so if you trust those who wrote them, or are in a throw-away machine or container."
)


class NoSandbox(CourseError):
    """This machine gives no sandbox; the message says why, and what can be done."""


class Broken(CourseError):
    """A sandbox that worked before could not be set up: the machine's fault, and no learner's."""


@dataclass(frozen=True)
class Limits:
    """What one program may use, beside the seconds that whoever starts it gives. Bytes, and counts."""

    memory: int = 4 << 30
    processes: int = 256
    disk: int = 256 << 20
    # Seconds of the processor for each process, which others that are at work do not take from it.
    cpu: int | None = None
    output: int = process.OUTPUT_CAP


@dataclass(frozen=True)
class Room:
    """What a program sees beside the system: at the same paths as outside, but for `at`, which maps other places."""

    cwd: Path
    shown: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    # What `/proc/self/exe` says: a program may ask for its own name, in a sandbox that has no `/proc`.
    itself: Path | None = None
    # With `/proc`, and as whoever owns the files: for the compiler, which runs nothing of an answer, and for kernels,
    # which need both.
    trusted: bool = False
    # Folders that may be written in, and are as they were afterwards: what is written lies in memory, at most `disk`.
    borrowed: tuple[Path, ...] = ()
    # An empty folder, which is needed to borrow others.
    desk: Path | None = None
    # The control group that counts its processes, where the kernel would not: of root.
    group: Path | None = None


@dataclass(frozen=True)
class Cell:
    """A kind of sandbox that works on this machine. It can be sent to another process of the same machine."""

    kind: Literal["user", "root"]
    bwrap: str
    # Whether it can have a `/proc` of its own; a container may forbid it.
    proc: bool = True

    def command(self, words: Sequence[str | Path], room: Room, limits: Limits, status: int) -> list[str]:
        """The command that runs `words` inside; bubblewrap says on the file descriptor `status` how it went."""
        inside = [
            *("prlimit", f"--data={limits.memory}", f"--nproc={limits.processes}", f"--fsize={limits.disk}"),
            *("--core=0", "--nofile=1024", "--memlock=65536", "--"),
        ]
        if limits.cpu:
            inside.insert(1, f"--cpu={limits.cpu}")
        separate = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        if self.kind == "root":
            separate += ["--cap-drop", "ALL"]
            if not room.trusted:
                who = str(FIRST_USER + secrets.randbelow(USERS))
                separate += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
                inside = [*inside, "setpriv", f"--reuid={who}", f"--regid={who}", "--clear-groups", "--"]
        else:
            separate += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
        view = ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", "/tmp"]
        # Folders that only lead somewhere: bubblewrap would make them readable by root alone.
        for folder in _leading(
            [
                *SYSTEM,
                *DEVICES,
                *map(str, (*room.shown, *room.writable, *room.borrowed)),
                *(["/proc/self/exe"] if room.itself else []),
            ]
        ):
            view += ["--perms", "0755", "--dir", folder]
        for path in SYSTEM:
            view += ["--ro-bind-try", path, path]
        for path in DEVICES:
            view += ["--dev-bind-try", path, path]
        for shown in room.shown:
            view += ["--ro-bind", str(shown), str(shown)]
        for writable in room.writable:
            view += ["--bind", str(writable), str(writable)]
        for number, borrowed in enumerate(room.borrowed):
            view += ["--bind", f"{room.desk}/{number}/whole", str(borrowed)]
        if room.trusted and self.proc:
            view += ["--proc", "/proc"]
        elif room.itself:
            view += ["--symlink", str(room.itself), "/proc/self/exe"]
        view += ["--remount-ro", "/", "--chdir", str(room.cwd), "--clearenv"]
        for name, value in {**BARE, **room.env}.items():
            view += ["--setenv", name, value]
        ends = ["--die-with-parent", "--new-session", "--json-status-fd", str(status)]
        whole = [self.bwrap, *separate, *ends, *view, "--", *inside, *(str(word) for word in words)]
        return [*self._borrow(room, limits), *whole] if room.borrowed else whole

    def _borrow(self, room: Room, limits: Limits) -> list[str]:
        """What comes before bubblewrap, which cannot lay a folder over another in the versions that systems have."""
        mine = ["--user", "--map-root-user"] if self.kind == "user" else []
        more = ",userxattr" if self.kind == "user" else ""
        group = str(room.group / "cgroup.procs") if room.group else "/dev/null"
        settings = [str(room.desk), str(limits.disk), more, group, *map(str, room.borrowed), "--"]
        return ["unshare", *mine, "--mount", "--", "sh", "-c", BORROW, "sh", *settings]


def _leading(paths: Sequence[str]) -> list[str]:
    """The folders above `paths`, from the top down."""
    return [str(folder) for folder in sorted({above for path in paths for above in Path(path).parents[:-1]})]


BORROW = """
set -e
desk=$1 size=$2 more=$3 group=$4 number=0
shift 4
echo $$ > "$group"
mount -t tmpfs -o "size=$size" tmpfs "$desk"
while [ "$1" != -- ]; do
    mkdir "$desk/$number" "$desk/$number/new" "$desk/$number/work" "$desk/$number/whole"
    ln -s "$1" "$desk/$number/old"
    cd "$desk/$number"
    mount -t overlay -o "lowerdir=old,upperdir=new,workdir=work$more" overlay whole
    number=$((number + 1))
    shift
done
shift
cd /
exec "$@"
"""
"""Lays an empty folder in memory over each that is borrowed. Names of folders are no part of an option: they may hold
commas and colons."""

BARE = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "RUST_BACKTRACE": "0"}
"""The environment inside: nothing of the caller's."""


def find() -> Cell:
    """The sandbox of this machine. Raises `NoSandbox`."""
    found = _find()
    if isinstance(found, str):
        raise NoSandbox(HELP.format(why=found))
    return found


@cache
def _find() -> Cell | str:
    """A kind that works, or why none does. Asked once a process: it starts a program or two."""
    if sys.platform != "linux":
        return "there is one for Linux only"
    bwrap = shutil.which("bwrap")
    if not bwrap:
        return "the program bwrap (bubblewrap) is not installed"
    said = ""
    kinds: tuple[Literal["user", "root"], ...] = ("root", "user") if os.geteuid() == 0 else ("user",)
    for kind in kinds:
        said = _fails(Cell(kind, bwrap), trusted=False)
        if not said:
            return Cell(kind, bwrap, proc=not _fails(Cell(kind, bwrap), trusted=True))
    return (said.strip().splitlines() or ["bubblewrap did not say why"])[-1].rstrip(".")


@contextlib.contextmanager
def counted(processes: int) -> Iterator[Path | None]:
    """A control group of so many processes, where we are root and may make one; None elsewhere."""
    made = None
    for place in (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")):
        group = place / f"rust-for-ai-{secrets.token_hex(6)}"
        try:
            if os.geteuid() == 0 and (place / "cgroup.procs").exists():
                group.mkdir()
                made = group
                (group / "pids.max").write_text(str(processes), encoding="utf-8")
                break
        except OSError:
            # Read-only, or without the controller.
            _without(made)
            made = None
    try:
        yield made
    finally:
        _without(made)


def _without(group: Path | None) -> None:
    """Takes a control group away, once what ran in it has ended."""
    for _ in range(100):
        try:
            if group:
                group.rmdir()
            return
        except OSError:
            time.sleep(0.02)


def _fails(cell: Cell, *, trusted: bool) -> str:
    """What is said when a cell does not work; nothing when it does."""
    try:
        outcome = run(cell, ["true"], Room(Path("/"), trusted=trusted), seconds=20.0)
    except (Broken, OSError) as error:
        return str(error)
    return "" if outcome.returncode == 0 else outcome.output.strip() or f"status {outcome.returncode}"


def run(
    cell: Cell | None,
    words: Sequence[str | Path],
    room: Room,
    *,
    seconds: float,
    limits: Limits = Limits(),
    stdin: int | socket.socket | None = None,
    kept: int = process.KEPT,
) -> Outcome:
    """Runs a program inside, or as the caller where there is no cell, and ends it with all its children at a limit.

    Raises `Broken` when the sandbox cannot be set up, `OSError` when the program cannot be started.
    """
    if cell is None:
        env = {**os.environ, **room.env, "RUST_BACKTRACE": "0"}
        return process.run_limited(
            words, cwd=room.cwd, seconds=seconds, env=env, stdin=stdin, cap=limits.output, kept=kept
        )
    with tempfile.TemporaryFile() as status:
        number = status.fileno()
        command = cell.command(words, room, limits, number)
        outcome = process.run_limited(
            command, cwd=Path("/"), seconds=seconds, env={"PATH": "/usr/bin:/bin"}, stdin=stdin, cap=limits.output,
            kept=kept, pass_fds=(number,),
        )  # fmt: skip
        if outcome.returncode != 0 and not outcome.timed_out and not outcome.flooded:
            status.seek(0)
            if not _began(status.read()):
                raise Broken(f"The sandbox could not be set up: {outcome.output.strip()[-400:]}")
    # As shells do, bubblewrap says 128 and the signal.
    return replace(outcome, returncode=128 - outcome.returncode) if outcome.returncode > 128 else outcome


def _began(status: bytes) -> bool:
    """Whether the program itself was started: only then bubblewrap knows the number with which it ended."""
    for line in status.splitlines():
        with contextlib.suppress(ValueError):
            if "exit-code" in json.loads(line):
                return True
    return False


def in_sight(path: Path) -> Path:
    """A path as it must be named for a sandbox: links on the way would lead to what is not shown."""
    return Path(os.path.realpath(path))
