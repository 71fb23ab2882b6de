"""`lab`: JupyterLab with the course's notebooks, the Rust kernel and the compiled module.

Learners work on copies, in `my_notebooks/`. The course's own notebooks carry their outputs, for those who read them and
for the tests; a copy has none, so that one can predict what a cell prints. And an update of the course never meets a
learner's cell: it changes `notebooks/`, and a copy that is there is never written to.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workbook import extension, groups, kernels, notebook
from workbook.course import Course, CourseError
from workbook.files import back_up, write_atomically
from workbook.notebook import Notebook

COPIES = "my_notebooks"


def main(
    course: Course,
    name: str | None = None,
    *,
    browser: bool = True,
    port: int | None = None,
    python_only: bool = False,
    fresh: bool = False,
) -> int:
    """Makes everything ready and becomes JupyterLab. Raises `CourseError` for a wrong call."""
    chosen = notebook.find(course, name) if name else None
    if fresh and not chosen:
        raise CourseError("--fresh begins one notebook anew: say which, as in 'python3 workbook lab 01 --fresh'.")
    if port is not None and not 0 < port < 65536:
        raise CourseError(f"There is no port {port}; it is a number from 1 to 65535.")
    groups.ensure("notebooks")
    _ready(python_only)
    for line in lay_out(course, begin_anew=chosen if fresh else None):
        say(line)
    return _start(course.root, chosen, browser, port)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _ready(python_only: bool) -> None:
    """The Rust kernel and the module; what cannot be had costs its own notebooks and no others."""
    if python_only:
        if kernels.find():
            kernels.register()
        else:
            kernels.unregister()
            say(f"Without the Rust kernel, as you asked: the Python notebooks work. {kernels.GET_IT}.")
    else:
        try:
            kernels.ensure_rust(say)
        except CourseError as error:
            kernels.unregister()
            say(f"{error}\nThe notebooks in Rust will not run; those in Python will. {kernels.GET_IT}.")
    try:
        extension.ensure(say)
    except CourseError as error:
        say(f"{error}\nThe Python notebooks that call the compiled module will not run until this is mended.")


# --- the learner's copies -------------------------------------------------------------------------------------------


def lay_out(course: Course, begin_anew: Notebook | None = None) -> list[str]:
    """Makes the copies that are missing; returns what the learner should know.

    A copy that is there stays as it is, unless it is the one to begin anew: then it is backed up first.
    """
    said: list[str] = []
    newer: list[str] = []
    folder = course.root / COPIES
    for item in notebook.load(course):
        source = course.root / item.learner_path
        if not source.exists():
            continue
        target = folder / source.name
        text = source.read_text(encoding="utf-8")
        if not target.exists() or item == begin_anew:
            folder.mkdir(exist_ok=True)
            kept = back_up(course.root, target)
            if kept:
                said.append(f"{COPIES}/{source.name} begins anew; yours is {kept.relative_to(course.root).as_posix()}.")
            write_atomically(target, notebook.render(unread(json.loads(text), text)))
        elif _version(target) not in (None, fingerprint(text)):
            newer.append(item.name)
    if newer:
        said.append(
            f"The course has a newer version of {', '.join(newer)}; yours stays as it is. To begin one anew, with "
            f"yours kept in .workbook/backup: 'python3 workbook lab {newer[0]} --fresh'."
        )
    return said


def unread(document: dict[str, Any], text: str) -> dict[str, Any]:
    """A notebook as the learner begins it: no outputs, and a note of the version that it was copied from."""
    mine = copy.deepcopy(document)
    for cell in mine["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    mine["metadata"]["workbook"] = {"copied_from": fingerprint(text)}
    return mine


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _version(path: Path) -> str | None:
    """The version that a copy was made from; None if it does not say."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["metadata"]["workbook"]["copied_from"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


# --- Jupyter --------------------------------------------------------------------------------------------------------


def _start(root: Path, chosen: Notebook | None, browser: bool, port: int | None) -> int:
    command = command_line(root, chosen, browser, port)
    env = {**os.environ, **kernels.settings(root)}
    say("Starting JupyterLab. Ctrl-C here ends it; what you saved is kept.")
    if os.name == "posix":
        sys.stderr.flush()
        os.chdir(root)
        os.execve(command[0], command, env)
    return subprocess.call(command, cwd=root, env=env)


def command_line(root: Path, chosen: Notebook | None, browser: bool, port: int | None) -> list[str]:
    page = f"{COPIES}/{chosen.name}.ipynb" if chosen else COPIES
    command = [
        str(groups.python()),
        *("-I", "-X", "utf8", "-m", "jupyterlab"),
        # The whole course, so that a notebook's links to lessons and sources lead somewhere.
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{page}",
        # Ctrl-C means it; without this a prompt asks, and gives up after some seconds.
        "--ServerApp.answer_yes=True",
        # The address is still said; what is left out is about websockets and builds.
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    if not browser:
        command.append("--no-browser")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if os.name == "posix" and os.geteuid() == 0:
        # In a container one is root, and Jupyter would refuse.
        command.append("--allow-root")
    return command
