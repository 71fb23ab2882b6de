"""Whether what a kept command of the compiler rests on is still as it was: files by their stamps, and the environment.

On the way of every save, and of `run` before anything else is loaded: a few light modules of the standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from typing import Any

FORMAT = 2

# What terminals and shells set, each its own, and no compiler reads.
PERSONAL = re.compile(
    r"_|(OLD)?PWD|SHLVL|TERM(_.*)?|COLORTERM|COLORFGBG|COLUMNS|LINES|WINDOW(ID)?|(GPG_)?TTY|STY|(WAYLAND_)?DISPLAY"
    r"|INVOCATION_ID|JOURNAL_STREAM|PS1|PROMPT_COMMAND|NO_COLOR|(TMUX|SSH_|XDG_|DBUS_|VSCODE_).*"
)

Stamp = list[int] | None


def environment() -> dict[str, str]:
    """The caller's environment, less what would change cargo's or a check's output."""
    env = dict(os.environ)
    # A backtrace would bury the two lines of a failed check that matter.
    env["RUST_BACKTRACE"] = "0"
    env["CARGO_TERM_PROGRESS_WHEN"] = "never"
    env.pop("RUSTC_LOG", None)
    return env


def possible() -> bool:
    """Whether commands can be kept and repeated: cargo shows them in a shell's words, which we read on POSIX only."""
    return os.name == "posix" and os.environ.get("WORKBOOK_REPLAY") != "0"


def identity(cargo: str, arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Changes with whatever of a call of cargo and its environment may change what cargo would do."""
    public = sorted(item for item in env.items() if not PERSONAL.fullmatch(item[0]))
    return hashlib.sha256(json.dumps([FORMAT, cargo, *arguments, public]).encode()).hexdigest()


def stamp(path: str | os.PathLike[str]) -> Stamp:
    """Changes when the file does, even when its times are set back; None if there is none. Of a folder: which it is."""
    try:
        found = os.stat(path)  # noqa: PTH116, there are hundreds of them, and a `Path` costs more than the call
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):
        return [found.st_ino]
    return [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def holds(kept: Mapping[str, Any], cargo: str, arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether a kept command is still the one that cargo would give for this call."""
    same = kept["identity"] == identity(cargo, arguments, env)
    return same and all(stamp(path) == was for path, was in kept["stamps"].items())
