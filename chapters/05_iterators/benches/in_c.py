"""The other side of this chapter's claims (`claims.toml`): its loops in C, compiled here.

    python3 chapters/05_iterators/benches/in_c.py count_loop          # dot_loop: nanoseconds a call
    python3 chapters/05_iterators/benches/in_c.py loop_instructions   # chain_instructions: of the count

Standard library, `cc` (or what CC names) and rustc. Both compilers are asked for their highest level for the same
baseline processor. The compiled program is kept under `.workbook/`, by the text and the compiler that it was made of.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SOURCE = HERE / "in_c.c"
FLAGS = ["-O3", "-std=gnu11"]
INSTRUCTION = re.compile(r"^\s+[a-z]")


def compiler() -> str:
    found = shutil.which(os.environ.get("CC", "cc"))
    if not found:
        raise SystemExit("there is no C compiler: install gcc or clang, or name one in CC")
    return found


def version(cc: str) -> str:
    return subprocess.run([cc, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def run_in_c(figure: str) -> None:
    cc = compiler()
    made_of = SOURCE.read_bytes() + version(cc).encode() + " ".join(FLAGS).encode()
    program = ROOT / ".workbook" / "c" / f"loops-{hashlib.sha256(made_of).hexdigest()[:12]}"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        partial = program.with_suffix(f".{os.getpid()}")
        subprocess.run([cc, *FLAGS, "-o", str(partial), str(SOURCE)], check=True)
        partial.replace(program)
    printed = subprocess.run([program, figure], capture_output=True, text=True, check=True).stdout
    print(json.dumps({**json.loads(printed), "compiler": version(cc)}))


def instructions(assembly: str, function: str) -> int:
    """The instructions between a function's label and its end."""
    counted, inside = 0, False
    for line in assembly.splitlines():
        if re.match(rf"^_?{function}:", line):
            inside = True
        elif inside and (".cfi_endproc" in line or line.lstrip().startswith(".size")):
            return counted
        elif inside and INSTRUCTION.match(line):
            counted += 1
    raise SystemExit(f"the assembly has no function '{function}'")


def count_instructions(figure: str) -> int:
    if figure == "loop_instructions":
        words = [compiler(), *FLAGS, "-DKERNELS_ALONE", "-S", "-o", "-", str(SOURCE)]
        function = "count"
    else:
        kernels = HERE.parent / "src" / "kernels.rs"
        words = ["rustc", "--edition=2024", "--crate-type=lib", "-Copt-level=3", "--emit=asm=-", str(kernels)]
        function = r"\S*count_chain\S*"
    assembly = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return instructions(assembly, function)


def main() -> None:
    figure = sys.argv[1] if len(sys.argv) == 2 else ""
    if figure in ("count_loop", "dot_loop"):
        run_in_c(figure)
    elif figure in ("loop_instructions", "chain_instructions"):
        # Nothing is computed; what both sides stand for is the same function.
        print(json.dumps({"name": figure, "instructions": count_instructions(figure), "output": "count"}))
    else:
        raise SystemExit("name a figure: count_loop, dot_loop, loop_instructions or chain_instructions")


if __name__ == "__main__":
    main()
