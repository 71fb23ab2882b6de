"""Calling the compiler directly, where cargo would only repeat the command that it gave last time.

Before it calls rustc, cargo resolves the whole workspace, again at every save. With the nine hundred packages that the
course locks this takes longer than compiling an exercise: benchmarks/README.md has the figures. So the command and the
environment that cargo used are kept, in `.workbook/replay/`, with a stamp of everything that cargo would look at to
find that command again, and the next save goes straight to the compiler.

Cargo remains the truth:

- A stamp that differs, a variable of the environment that differs, a message that points nowhere in the source:
  whenever in doubt, `replay` gives None and cargo is called.
- The learner's file and its checks need no stamp, since the compiler reads them each time.
- The output goes to a folder of its own, so that cargo's idea of what is up to date stays right.

`WORKBOOK_REPLAY=0` switches it off.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import headstart, process, stamps
from workbook.course import CourseError
from workbook.files import locked

SLACK_NS = 20_000_000
"""A file system's clock may be this far behind ours."""


@dataclass(frozen=True)
class Call:
    """One call of cargo for one test target. `arguments` are all that cargo is given: another call, another record."""

    root: Path
    package: str
    target: str
    cargo: str
    arguments: Sequence[str]
    env: Mapping[str, str]

    @property
    def record(self) -> Path:
        return self.root / ".workbook" / "replay" / f"{self.package}-{self.target}-{self.arguments[0]}.json"


@dataclass(frozen=True)
class Replayed:
    """What the compiler said, as cargo's `compiler-message`s carry it, and the executable if there is one."""

    messages: list[dict[str, Any]]
    executable: Path | None


def replay(call: Call) -> Replayed | None:
    """Compiles with the command that is kept for this call; None where cargo has to be asked."""
    try:
        kept = json.loads(call.record.read_text(encoding="utf-8"))
        if not stamps.holds(kept, call.cargo, call.arguments, call.env):
            return None
        if begun := headstart.take(str(call.record)):
            messages, status = _messages(begun[0].splitlines()), begun[1]
        else:
            with locked(call.record.with_suffix(".lock"), wait=0.0):
                Path(kept["folder"]).mkdir(parents=True, exist_ok=True)
                messages, status = _compile(kept["command"], cwd=call.root, env={**call.env, **kept["env"]})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CourseError):
        return None  # No record, or not one of ours, or another runner is at it.
    errors = [message for message in messages if message["level"].startswith("error")]
    if status == 0:
        executable = Path(kept["executable"]) if kept["executable"] else None
        return Replayed(messages, executable) if not errors else None
    # A failure must be the file's own. Linkers, missing crates and crashes of the compiler have no place in the source.
    own = [message for message in errors if not message["message"].startswith("aborting due to")]
    if status == 1 and own and all(_in_source(message) for message in own):
        return Replayed(messages, None)
    return None


def learn(call: Call, said: Sequence[str], artifacts: Sequence[dict[str, Any]], started_ns: int) -> None:
    """Keeps the command that cargo gave for this call, if it gave one and everything it rests on is known.

    `said` is cargo's standard error under `-vv`, `artifacts` its `compiler-artifact` messages, `started_ns` the time
    before it was called. A folder that cannot be written costs speed only.
    """
    try:
        data = _learnt(call, said, artifacts, started_ns)
        if data is None:
            return
        call.record.parent.mkdir(parents=True, exist_ok=True)
        partial = call.record.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(data), encoding="utf-8")
        partial.replace(call.record)
    except OSError:
        pass


def _learnt(
    call: Call, said: Sequence[str], artifacts: Sequence[dict[str, Any]], started_ns: int
) -> dict[str, Any] | None:
    commands = [command for line in said if (command := _command(call, line))]
    sources = _sources(call, artifacts)
    if not commands or sources is None:
        return None
    env, words = commands[0]
    where = {flag: words.index(flag) + 1 for flag in ("--out-dir", "--crate-name")}
    folder = Path(words[where["--out-dir"]])
    ours = folder.parent.parent / "workbook"
    extra = next((word.split("=", 1)[1] for word in words if word.startswith("extra-filename=")), "")
    replayed = [f"incremental={ours / 'incremental'}" if word.startswith("incremental=") else word for word in words]
    replayed[where["--out-dir"]] = str(ours)
    linked = any(word.startswith("--emit=") and "link" in word for word in words)
    executable = str(ours / f"{words[where['--crate-name']]}{extra}") if linked else None

    inputs = [*sources, *_settings(call)]
    taken = {str(path): stamps.stamp(path) for path in inputs}
    if any(was and max(was[2:], default=0) > started_ns - SLACK_NS for was in taken.values()):
        return None  # Changed while cargo ran: which of the two did cargo see?
    products = [Path(name) for message in artifacts for name in message["filenames"] if not _is_ours(call, message)]
    tools = [Path(word) for word in words[:2] if word.startswith("/")]
    for path in (*products, *tools, Path(call.cargo), folder, Path(env.get("CARGO_TARGET_TMPDIR") or folder)):
        taken[str(path)] = stamps.stamp(path)
        if taken[str(path)] is None:
            return None
    return {
        "identity": stamps.identity(call.cargo, call.arguments, call.env),
        "cargo": call.cargo,
        "arguments": list(call.arguments),
        "command": replayed,
        "env": env,
        "folder": str(ours),
        "executable": executable,
        "stamps": taken,
    }


def _command(call: Call, line: str) -> tuple[dict[str, str], list[str]] | None:
    """Environment and words of the compiler's command for this call's target, from a line of `cargo -vv`."""
    import shlex

    match = re.fullmatch(r"\s*Running `(.*)`", line)
    if not match or f"--crate-name {call.target.replace('-', '_')} " not in line:
        return None
    try:
        words = shlex.split(match[1])
    except ValueError:
        return None
    env: dict[str, str] = {}
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, value = words.pop(0).split("=", 1)
        env[name] = value
    if env.get("CARGO_PKG_NAME") != call.package or "--test" not in words or "--out-dir" not in words:
        return None
    programs = [Path(word).name for word in words[:2]]
    # Any other wrapper may do what it likes, and know what we do not.
    if programs[0] != "rustc" and programs != ["clippy-driver", "rustc"]:
        return None
    if programs[0] == "clippy-driver":
        # What `cargo clippy` tells its driver by way of cargo's environment.
        env |= {"CLIPPY_ARGS": "", "RUSTC_WORKSPACE_WRAPPER": words[0]}
    return env, words


def _sources(call: Call, artifacts: Sequence[dict[str, Any]]) -> list[Path] | None:
    """The source files of the course's own crates that the target depends on; None when they cannot all be named."""
    sources: list[Path] = []
    for message in artifacts:
        if not message["package_id"].startswith("path+") or _is_ours(call, message):
            continue
        if message["target"]["kind"] == ["custom-build"]:
            return None
        package = Path(message["manifest_path"]).parent
        sources.append(package / "build.rs")
        built = [Path(name) for name in message["filenames"] if Path(name).parent.name == "deps"]
        if not built:
            return None
        try:
            listed = built[0].with_name(built[0].stem.removeprefix("lib") + ".d").read_text(encoding="utf-8")
        except OSError:
            return None
        # Makefile syntax; the lines `FILE:` without prerequisites name every source once.
        names = [line[:-1].replace("\\ ", " ") for line in listed.splitlines() if line.endswith(":") and line[0] != "#"]
        sources += [call.root / name for name in names]
    return sources


def _settings(call: Call) -> list[Path]:
    """Whatever else tells cargo how to build; most of these do not exist, and a stamp says that too."""
    home = Path.home()
    cargo_home = Path(call.env.get("CARGO_HOME") or home / ".cargo")
    rustup_home = Path(call.env.get("RUSTUP_HOME") or home / ".rustup")
    names = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain", "clippy.toml", ".clippy.toml"]
    paths = [call.root / name for name in names]
    for folder in (call.root, *call.root.parents):
        paths += [folder / ".cargo" / "config.toml", folder / ".cargo" / "config"]
    paths += [cargo_home / "config.toml", cargo_home / "config", rustup_home / "settings.toml"]
    for member in sorted([*call.root.glob("*/[0-9]*/Cargo.toml"), *call.root.glob("crates/*/Cargo.toml")]):
        paths += [member, *(member.with_name(name) for name in ("build.rs", "clippy.toml", ".clippy.toml"))]
    return paths


def _is_ours(call: Call, message: dict[str, Any]) -> bool:
    """True for the call's own target, which is what changes from run to run."""
    return message["target"]["name"] == call.target and message["target"]["kind"] == ["test"]


def _compile(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> tuple[list[dict[str, Any]], int]:
    compiler = process.start(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    try:
        messages = _messages(compiler.stderr)
        status = compiler.wait()
    finally:
        process.end(compiler)
        compiler.stderr.close()
    return messages, status


def _messages(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The diagnostics among what the compiler says of its work."""
    said = [json.loads(line) for line in lines if line.startswith("{")]
    return [message for message in said if message.get("$message_type", "diagnostic") == "diagnostic"]


def _in_source(message: dict[str, Any]) -> bool:
    # E0460 to E0463 and E0514: a crate is missing or was built by another compiler. Cargo mends that.
    code = (message["code"] or {}).get("code") or ""
    return bool(message["spans"]) and not re.fullmatch(r"E0(46[0-3]|514)", code)
