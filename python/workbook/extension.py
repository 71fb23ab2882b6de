"""The course's extension modules, compiled and installed into `.venv`, so that notebooks and tests can import them.

A module is built again when its sources are others than those that it was built from; what they were stands in a stamp
beside the launcher's own. Cargo keeps what it has compiled, so a second build takes seconds.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workbook import cargo, groups
from workbook.course import CourseError
from workbook.files import locked

# Where each module's crate and its pyproject.toml stand.
MODULES = {"rust_ai_tools": "chapters/12_pyo3"}

BUILD_WAIT = 1800.0
"""Seconds to wait for another process that builds the same module."""


class ExtensionError(CourseError):
    """A module is not there and could not be built; the message says what to do."""


def is_current(name: str = "rust_ai_tools") -> bool:
    """Whether `.venv` holds the module `name` as its sources are now."""
    try:
        return _stamp(name).read_text(encoding="utf-8") == _sources(name)
    except OSError:
        return False


def ensure(notify: Callable[[str], None] | None = None, name: str = "rust_ai_tools") -> bool:
    """Builds the module `name` and installs it, unless it is there and its sources are what they were.

    True when there was something to do; `notify` hears of it before. Raises `ExtensionError`, or `GroupError` if
    maturin and NumPy cannot be installed.
    """
    groups.ensure("extension")
    if is_current(name):
        return False
    say = notify or (lambda text: print(text, file=sys.stderr, flush=True))
    with locked(groups.ROOT / ".workbook" / f"{name}.lock", wait=BUILD_WAIT):
        if is_current(name):
            return False
        say(f"Building {name} for Python; the first time takes a minute or two.")
        sources = _sources(name)
        with tempfile.TemporaryDirectory() as folder:
            _call(name, [groups.python(), "-I", "-m", "maturin", "build", "--release", "--out", folder])
            (wheel,) = Path(folder).glob("*.whl")
            _stamp(name).unlink(missing_ok=True)
            _call(name, _installer(wheel))
        _stamp(name).write_text(sources, encoding="utf-8")
    return True


def _stamp(name: str) -> Path:
    return Path(groups.launcher().VENV) / f"workbook-{name}.stamp"


def _sources(name: str) -> str:
    """A fingerprint of all that the module is made from, the Python that it is built for included."""
    digest = hashlib.sha256(groups.launcher().stamp(groups.ROOT / "requirements" / "extension.txt"))
    for path in sorted({*_files(groups.ROOT / MODULES[name]), *_shared()}):
        digest.update(f"{path.relative_to(groups.ROOT).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _shared() -> Iterator[Path]:
    for name in ("Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"):
        yield groups.ROOT / name


def _files(crate: Path) -> Iterator[Path]:
    """The files of a crate, and of the course's crates that it depends on. Lessons are not compiled."""
    yield from (path for path in crate.glob("*") if path.suffix in (".toml", ".pyi") and path.name != "chapter.toml")
    yield from crate.glob("src/**/*.rs")
    workspace = tomllib.loads((groups.ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["dependencies"]
    for dependency in tomllib.loads((crate / "Cargo.toml").read_text(encoding="utf-8")).get("dependencies", {}):
        known = workspace.get(dependency)
        if isinstance(known, dict) and "path" in known:
            yield from _files(groups.ROOT / known["path"])


def _installer(wheel: Path) -> Sequence[str | Path]:
    python = groups.python()
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", python, "--offline", "--no-deps", "--reinstall", wheel]
    # A `.venv` that uv made has no pip, and uv may be gone.
    if subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True).returncode != 0:
        subprocess.run([python, "-I", "-m", "ensurepip"], capture_output=True)
    quiet = ["--disable-pip-version-check", "--no-input", "--no-index"]
    return [python, "-I", "-m", "pip", "install", *quiet, "--no-deps", "--force-reinstall", wheel]


def _call(name: str, command: Sequence[str | Path]) -> None:
    """Runs a command in the module's folder and shows its last line where somebody watches. Raises `ExtensionError`."""
    if not shutil.which(cargo.cargo()):
        raise ExtensionError(cargo.NO_CARGO)
    said: list[str] = []
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=groups.ROOT / MODULES[name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout
    try:
        for line in process.stdout:
            said.append(line.rstrip())
            _show(line.strip())
        status = process.wait()
    except BaseException:
        # Ctrl-C: cargo must not build on behind the prompt.
        process.terminate()
        process.wait()
        raise
    finally:
        process.stdout.close()
        _show("")
    if status != 0:
        raise ExtensionError(f"The module {name} could not be built. {cargo.explain(chr(10).join(said))}")


def _show(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{line[:78]}", end="", file=sys.stderr, flush=True)
