"""What pandas says of the course's texts: writes `pandas.json`, with which `pandas.rs` and some checks compare Polars.

    .venv/bin/python chapters/10_polars/tests/pandas_figures.py

It needs the group `peers`. `tests/test_polars.py` runs it again and compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parents[2] / "data" / "texts" / "texts.parquet"


def figures() -> dict[str, Any]:
    import pandas as pd

    texts = pd.read_parquet(TEXTS)
    lesson = texts[texts["label"].notna()].copy()
    lesson["text_length"] = lesson["text"].str.len()
    lesson["score"] = (lesson["score"] - lesson["score"].mean()) / lesson["score"].std()
    lesson = lesson[lesson["text_length"] > 10]
    stats = lesson.groupby("label").agg(
        avg_score=("score", "mean"),
        std_score=("score", "std"),
        avg_length=("text_length", "mean"),
        count=("label", "size"),
    )
    stats = stats.reset_index().sort_values(["count", "label"], ascending=[False, True])
    # The exercise training_set normalises what is left.
    kept = texts[texts["label"].notna() & (texts["text"].str.len() > 10)]
    normal = (kept["score"] - kept["score"].mean()) / kept["score"].std()
    small = pd.Series([2.5, -1.0, 1.5, -2.0])
    return {
        "nulls": {name: int(count) for name, count in texts.isna().sum().items()},
        "lesson": {
            "rows": len(lesson),
            "characters": int(lesson["text_length"].sum()),
            "first": float(lesson["score"].iloc[0]),
            "last": float(lesson["score"].iloc[-1]),
            "mean": float(lesson["score"].mean()),
        },
        "stats": [list(row) for row in stats.itertuples(index=False)],
        "training_set": {"first": float(normal.iloc[0]), "last": float(normal.iloc[-1])},
        "normalise_scores": [float(x) for x in (small - small.mean()) / small.std()],
        "per_label": {str(label): int(n) for label, n in texts["label"].value_counts(dropna=False).items()},
    }


if __name__ == "__main__":
    (HERE / "pandas.json").write_text(json.dumps(figures(), indent=2) + "\n")
