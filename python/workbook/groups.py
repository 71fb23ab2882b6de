"""Heavy groups of packages, installed by the command that first needs them.

The work is the launcher's: it knows the lock, the log, `uv` or `pip`, and one sentence for every fault.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from workbook.course import CourseError

# Where this package stands, whatever copy of the course WORKBOOK_ROOT names: `.venv` belongs to the package.
ROOT = Path(__file__).resolve().parents[2]


class GroupError(CourseError):
    """A group could not be installed; the message says what to do."""


@cache
def launcher() -> ModuleType:
    """The launcher as a module. It has no suffix and must leave no `__pycache__` in the root, so it is read by hand."""
    path = ROOT / "workbook"
    module = ModuleType("launcher")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    return module


def python() -> Path:
    """The Python of `.venv`: the one that has the groups."""
    return Path(launcher().PYTHON)


def names() -> list[str]:
    """Every group there is, without `base`."""
    return sorted(lock.stem for lock in (ROOT / "requirements").glob("*.txt") if lock.stem != "base")


def installed(name: str) -> bool:
    """Whether `.venv` holds group `name` exactly as its lock says."""
    module = launcher()
    stamp = Path(module.VENV) / f"workbook-{name}.stamp"
    return bool(module.is_ready(str(stamp), str(ROOT / "requirements" / f"{name}.txt")))


def ensure(name: str) -> None:
    """Installs group `name` where it is missing, and says so. Costs a file comparison when it is there.

    Raises `GroupError`.
    """
    if installed(name):
        return
    module = launcher()
    module.say(f"This needs the Python packages of the group '{name}'; installing them, once.")
    try:
        module.install_group(name)
    except module.Problem as problem:
        raise GroupError(str(problem)) from None


def repair(missing: str) -> NoReturn:
    """For a package of the base group that cannot be imported: marks `.venv` as damaged and says what to do."""
    launcher().repair_later()
    launcher().say(f"A part of the set-up is damaged ({missing}). Type the same command again: .venv is made anew.")
    raise SystemExit(3)
