"""One figure of the claims on Ruff: a tree of Python files, looked at by one linter, in a process of its own.

    python3 workbook claims ruff_standard_library
    PYTHONPATH=FOLDER .venv/bin/python chapters/17_case_studies/benches/linters.py ruff_standard_library

Both linters are asked for the same eight rules and no others, without their caches and settings: rules of pyflakes and
pycodestyle that mean exactly the same in both. (Others differ a little: a name that only an annotation uses, an import
that `__all__` names, a negation over several lines.) What is compared is every finding: file, line and rule. Both use
all cores.
"""

from __future__ import annotations

import collections
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

QUICK = "CLAIMS_QUICK" in os.environ
# Imports on one line and not at the top, statements and semicolons on a line, `== True`, `not x is`, star imports, and
# f-strings without a placeholder.
RULES = ("E401", "E402", "E702", "E703", "E712", "E714", "F403", "F541")
PACKAGES = ("click", "markdown_it", "pip", "pydantic", "pygments", "rich", "tomlkit", "typer", "typing_extensions.py")
KEPT = Path(__file__).resolve().parents[3] / ".workbook" / "claims" / "trees"
LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):\d+: (?P<rule>[A-Z]+\d+)\b")


def tree(name: str) -> Path:
    """A copy of the tree, so that both linters read the same files, and no file of settings stands above them."""
    wanted: set[str] = set()
    if name == "standard_library":
        source, skipped = (
            Path(sysconfig.get_path("stdlib")),
            {"site-packages", "dist-packages", "test", "tests", "idlelib"},
        )
    else:
        source, skipped = Path(sysconfig.get_path("purelib")), {"tests", "test"}
        # Of those, what every set-up of the course has; else each machine would have a tree of its own.
        wanted = {"rich"} if QUICK else set(PACKAGES)
    folder = KEPT / f"{name}-{sys.version_info[0]}{sys.version_info[1]}{'-quick' if QUICK else ''}"
    if not folder.is_dir():
        partial = folder.with_suffix(f".{os.getpid()}")
        for path in sorted(source.rglob("*.py")):
            inside = path.relative_to(source)
            if (wanted and inside.parts[0] not in wanted) or skipped & set(inside.parts) or not sound(path):
                continue
            if QUICK and not wanted and not (len(inside.parts) == 1 and inside.name < "d"):
                continue
            target = partial / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        partial.rename(folder)
    return folder


def sound(path: Path) -> bool:
    """Left out is what does not parse, which both tell in words of their own, and what silences rules.

    The two read `# noqa` a little differently.
    """
    try:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec", dont_inherit=True, flags=0x400)
    except (OSError, SyntaxError, ValueError):
        return False
    return not re.search(r"(?i)#\s*(noqa|ruff|flake8)\b", text)


def command(linter: str) -> list[str]:
    if linter == "ruff":
        beside = Path(importlib.util.find_spec("ruff").origin).parents[1] / "bin" / "ruff"  # type: ignore[union-attr, arg-type]
        settings = ["--isolated", "--no-cache", "--quiet", f"--select={','.join(RULES)}"]
        return [str(beside), "check", *settings, "--output-format=concise", "."]
    settings = ["--isolated", f"--select={','.join(RULES)}", f"--jobs={os.cpu_count()}"]
    return [sys.executable, "-m", "flake8", *settings, "."]


def main(figure: str) -> None:
    linter, _, name = figure.partition("_")
    folder = tree(name)
    # All files are read once: neither linter shall wait for the disk.
    files = [path.read_bytes() for path in folder.rglob("*.py")]
    words = command(linter)
    start = time.perf_counter_ns()
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    ns = time.perf_counter_ns() - start
    if done.returncode > 1 or done.stderr.strip():
        raise SystemExit(f"{linter} ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    found = sorted({(m["file"], int(m["line"]), m["rule"]) for m in map(LINE.match, done.stdout.splitlines()) if m})
    inside = [(Path(file).as_posix(), line, rule) for file, line, rule in found]
    counts = collections.Counter(rule for _, _, rule in inside)
    digest = hashlib.sha256(json.dumps(inside).encode()).hexdigest()[:12]
    if os.environ.get("SHOW_FINDINGS"):
        print(*inside, sep="\n")
    output = [len(files), *(counts[rule] for rule in RULES), digest]
    print(json.dumps({"name": figure, "ns": ns, "output": output}))


FIGURES = ("ruff_standard_library", "flake8_standard_library", "ruff_site_packages", "flake8_site_packages")

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    main(sys.argv[1])
