"""What runs the notebooks: the Rust kernel (evcxr), its registration in `.venv`, and where it builds.

The kernel's specification is written into `.venv/share/jupyter`, where a Jupyter that runs from `.venv` looks first:
nothing is registered in the user's home. It starts `rust_kernel.py`, which gives each kernel a working folder and a
build folder and then becomes evcxr.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from platformdirs import user_cache_dir

from workbook import groups, tools
from workbook.files import try_lock, write_atomically

EVCXR = "0.21.1"
PROGRAM = "evcxr_jupyter"

GET_IT = "`python3 workbook lab` builds it, once; it needs cargo, from https://rustup.rs"

NO_NEWS = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}\n'
# The kernel warns at each start that other users of this machine might read along, on 127.0.0.1.
QUIET = "c.IPKernelApp.log_level = 'ERROR'\n"


def find() -> Path | None:
    """evcxr's program in the version that the notebooks were run with, or None."""
    return tools.find_tool(PROGRAM, EVCXR)


def ensure_rust(notify: Callable[[str], None] | None = None) -> Path:
    """Finds the Rust kernel, or builds it and says so; then registers it. Raises `CourseError`."""
    program = tools.ensure_tool(PROGRAM, EVCXR, minutes=4, notify=notify)
    register()
    return program


def folder() -> Path:
    """Where the kernel is registered."""
    return Path(groups.launcher().VENV) / "share" / "jupyter" / "kernels" / "rust"


def specification() -> str:
    """`kernel.json`: what Jupyter starts for a notebook in Rust."""
    starter = Path(__file__).with_name("rust_kernel.py")
    spec = {
        "argv": [str(groups.python()), "-I", "-X", "utf8", str(starter), "{connection_file}"],
        "display_name": "Rust",
        # evcxr takes an interrupt as a message; a signal would end it.
        "interrupt_mode": "message",
        "language": "rust",
    }
    return json.dumps(spec, indent=2) + "\n"


def register() -> None:
    """Tells the Jupyter of `.venv` about the Rust kernel. A clone that was moved is told anew."""
    file = folder() / "kernel.json"
    text = specification()
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text)


def unregister() -> None:
    """Takes it out again, so that Jupyter offers no kernel that cannot start."""
    shutil.rmtree(folder(), ignore_errors=True)


def build_folder(root: Path) -> tuple[Path, IO[str]]:
    """A folder for one kernel to build in, and the open file that keeps it for this process.

    Two kernels cannot share one, and a new one a kernel would build every dependency anew. So there are as many as were
    ever in use at a time, and whoever starts takes the first that is free. The lock goes with the process.
    """
    base = builds(root)
    number = 1
    while True:
        place = base / str(number)
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / "in-use").open("a+")
        if try_lock(lock.fileno()):
            return place, lock
        lock.close()
        number += 1


def builds(root: Path) -> Path:
    """In the course's folder, unless its path has a blank: evcxr separates words by it, and loads half a name."""
    clone = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
    places = (
        root / ".workbook" / "evcxr",
        Path(user_cache_dir("rust-for-ai", appauthor=False)) / "evcxr" / clone,
        Path(tempfile.gettempdir()) / f"rust-for-ai-{clone}" / "evcxr",
    )
    return next((place for place in places if not any(letter.isspace() for letter in str(place))), places[0])


def settings(root: Path) -> dict[str, str]:
    """The variables with which Jupyter and its kernels run: what they write stays in the course's folder.

    A place that the user has named is left as it is.
    """
    base = root / ".workbook" / "jupyter"
    found = {
        name: os.environ.get(name, str(base / folder))
        for name, folder in (
            ("JUPYTER_CONFIG_DIR", "config"),
            ("JUPYTER_DATA_DIR", "data"),
            ("JUPYTER_RUNTIME_DIR", "runtime"),
            ("IPYTHONDIR", "ipython"),
            ("MPLCONFIGDIR", "matplotlib"),
        )
    }
    for name, file, text in (
        # Jupyter would ask at the first start whether it may fetch its news.
        ("JUPYTER_CONFIG_DIR", "labconfig/page_config.json", NO_NEWS),
        ("IPYTHONDIR", "profile_default/ipython_kernel_config.py", QUIET),
    ):
        path = Path(found[name]) / file
        if name not in os.environ and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text)
    # The kernels of `.venv` come before those that the user has registered under the same names.
    return {**found, "JUPYTER_PREFER_ENV_PATH": "1"}
