"""What a run of one exercise came to: the result that is shown, kept and printed as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Stage = Literal["compile", "check", "lint", "done"]
State = Literal["passed", "failed", "not_run"]

# Causes that are neither an error code nor a check nor a lint; `chapter.toml` may key hints to them.
TIMEOUT = "timeout"
OUTPUT = "output"
CRASH = "crash"
CHECKS_MISSING = "checks_missing"
# An error that the compiler gives no code: syntax, and 'lifetime may not live long enough'.
UNCODED = "uncoded"
# An extension module that Python cannot import.
NOT_IMPORTED = "not_imported"


@dataclass
class Diagnostic:
    """One message of the compiler or of clippy. `rendered` carries the compiler's own colours."""

    level: str
    code: str | None
    message: str
    file: str
    line: int
    column: int
    rendered: str


@dataclass
class Check:
    """One check, run in a process of its own. `file` and `line` say where it gave up."""

    name: str
    state: State
    seconds: float = 0.0
    message: str = ""
    wanted: str | None = None
    got: str | None = None
    file: str | None = None
    line: int | None = None
    cause: str | None = None
    output: str = ""


@dataclass
class Verdict:
    """The outcome for one exercise.

    `stage` is where it stopped, `done` when it passed. `code` is the compiler's first error code. `causes` holds, most
    telling first, whatever a hint may be keyed to: error codes, failed checks, lints, `timeout` and the like.
    """

    chapter: str
    name: str
    passed: bool
    stage: Stage
    code: str | None = None
    failed_checks: list[str] = field(default_factory=list)
    seconds: float = 0.0
    message: str = ""
    hint: str | None = None
    causes: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lints: list[Diagnostic] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The stable contract, documented in docs/json.md. Colours are stripped."""
        data = asdict(self)
        data["seconds"] = round(self.seconds, 3)
        for check in data["checks"]:
            check["seconds"] = round(check["seconds"], 3)
        for message in (*data["diagnostics"], *data["lints"]):
            message["rendered"] = strip_ansi(message["rendered"])
        return data


def strip_ansi(text: str) -> str:
    """Removes colour sequences, and any other terminal control a program may have printed; keeps lines and tabs."""
    import re

    text = re.sub(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])", "", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)
