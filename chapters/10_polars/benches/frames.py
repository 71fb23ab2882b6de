"""One report in Polars from Rust, Polars from Python, and pandas: seconds and memory, each run in a fresh process.

    .venv/bin/python chapters/10_polars/benches/frames.py [--rows 10000000] [--rounds 5]

It needs the group `peers`, and cargo. It writes two Parquet files (10 million texts by 200,000 authors, drawn with a
stated seed) and asks of them: for each country and label, how many labelled texts are there, and what is their average
score? The keys are strings. Before anything is measured, all answers are compared. The rounds take turns, so that a
busy minute meets everybody. A time is the median, from the scan to the result; memory is the most that the process had
at any moment, imports included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SEED = 10
Report = list[list[object]]


def make(folder: Path, rows: int, authors: int = 200_000) -> tuple[Path, Path]:
    """The two files: texts with an author, a label and a score, and authors with a country."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    generator = np.random.default_rng(SEED)
    countries = [f"country-{n:03}" for n in range(120)]
    names = np.array([f"author-{n:07}" for n in generator.permutation(authors)])
    people = pa.table({"author": names, "country": generator.choice(countries, authors)})
    pq.write_table(people, folder / "authors.parquet", compression="zstd")
    # A twentieth of the texts has no label, and a hundredth is by authors whom the other file does not have.
    schema = pa.schema(
        [
            ("id", pa.int64()),
            ("author", pa.string()),
            ("label", pa.string()),
            ("score", pa.float64()),
            ("text", pa.string()),
        ]
    )
    labels = np.array(["negative", "neutral", "positive"])
    strangers = np.array([f"stranger-{n:07}" for n in range(authors // 100)])
    everybody = np.concatenate([names, strangers])
    with pq.ParquetWriter(folder / "texts.parquet", schema, compression="zstd") as writer:
        for start in range(0, rows, 1 << 18):
            size = min(1 << 18, rows - start)
            missing = generator.random(size) < 0.05
            table = pa.table(
                {
                    "id": np.arange(start, start + size),
                    "author": pa.array(everybody[generator.integers(0, len(everybody), size)], pa.string()),
                    "label": pa.array(labels[generator.integers(0, 3, size)], pa.string(), mask=missing),
                    "score": generator.normal(size=size),
                    # Nobody asks for it. Whoever reads it all the same pays.
                    "text": pa.array(
                        np.char.add("what was written in text ", np.arange(start, start + size).astype(str)),
                        pa.string(),
                    ),
                },
                schema,
            )
            writer.write_table(table)
    return folder / "texts.parquet", folder / "authors.parquet"


def pandas_all(texts: str, authors: str) -> Report:
    import pandas as pd

    return pandas_report(pd.read_parquet(texts), pd.read_parquet(authors))


def pandas_columns(texts: str, authors: str) -> Report:
    import pandas as pd

    return pandas_report(pd.read_parquet(texts, columns=["author", "label", "score"]), pd.read_parquet(authors))


def pandas_report(texts, authors) -> Report:
    labelled = texts[texts["label"].notna()]
    both = labelled.merge(authors, on="author")
    groups = both.groupby(["country", "label"], sort=True)["score"]
    found = groups.agg(["mean", "size"]).reset_index()
    return [list(row) for row in found.itertuples(index=False)]


def polars_report(texts: str, authors: str, engine: str) -> Report:
    import polars as pl

    found = (
        pl.scan_parquet(texts)
        .filter(pl.col("label").is_not_null())
        .join(pl.scan_parquet(authors), on="author")
        .group_by("country", "label")
        .agg(pl.col("score").mean().alias("avg_score"), pl.len().alias("count"))
        .sort("country", "label")
        .collect(engine=engine)
    )
    return [list(row) for row in found.rows()]


PYTHON: dict[str, tuple[str, Callable[[str, str], Report]]] = {
    "pandas": ("pandas, `read_parquet(file)`", pandas_all),
    "pandas_columns": ("pandas, three columns named", pandas_columns),
    "polars": ("Polars from Python", lambda texts, authors: polars_report(texts, authors, "in-memory")),
    "polars_streaming": (
        "Polars from Python, streaming",
        lambda texts, authors: polars_report(texts, authors, "streaming"),
    ),
}
RUST = {"rust": "Polars from Rust", "rust_streaming": "Polars from Rust, streaming"}


def child(name: str, texts: str, authors: str) -> None:
    """One run in this process: the report as lines of JSON, then the seconds."""
    # The library is imported before the clock starts; Rust's is linked.
    __import__(name.split("_")[0])
    start = time.perf_counter()
    found = PYTHON[name][1](texts, authors)
    seconds = time.perf_counter() - start
    for row in found:
        print(json.dumps(row))
    print(seconds)


def run(command: list[str]) -> tuple[Report, float, float]:
    """The report, its seconds, and the most memory that the process had, in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    *lines, seconds = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return [json.loads(line) for line in lines], float(seconds), usage.ru_maxrss * unit / 1e6


def same(one: Report, other: Report) -> bool:
    """Equal keys and counts; averages up to the order in which floats were added."""
    return len(one) == len(other) and all(
        a[:2] == b[:2] and a[3] == b[3] and abs(float(a[2]) - float(b[2])) < 1e-9  # type: ignore[arg-type]
        for a, b in zip(one, other, strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="A report in Polars and in pandas.")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to keep the files; a temporary folder if it is not given")
    parser.add_argument("--python-only", action="store_true", help="leave out Polars from Rust, a long release build")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return
    if not options.python_only:
        build = ["cargo", "build", "--release", "--locked", "-p", "polars-chapter", "--example", "report"]
        subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    program = str(target / "release" / "examples" / "report")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        files = [str(path) for path in make(folder, options.rows)]
        size = sum(Path(file).stat().st_size for file in files) / 1e6
        commands = {name: [sys.executable, __file__, "--child", name, *files] for name in PYTHON}
        if not options.python_only:
            commands |= {"rust": [program, *files], "rust_streaming": [program, *files, "streaming"]}
        # Not measured: it compares the answers, and brings the files into the system's cache.
        answers = {name: run(command)[0] for name, command in commands.items()}
        for name, answer in answers.items():
            if not same(answers["pandas"], answer):
                raise SystemExit(f"{name} gives another answer than pandas")
        print(f"{options.rows} rows, {size:.0f} MB; {len(answers['pandas'])} groups, the same from all", flush=True)
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                runs[name].append(run(command)[1:])
    load = os.getloadavg()[1]
    print(f"{options.rounds} rounds, load average of the last five minutes {load:.1f} on {os.cpu_count()} cores\n")
    print("| | seconds | fastest to slowest | memory, MB |")
    print("|---|---|---|---|")
    titles = RUST | {name: title for name, (title, _) in PYTHON.items()}
    for name, measured in runs.items():
        seconds = [second for second, _ in measured]
        memory = statistics.median(size for _, size in measured)
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        print(f"| {titles[name]} | {statistics.median(seconds):.2f} | {spread} | {memory:.0f} |")
    if resource.getrusage(resource.RUSAGE_SELF).ru_nswap:
        print("\nThe machine swapped: these times mean little.")


if __name__ == "__main__":
    main()
