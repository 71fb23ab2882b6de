"""data/: the files are what data/README.md says they are."""

import gzip
import hashlib
import re
import struct
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
ROW = re.compile(r"\| `(?P<file>digits/\S+)` \|.*\| (?P<shape>[\dx ]+) \| `(?P<sum>[0-9a-f]{64})` \|")
STATED = {row["file"]: row for row in map(ROW.match, (DATA / "README.md").read_text().splitlines()) if row}


def content(name: str) -> bytes:
    return gzip.decompress((DATA / name).read_bytes())


def header(name: str) -> tuple[int, ...]:
    """The number of dimensions, then each."""
    data = content(name)
    magic, *_ = struct.unpack_from(">I", data)
    assert magic >> 8 == 0x08, f"{name} does not hold unsigned bytes"
    return (magic & 0xFF, *struct.unpack_from(f">{magic & 0xFF}I", data, 4))


def images(part: str) -> list[bytes]:
    data = content(f"digits/{part}-images-idx3-ubyte.gz")[16:]
    return [data[start : start + 784] for start in range(0, len(data), 784)]


def labels(part: str) -> bytes:
    return content(f"digits/{part}-labels-idx1-ubyte.gz")[8:]


def test_readme_names_every_file_of_digits():
    assert sorted(STATED) == sorted(f"digits/{path.name}" for path in (DATA / "digits").iterdir())


@pytest.mark.parametrize("name", STATED)
def test_file_has_the_stated_sum_and_shape(name):
    assert hashlib.sha256(content(name)).hexdigest() == STATED[name]["sum"]
    shape = tuple(int(size) for size in STATED[name]["shape"].split("x"))
    assert header(name) == (len(shape), *shape)
    numbers = 1
    for size in shape:
        numbers *= size
    assert len(content(name)) == 4 + 4 * len(shape) + numbers, "nothing is missing and nothing follows"


@pytest.mark.parametrize(("part", "each"), [("train", 600), ("test", 100)])
def test_every_digit_is_there_as_often(part, each):
    assert Counter(labels(part)) == dict.fromkeys(range(10), each)
    assert len(images(part)) == 10 * each


def test_no_image_is_there_twice():
    every = images("train") + images("test")
    assert len(set(every)) == len(every)


def test_the_order_says_nothing_about_the_label():
    # Training need not shuffle to see every digit: 60 of each are expected in a tenth of the file.
    for start in range(0, 6000, 600):
        counts = Counter(labels("train")[start : start + 600])
        assert all(30 < counts[digit] < 90 for digit in range(10)), (start, counts)


def test_a_label_belongs_to_its_image():
    """The nearest mean image of a digit: far better than chance only if images and labels are in the same order."""
    means = []
    train = list(zip(images("train"), labels("train"), strict=True))
    for digit in range(10):
        columns = zip(*(pixels for pixels, label in train if label == digit), strict=True)
        means.append([sum(column) / 600 for column in columns])
    right = sum(
        min(range(10), key=lambda d: sum((a - b) ** 2 for a, b in zip(pixels, means[d], strict=True))) == label
        for pixels, label in list(zip(images("test"), labels("test"), strict=True))[:200]
    )
    assert right > 140, f"{right} of 200"


def test_the_size_is_that_of_a_small_file():
    assert sum(path.stat().st_size for path in (DATA / "digits").iterdir()) < 1_500_000
