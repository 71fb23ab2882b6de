"""What has to be shipped to classify a digit: a stripped Rust program, and an installed PyTorch.

    python3 chapters/07_candle/benches/size.py [--python PYTHON]

Builds the example `classify` as a release without symbols, and adds up the files of `torch` and of the packages that it
asks for, as they are installed for PYTHON (by default the Python that runs this). Prints one JSON line for each; for a
package that is not installed it says so and goes on. Standard library only.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# Run by PYTHON, which may be another one: follows the requirements of `torch` through what is installed.
MEASURE = """
import json, re
from importlib.metadata import PackageNotFoundError, distribution

def size(found):
    files = (file.locate() for file in found.files or [])
    return sum(path.stat().st_size for path in files if path.is_file())

sizes, waiting = {}, ["torch"]
while waiting:
    name = re.sub("[-_.]+", "-", waiting.pop()).lower()
    if name in sizes:
        continue
    try:
        found = distribution(name)
    except PackageNotFoundError:
        continue
    sizes[name] = size(found)
    # The extras, as in cuda-toolkit[cublas], are followed by whatever is installed of them.
    waiting += [re.match("[A-Za-z0-9._-]+", line)[0] for line in found.requires or []]
version = distribution("torch").version if "torch" in sizes else None
print(json.dumps({"version": version, "sizes": sizes}))
"""


def program() -> Path:
    """Builds the program, and returns where it is."""
    command = ["cargo", "rustc", "--release", "-p", "candle-chapter", "--example", "classify"]
    command += ["--message-format=json", "--", "-C", "strip=symbols"]
    built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = (json.loads(line) for line in built.stdout.splitlines())
    executables = [message["executable"] for message in messages if message.get("executable")]
    return Path(executables[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
    python = parser.parse_args().python

    size = program().stat().st_size
    print(json.dumps({"name": "classify, stripped", "mb": round(size / 1e6, 1)}))
    measured = subprocess.run([python, "-c", MEASURE], check=True, stdout=subprocess.PIPE, text=True)
    torch = json.loads(measured.stdout)
    if torch["version"] is None:
        print(json.dumps({"name": "torch", "missing": f"not installed for {Path(python).name}"}))
        return
    sizes = torch["sizes"]
    print(json.dumps({"name": "torch alone", "version": torch["version"], "mb": round(sizes["torch"] / 1e6)}))
    total = round(sum(sizes.values()) / 1e6)
    print(json.dumps({"name": "torch and what it asks for", "packages": len(sizes), "mb": total}))


if __name__ == "__main__":
    main()
