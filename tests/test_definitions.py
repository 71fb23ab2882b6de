"""data/definitions: the files are what data/README.md says they are."""

import hashlib
import json
import math
import re
import struct
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
ROW = re.compile(r"\| `(?P<file>definitions/\S+)` \|.*\| `(?P<sum>[0-9a-f]{64})` \|")
STATED = {row["file"]: row["sum"] for row in map(ROW.match, (DATA / "README.md").read_text().splitlines()) if row}


@pytest.mark.parametrize("name", ["definitions/texts.tsv", "definitions/vectors.safetensors"])
def test_file_has_the_stated_sum(name):
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == STATED[name]


def test_the_topics_are_there_as_often_as_stated():
    names, *rows = (line.split("\t") for line in (DATA / "definitions/texts.tsv").read_text("utf-8").splitlines())
    assert names == ["topic", "word", "definition"]
    assert all(len(row) == 3 and all(row) for row in rows)
    counts = Counter(topic for topic, _, _ in rows)
    assert sorted(counts.values()) == [71, 71, 87, 97, 100, 100, 100, 100]
    assert len({definition for _, _, definition in rows}) == len(rows) == 726


def test_each_definition_has_a_vector_of_length_one():
    file = (DATA / "definitions/vectors.safetensors").read_bytes()
    length = int.from_bytes(file[:8], "little")
    tensor = json.loads(file[8 : 8 + length])["vectors"]
    assert (tensor["dtype"], tensor["shape"]) == ("F32", [726, 384])
    numbers = struct.unpack(f"<{726 * 384}f", file[8 + length :])
    for start in range(0, len(numbers), 384):
        assert math.isclose(math.sqrt(sum(x * x for x in numbers[start : start + 384])), 1.0, rel_tol=1e-5)
