"""Programs that a command needs and cargo can install: mdBook, cargo-deny and the like, each in one exact version.

They are kept in the user's cache, outside the clone, under a name with the version, so that every clone shares them
and two versions can stand side by side.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_dir

from workbook import cargo
from workbook.course import CourseError
from workbook.files import locked

INSTALL_WAIT = 3600.0
"""Seconds to wait for another process that installs the same tool."""


class ToolError(CourseError):
    """A tool is neither here nor to be had; the message says why and what to do."""


def folder() -> Path:
    """Where the tools stand; `RUST_FOR_AI_TOOLS` names another place."""
    named = os.environ.get("RUST_FOR_AI_TOOLS")
    return Path(named) if named else Path(user_cache_dir("rust-for-ai", appauthor=False)) / "tools"


def chromium() -> str | None:
    """The path of Chromium, or of a browser that is built from it, by the names that systems give it."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def find_tool(name: str, version: str, *, binary: str | None = None) -> Path | None:
    """The tool in exactly this version: from the tools folder, else from the PATH; None when it is on neither."""
    binary = binary or name
    installed = folder() / f"{name}-{version}" / "bin" / _executable(binary)
    if installed.exists():
        return installed
    on_path = shutil.which(binary)
    return Path(on_path) if on_path and _version(Path(on_path)) == version else None


def ensure_tool(
    name: str,
    version: str,
    *,
    binary: str | None = None,
    minutes: float = 2,
    is_locked: bool = True,
    features: str = "",
    notify: Callable[[str], None] | None = None,
) -> Path:
    """Finds the crate `name`'s program, or installs it with cargo and says so. Raises `ToolError`.

    `minutes` is what the build takes on two cores. `is_locked` builds with the dependencies of the tool's release.
    """
    if found := find_tool(name, version, binary=binary):
        return found
    say = notify or (lambda text: print(text, file=sys.stderr, flush=True))
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"{place} cannot be made: {error.strerror}. Set RUST_FOR_AI_TOOLS to another folder.") from None
    # The lock goes with the process, so that one that was killed leaves nothing to clean up.
    with locked(place / f".{name}-{version}.lock", wait=INSTALL_WAIT):
        if found := find_tool(name, version, binary=binary):
            return found
        about = f"about {minutes:g} minutes" if minutes > 1 else "about a minute"
        say(f"Installing {name} {version} with cargo, once: {about}. It goes to {place}.")
        _install(name, version, place, ["--locked"] if is_locked else [], features)
    if found := find_tool(name, version, binary=binary):
        return found
    raise ToolError(f"{name} {version} was installed, but has no program '{binary or name}'.")


def _install(name: str, version: str, place: Path, flags: list[str], features: str) -> None:
    # What cargo has built is kept when it is interrupted, and the next call goes on from there. The finished tool
    # appears under its name in one step, so that half of one is never found.
    building, partial = place / f".build-{name}-{version}", place / f".partial-{name}-{version}"
    shutil.rmtree(partial, ignore_errors=True)
    if features:
        flags = [*flags, "--features", features]
    command = [cargo.cargo(), "install", *flags, "--root", str(partial), "--version", f"={version}", name]
    env = {**os.environ, "CARGO_TARGET_DIR": str(building), "CARGO_TERM_PROGRESS_WHEN": "never"}
    try:
        process = subprocess.Popen(
            command,
            # Not in the clone: its rust-toolchain.toml and .cargo/config.toml are for its own crates.
            cwd=place,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        raise ToolError(cargo.NO_CARGO) from None
    said: list[str] = []
    assert process.stderr
    try:
        for line in process.stderr:
            said.append(line.rstrip())
            _progress(line.strip())
        status = process.wait()
    except BaseException:
        # Ctrl-C: cargo must not build on behind the prompt.
        process.terminate()
        process.wait()
        raise
    finally:
        process.stderr.close()
        _progress("")
    if status != 0:
        raise ToolError(f"{name} {version} could not be installed. {_advice(said)}")
    final = place / f"{name}-{version}"
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    shutil.rmtree(building, ignore_errors=True)


def _progress(line: str) -> None:
    """Cargo's last line, in place, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line[:78]}", end="", file=sys.stderr, flush=True)


def _advice(said: list[str]) -> str:
    low = "\n".join(said).lower()
    if any(
        word in low for word in ("could not resolve", "could not connect", "failed to download", "spurious network")
    ):
        advice = "Cargo could not reach the registry: check the network (a proxy: HTTPS_PROXY), then run this again."
    elif "no space left" in low:
        advice = f"The disk is full. A build needs about 1 GB in {folder()}; RUST_FOR_AI_TOOLS names another place."
    elif "requires rustc" in low:
        advice = "This Rust is too old for it: 'rustup update stable', then run this again."
    else:
        advice = "Cargo's last words are below; run this again once that is mended."
    return "\n".join([advice, *(f"  cargo: {line}" for line in [line for line in said if line][-6:])])


def _version(program: Path) -> str | None:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, encoding="utf-8", errors="replace", timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\d+\.\d+\.\d+\S*", said.stdout)
    return found[0] if found else None


def _executable(name: str) -> str:
    return f"{name}.exe" if os.name == "nt" else name
