"""Make data/texts from the PyPI package `vaderSentiment`, whose source carries short texts that people have rated.

    python data/make_texts.py                    # takes the package with pip, writes data/texts
    python data/make_texts.py --package FILE     # from the package's .tar.gz

It needs pyarrow, of the group `peers`. There is no random number in it, and nothing is made up: a label is missing
where the raters did not agree, and a text is short where somebody wrote a short one.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import html
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PACKAGE = "vaderSentiment==3.3.2"
SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"

# Our name, theirs, and which of the texts: a third of the film reviews makes the three about equal in number.
SOURCES = [
    ("film", "movieReviewSnippets", slice(0, None, 3)),
    ("product", "amazonReviewSnippets", slice(None)),
    ("tweet", "tweets", slice(None)),
]

# Texts with these in them are left out: a class reads them aloud.
COARSE = re.compile(r"bitch|cunt|\bfag|fuck|nigg|\brape|retard|shit|whore", re.IGNORECASE)

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("label", pa.string()),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("raters", pa.int32(), nullable=False),
    ]
)
# Small groups, so that a query for one source has groups to skip.
ROWS_A_GROUP = 1024

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description="Make data/texts from the PyPI package vaderSentiment.")
    parser.add_argument("--package", type=Path, help=f"the source archive of {PACKAGE}; without it, pip takes one")
    parser.add_argument("--to", type=Path, default=HERE / "texts", help="the folder to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = options.package or take_package(Path(folder))
        check_digest(archive)
        rows = [row for name, theirs, which in SOURCES for row in list(read_source(archive, name, theirs))[which]]
    options.to.mkdir(parents=True, exist_ok=True)
    path = options.to / "texts.parquet"
    table = pa.Table.from_pylist(rows, SCHEMA)
    # No time, machine or path is written into the file: the same pyarrow gives the same bytes.
    pq.write_table(table, path, compression="zstd", compression_level=19, row_group_size=ROWS_A_GROUP)
    print(f"{path.name}: {table.num_rows} texts, {path.stat().st_size} bytes")
    for name in table.column_names:
        print(f"  {name}: {table.column(name).null_count} null")
    return 0


def take_package(folder: Path) -> Path:
    """The package's source archive, from the index that pip is set up for."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", PACKAGE]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def check_digest(archive: Path) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{archive} is not {PACKAGE}: its SHA-256 is {found}, not {SHA256}.")


def read_source(archive: Path, name: str, theirs: str) -> Iterator[dict[str, object]]:
    """One source's texts in the order of its file, without those that are coarse or whose two files disagree."""
    ratings = {key: ast.literal_eval(rest[-1]) for key, *rest in lines(archive, f"{theirs}_anonDataRatings.txt")}
    for key, mean, text in lines(archive, f"{theirs}_GroundTruth.txt"):
        rated: list[int] = ratings[key]
        score = sum(rated) / len(rated)
        text = html.unescape(text).strip()
        # For 199 of the tweets the mean in one file is not that of the ratings in the other.
        if abs(score - float(mean)) > 1e-6 or COARSE.search(text):
            continue
        yield {
            "id": f"{name}-{key}",
            "source": name,
            "text": text,
            "label": agreed(rated),
            "score": score,
            "raters": len(rated),
        }


def lines(archive: Path, file: str) -> Iterator[list[str]]:
    """The lines of a file in the archive in the archive, cut at their tabs."""
    with tarfile.open(archive) as outer:
        inner = outer.extractfile(INNER)
        assert inner is not None
        with tarfile.open(fileobj=io.BytesIO(inner.read())) as data:
            member = data.extractfile(f"hutto_ICWSM_2014/{file}")
            assert member is not None
            text = member.read().decode("utf-8-sig")
    for line in text.splitlines():
        if line.strip():
            yield line.split("\t")


def agreed(rated: list[int]) -> str | None:
    """What more than half of the raters say of a text, and nothing where no half agrees."""
    for label, votes in [
        ("positive", sum(rating > 0 for rating in rated)),
        ("neutral", sum(rating == 0 for rating in rated)),
        ("negative", sum(rating < 0 for rating in rated)),
    ]:
        if 2 * votes > len(rated):
            return label
    return None


if __name__ == "__main__":
    sys.exit(main())
