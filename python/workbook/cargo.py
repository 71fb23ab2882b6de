"""Cargo: building one test target, and asking clippy about it.

One call of cargo compiles an exercise; the checks are then run from the executable that it names (`checks.py`), so a
time limit on the checks never cuts a build short. Where cargo would only repeat itself, `replay.py` does without it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import replay, stamps
from workbook.course import CourseError
from workbook.process import end, start
from workbook.verdict import Diagnostic

if TYPE_CHECKING:
    from workbook.wasm import Route

Notify = Callable[[str], None]

TARGET = "wasm32-unknown-unknown"
"""What an exercise is compiled for that is a module for the browser."""


class CargoError(CourseError):
    """Cargo could not get as far as compiling the learner's file; the message says what to do."""


@dataclass
class Build:
    """What cargo said of one or more targets: by target name, the messages and the executable (or the library)."""

    diagnostics: dict[str, list[Diagnostic]] = field(default_factory=dict)
    executables: dict[str, Path] = field(default_factory=dict)
    seconds: float = 0.0

    def errors(self, target: str) -> list[Diagnostic]:
        return [message for message in self.diagnostics.get(target, []) if message.level == "error"]


def build(
    root: Path,
    package: str,
    targets: Sequence[str],
    *,
    examples: Collection[str] = (),
    modules: Collection[str] = (),
    keep_going: bool = False,
    locked: bool = True,
    verbose: bool = False,
    notify: Notify | None = None,
) -> Build:
    """Compiles targets of `package`; a target with an error is simply missing from `executables`.

    Those in `examples` are libraries for Python, or, if they are in `modules` too, for WebAssembly; all others are test
    targets. With `verbose`, `notify` hears how the compiler is called.

    Raises `CargoError` when the fault is not in the targets: no cargo, no network, a broken manifest, a chapter's own
    crate that does not compile.
    """
    # `build --test` rather than `test --no-run`: the same artefact, and it knows --keep-going.
    command = ["build", *(["--keep-going"] if keep_going else []), *(["-vv"] if verbose else [])]
    here = [target for target in targets if target not in modules]
    result = _call(root, command, package, here, examples, locked, notify) if here else Build()
    if there := [target for target in targets if target in modules]:
        from workbook import wasm

        other = _call(root, command, package, there, examples, locked, notify, wasm.ensure_route())
        result.diagnostics |= other.diagnostics
        result.executables |= other.executables
        result.seconds += other.seconds
    return result


def clippy(
    root: Path,
    package: str,
    targets: Sequence[str],
    *,
    examples: Collection[str] = (),
    locked: bool = True,
    notify: Notify | None = None,
) -> Build:
    """Asks clippy about targets that compile; its findings come as diagnostics."""
    return _call(root, ["clippy", "--keep-going"], package, targets, examples, locked, notify)


def _call(
    root: Path,
    command: list[str],
    package: str,
    targets: Sequence[str],
    examples: Collection[str],
    locked: bool,
    notify: Notify | None,
    route: Route | None = None,
) -> Build:
    """Cargo's answer about the targets; where nothing but the one target's own files has changed, the compiler's."""
    selected = [part for target in targets for part in ("--example" if target in examples else "--test", target)]
    arguments = [*command, "-p", package, "--profile", "test", *selected, *(["--locked"] if locked else [])]
    arguments.append("--message-format=json-diagnostic-rendered-ansi")
    started, started_ns = time.perf_counter(), time.time_ns()
    env = stamps.environment() | (route.env if route else {})
    if route:
        arguments += ["--target", TARGET, *route.flags]
    call = None
    # Not for an optional chapter: its workspace is small, and its crate's build depends on what no stamp sees.
    alone = root.parent.name == "chapters"
    if not alone and len(targets) == 1 and not examples and locked and stamps.possible():
        call = replay.Call(root, package, targets[0], cargo(), arguments, env)
        if done := replay.replay(call):
            return _replayed(done, targets[0], started)
        # Shows the compiler's command and its environment.
        arguments = [*arguments, "-vv"]
    try:
        process = start(
            [route.cargo if route else cargo(), *arguments],
            cwd=root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        raise CargoError(NO_CARGO) from None
    said: list[str] = []

    def listen() -> None:
        for line in process.stderr:
            said.append(line.rstrip())
            if notify:
                notify(line.strip())

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    result = Build()
    foreign: list[str] = []
    artifacts: list[dict[str, Any]] = []
    # An optional chapter's exercises lie outside its workspace, so the compiler is given whole paths.
    whole_paths = json.dumps(f"{root.parents[1]}{os.sep}")[1:-1] if alone else ""
    try:
        for line in process.stdout:
            if alone and line.startswith('{"reason":"compiler-message"'):
                line = line.replace(whole_paths, "")
            if line.startswith("{"):
                message = json.loads(line)
                _take(message, set(targets), result, foreign)
                if message.get("reason") == "compiler-artifact":
                    artifacts.append(message)
        status = process.wait()
    finally:
        # After Ctrl-C, or a fault of ours, cargo must not run on behind the prompt.
        end(process)
        listener.join(2)
        process.stdout.close()
        process.stderr.close()
    result.seconds = time.perf_counter() - started
    if status != 0 and not any(result.errors(target) for target in targets):
        raise CargoError(explain("\n".join(said), foreign))
    if call:
        replay.learn(call, said, artifacts, started_ns)
    return result


def _replayed(done: replay.Replayed, name: str, started: float) -> Build:
    """What cargo would have said."""
    result = Build()
    for message in done.messages:
        take_diagnostic(message, name, result)
    if done.executable:
        result.executables[name] = done.executable
    result.seconds = time.perf_counter() - started
    return result


def take_diagnostic(message: dict[str, Any], name: str, result: Build) -> None:
    """Adds what the compiler itself says of the target `name`, in its own JSON, to the result."""
    _take(
        {"reason": "compiler-message", "target": {"kind": ["test"], "name": name}, "message": message},
        {name},
        result,
        [],
    )


def _take(message: dict[str, Any], targets: set[str], result: Build, foreign: list[str]) -> None:
    """Sorts one JSON message of cargo into the result; errors of other targets go to `foreign`."""
    target = message.get("target") or {}
    ours = target.get("kind") in (["test"], ["example"]) and target.get("name") in targets
    if message.get("reason") == "compiler-message":
        text = message["message"]
        if not ours:
            if text["level"] == "error":
                foreign.append(text["rendered"])
        elif text["spans"] or text["code"]:
            # Messages without either are the closing 'aborting due to 1 previous error'.
            result.diagnostics.setdefault(target["name"], []).append(_diagnostic(text))
        elif text["level"] == "error" and not text["message"].startswith("aborting due to"):
            result.diagnostics.setdefault(target["name"], []).append(_diagnostic(text))
    elif message.get("reason") == "compiler-artifact" and ours:
        libraries = [file for file in message["filenames"] if file.endswith((".so", ".dylib", ".dll", ".wasm"))]
        if made := message.get("executable") or next(iter(libraries), None):
            result.executables[target["name"]] = Path(made)


def _diagnostic(text: dict[str, Any]) -> Diagnostic:
    main = next((span for span in text["spans"] if span["is_primary"]), None)
    return Diagnostic(
        level="error" if text["level"].startswith("error") else text["level"],
        code=(text["code"] or {}).get("code"),
        message=text["message"],
        file=_plain(main["file_name"]) if main else "",
        line=main["line_start"] if main else 0,
        column=main["column_start"] if main else 0,
        rendered=_plain(text["rendered"] or text["message"]),
    )


def _plain(text: str) -> str:
    """An exercise includes its checks by `../../chapters/…`; the reader gets the path from the course's root."""
    return re.sub(r"(?:exercises|solutions|\.\w+)/\w+/\.\./\.\./(?=chapters/)", "", text)


def cargo() -> str:
    """The cargo to call: from the PATH, else where rustup puts it before a new shell knows."""
    found = shutil.which("cargo")
    if found:
        return found
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    candidate = home / "bin" / ("cargo.exe" if os.name == "nt" else "cargo")
    return str(candidate) if candidate.exists() else "cargo"


def call(root: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs cargo with these words to its end, and keeps what it says. Raises `CargoError` where there is no cargo."""
    try:
        return subprocess.run(
            [cargo(), *words],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        raise CargoError(NO_CARGO) from None


NO_CARGO = "Rust is not installed: 'cargo' was not found. Get it from https://rustup.rs, then run this again."

# What cargo says, and what a person should do about it. First match wins.
_KNOWN = (
    (
        ("could not resolve host", "failed to download", "network failure", "spurious network error", "failed to get"),
        "Cargo could not download what the chapter needs. Check the network (a proxy: HTTPS_PROXY), then run it again.",
    ),
    (
        ("requires rustc", "is not supported by the following package"),
        "This Rust is too old for the course. Run 'rustup update stable', then run this again.",
    ),
    (
        ("no space left on device",),
        "The disk is full. 'cargo clean' frees what earlier builds left here; your files are untouched.",
    ),
    (
        ("read-only file system", "permission denied"),
        "Cargo may not write into this folder. Make it writable, or set CARGO_TARGET_DIR to a folder that is.",
    ),
    (
        ("toolchain", "is not installed"),
        "The Rust toolchain is missing. Run 'rustup toolchain install stable', then run this again.",
    ),
    (
        ("cannot update the lock file", "lock file", "needs to be updated but --locked"),
        "Cargo.lock does not fit the manifests. If you changed no Cargo.toml, take the course's own copy back: "
        "'git checkout Cargo.lock'. An author runs 'cargo metadata >/dev/null' to renew it.",
    ),
)


def explain(said: str, foreign: Sequence[str] = ()) -> str:
    """One sentence for a person, then cargo's own words."""
    low = said.lower()
    if foreign:
        sentence = "The course's own code does not compile; the fault is not in your file."
        return f"{sentence}\n{foreign[0].rstrip()}"
    for needles, sentence in _KNOWN:
        hit = all(n in low for n in needles) if needles[0] == "toolchain" else any(n in low for n in needles)
        if hit:
            return f"{sentence}\n{_tail(said)}"
    return f"Cargo stopped before it compiled the exercise.\n{_tail(said)}"


def _tail(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return "\n".join(f"  cargo: {line}" for line in lines[-6:])
