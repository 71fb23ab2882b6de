"""Becomes the Rust kernel: `python rust_kernel.py CONNECTION_FILE`, as Jupyter calls it.

Wherever a notebook stands, its cells run in `notebooks/`, so that `path = "../chapters/01_ownership"` means one thing
in the learner's copy, in the solved notebook and under a grader. Dependencies are built in a folder that is kept.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

from workbook import groups, kernels, notebook
from workbook.course import CourseError, find_root


def main(connection_file: str) -> int:
    try:
        root = find_root()
        program = kernels.find()
        if not program:
            raise CourseError(f"The Rust kernel ({kernels.PROGRAM} {kernels.EVCXR}) is not here: {kernels.GET_IT}.")
        groups.launcher().add_cargo_to_path()
        place, lock = kernels.build_folder(root)
    except (CourseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    settings = place / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "evcxr.toml").touch()
    env = {
        **os.environ,
        "EVCXR_TMPDIR": str(place),
        # With an empty file: what somebody loads into each of their own notebooks must not change the course's.
        "EVCXR_CONFIG_DIR": str(settings),
        # A learner's flags would build everything anew, and might turn warnings into errors.
        "RUSTFLAGS": "",
    }
    command = [str(program), "--control_file", str(Path(connection_file).absolute())]
    os.chdir(root / notebook.LEARNERS)
    if os.name == "posix":
        _end_with_jupyter()
        os.set_inheritable(lock.fileno(), True)
        # What evcxr says here is about its settings; what cells print goes another way.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if os.path.sameopenfile(1, 2):
            # nbval throws away why a kernel could not start.
            os.dup2(os.open(place / "kernel.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.execve(program, command, env)
    # Windows has no exec that keeps the process; the lock is this one's.
    return subprocess.call(command, env=env, stdout=subprocess.DEVNULL)


def _end_with_jupyter() -> None:
    """Has the system end this process when Jupyter is gone: evcxr would wait for it for ever, and not idly.

    Jupyter ends its kernels before itself, but not if it is killed, or if a kernel takes long to answer. (ipykernel
    looks after that by itself.) Linux alone has this, and it holds for the program that this process becomes.
    """
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    parent = os.environ.get("JPY_PARENT_PID", "")
    if parent.isdigit() and os.getppid() != int(parent):
        # It was gone already.
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
