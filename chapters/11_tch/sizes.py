"""What has to be shipped for one classifier: on LibTorch, in Candle, and with PyTorch as it is installed.

    python3 chapters/11_tch/sizes.py           # builds both programs, stripped, and weighs what each needs

Standard library alone; on Linux, since it asks `ldd` which libraries a program loads. The group `torch` must be there:
`python3 workbook run keep_weights` installs it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# The system's own, which are on every machine that runs either program.
SYSTEM = re.compile(r"^/(usr/)?lib")


def main() -> int:
    build = ["cargo", "build", "--quiet", "--locked", "--profile", "ship", "--examples"]
    subprocess.run(build, cwd=HERE, check=True)
    examples = ROOT / "target" / "ship" / "examples"
    torch = (ROOT / ".workbook" / "libtorch").resolve()
    for title, name in (("Candle", "classify_candle"), ("LibTorch", "classify_libtorch")):
        program = examples / name
        libraries = shipped(program)
        print(f"{title + ', the program':28} {megabytes(program.stat().st_size)}")
        for library in libraries:
            print(f"  {library.name:26} {megabytes(library.stat().st_size)}")
        if libraries:
            print(f"{title + ', in all':28} {megabytes(sum(file.stat().st_size for file in (program, *libraries)))}")
    whole = sum(file.stat().st_size for file in torch.rglob("*") if file.is_file())
    print(f"{'PyTorch, its folder alone':28} {megabytes(whole)}")
    return 0


def shipped(program: Path) -> list[Path]:
    """The libraries that a program loads and the system does not bring."""
    answer = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
    found = re.findall(r"=> (/\S+)", answer.stdout)
    return sorted({Path(path).resolve() for path in found if not SYSTEM.match(path)})


def megabytes(size: int) -> str:
    return f"{size / 1e6:8.1f} MB"


if __name__ == "__main__":
    sys.exit(main())
