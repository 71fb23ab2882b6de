"""One figure of this chapter's claims (`claims.toml`), in a process of its own: the report of `frames.py`, by size.

    python3 workbook claims polars_report_1m
    .venv/bin/python chapters/10_polars/benches/claims.py polars_1m

Needs the group `peers`. The files are made once and kept under `.workbook/claims/frames/`. Prints one JSON line: the
figure, and the answer. A time is from the scan to the answer; the library was imported before.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import frames

QUICK = "CLAIMS_QUICK" in os.environ
KEPT = frames.ROOT / ".workbook" / "claims" / "frames"
ROWS = {"100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}


def files(size: str) -> list[str]:
    """The two files with so many rows, made if they are not there."""
    rows = 10_000 if QUICK else ROWS[size]
    folder = KEPT / f"{rows}-{frames.SEED}"
    if not folder.is_dir():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as partial:
            frames.make(Path(partial), rows, authors=max(rows // 50, 100))
            shutil.copytree(partial, folder, dirs_exist_ok=True)
    return [str(folder / "texts.parquet"), str(folder / "authors.parquet")]


def report(work: Callable[[str, str], frames.Report], size: str) -> dict:
    """Seconds once, in nanoseconds, and a part of the answer: the first group's key, all counts, two averages."""
    texts, authors = files(size)
    # Both libraries read the files from the system's cache.
    for file in (texts, authors):
        Path(file).read_bytes()
    start = time.perf_counter_ns()
    found = work(texts, authors)
    ns = time.perf_counter_ns() - start
    counts = sum(int(row[3]) for row in found)  # type: ignore[call-overload]
    return {"ns": ns, "output": [found[0][0], len(found), counts, found[0][2], found[-1][2]]}


def numeric(library: str, *, scaled: bool) -> dict:
    """One expression over two columns that are in memory: a weighted sum of scores, or of their squared z-scores.

    The median of seven, after one that brings everything to where it is used.
    """
    import numpy as np

    generator = np.random.default_rng(frames.SEED)
    rows = 100_000 if QUICK else 5_000_000
    columns = {"score": generator.normal(size=rows), "weight": generator.random(rows)}
    if library == "pandas":
        import pandas as pd

        frame = pd.DataFrame(columns)

        def total() -> float:
            score = frame["score"]
            if scaled:
                score = ((score - score.mean()) / score.std()) ** 2
            return (score * frame["weight"]).sum()
    else:
        import polars as pl

        table = pl.DataFrame(columns)
        score = pl.col("score")
        if scaled:
            score = ((score - score.mean()) / score.std()) ** 2

        def total() -> float:
            return table.lazy().select((score * pl.col("weight")).sum()).collect().item()

    output, times = float(total()), []
    for _ in range(7):
        start = time.perf_counter_ns()
        total()
        times.append(time.perf_counter_ns() - start)
    return {"ns": statistics.median(times), "output": output}


def polars(texts: str, authors: str) -> frames.Report:
    return frames.polars_report(texts, authors, "in-memory")


FIGURES: dict[str, Callable[[], dict]] = {
    "polars_100k": lambda: report(polars, "100k"),
    "pandas_100k": lambda: report(frames.pandas_columns, "100k"),
    "polars_1m": lambda: report(polars, "1m"),
    "pandas_1m": lambda: report(frames.pandas_columns, "1m"),
    "polars_5m": lambda: report(polars, "5m"),
    "pandas_5m": lambda: report(frames.pandas_columns, "5m"),
    "polars_numeric": lambda: numeric("polars", scaled=True),
    "pandas_numeric": lambda: numeric("pandas", scaled=True),
    "polars_product": lambda: numeric("polars", scaled=False),
    "pandas_product": lambda: numeric("pandas", scaled=False),
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    # Not the clock's business.
    __import__(sys.argv[1].split("_")[0])
    print(json.dumps({"name": sys.argv[1], **FIGURES[sys.argv[1]]()}))
