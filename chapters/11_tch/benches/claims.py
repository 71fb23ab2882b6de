"""One figure of this chapter's claims (`claims.toml`): what has to be shipped for a classifier, in bytes.

    python3 workbook claims candle_shipped

Standard library alone; on Linux. Both programs are built by the runner before (`--profile ship`: stripped, thin LTO),
and LibTorch is the group `torch`. A network is trained once, by this chapter's `train`, and kept under `.workbook/`;
both programs classify the held-out digits with it, and must get as many right. Prints one JSON line.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import sizes  # noqa: E402

EXAMPLES = ROOT / "target" / "ship" / "examples"
WEIGHTS = ROOT / ".workbook" / "claims" / "digits.safetensors"


def right(program: Path) -> str:
    """Runs the program; the share of digits that it says it got right."""
    if not WEIGHTS.is_file():
        WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([EXAMPLES / "train", WEIGHTS], check=True, capture_output=True)
    said = subprocess.run([program, WEIGHTS], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+\.\d)% right", said)
    if not found:
        raise SystemExit(f"{program.name} did not say how many were right")
    return found[1]


def shipped(name: str) -> dict:
    """The program, and every library that it loads and the system does not bring."""
    program = EXAMPLES / name
    files = [program, *sizes.shipped(program)]
    return {"bytes": sum(file.stat().st_size for file in files), "output": right(program)}


def installed() -> dict:
    """PyTorch's folder, as pip installs it; what it asks for beside it is not counted. The program is as above."""
    folder = (ROOT / ".workbook" / "libtorch").resolve()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"bytes": size, "output": right(EXAMPLES / "classify_libtorch")}


FIGURES = {
    "candle": lambda: shipped("classify_candle"),
    "libtorch": lambda: shipped("classify_libtorch"),
    "pytorch": installed,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    print(json.dumps({"name": sys.argv[1], **FIGURES[sys.argv[1]]()}))
