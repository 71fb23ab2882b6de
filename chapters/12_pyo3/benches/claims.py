"""One figure of this chapter's claims (`claims.toml`), in a process of its own.

    python3 workbook claims million_cosines two_threads_released
    .venv/bin/python chapters/12_pyo3/benches/claims.py cosines_rust

Needs NumPy and the module `rust_ai_tools`. Prints one JSON line: the figure, and what was computed.
"""

from __future__ import annotations

import heapq
import json
import operator
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

# As many threads on both sides, and no more than there are cores.
THREADS = os.cpu_count() or 1
os.environ.setdefault("OPENBLAS_NUM_THREADS", str(THREADS))

import numpy as np  # noqa: E402

QUICK = "CLAIMS_QUICK" in os.environ
ROWS, WIDTH, TOP = (20_000 if QUICK else 1_000_000), 384, 10
PART = 100
"""Python alone is timed on a hundredth of the rows, and its time multiplied."""


def embeddings(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `rows` of the corpus, and a query near to row 7."""
    generator = np.random.default_rng(12)
    corpus = generator.standard_normal((rows, WIDTH), dtype=np.float32)
    return corpus, corpus[7] + 0.25 * corpus[8]


def unit_rows(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The same at length 1, as every store of embeddings keeps them: a cosine is a dot product then."""
    corpus, query = embeddings(rows)
    for start in range(0, rows, 10_000):
        part = corpus[start : start + 10_000]
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return corpus, query / np.linalg.norm(query)


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The median of some rounds after one that brings everything to where it is used."""
    result = work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        result = work()
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times), result


def cosines_python() -> dict:
    """Every cosine, in Python's own words as fast as they go: `map` and `sum` are loops in C. Then the ten best."""
    corpus, query = unit_rows(ROWS // PART)
    rows, one = corpus.tolist(), query.tolist()

    def ten_best() -> list[tuple[float, int]]:
        return heapq.nlargest(TOP, ((sum(map(operator.mul, row, one)), place) for place, row in enumerate(rows)))

    ns, found = timed(ten_best, 1)
    score, place = found[0]
    return {"ns": ns * PART, "output": [place, score]}


def cosines_numpy() -> dict:
    """The same: a product of a matrix and a vector, and a partition."""
    corpus, query = unit_rows(ROWS)

    def ten_best() -> tuple[np.ndarray, np.ndarray]:
        scores = corpus @ query
        best = np.argpartition(-scores, TOP)[:TOP]
        return best[np.argsort(-scores[best])], scores

    ns, (best, scores) = timed(ten_best, 5)
    return {"ns": ns, "output": [int(best[0]), float(scores[best[0]])]}


def cosines_rust() -> dict:
    """The same in this chapter's module: rayon over the rows, and a heap of ten."""
    import rust_ai_tools

    rust_ai_tools.set_num_threads(THREADS)
    corpus, query = unit_rows(ROWS)
    search = rust_ai_tools.parallel_embedding_search
    ns, (places, scores) = timed(lambda: search(query, corpus, TOP, return_scores=True), 5)
    return {"ns": ns, "output": [int(places[0]), float(scores[0])]}


def on_two_threads(work: Callable[[], object]) -> dict:
    """How many times as long two threads take, each with a piece of work, as one thread with one piece."""

    def both() -> None:
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    one, two = timed(work, 9)[0], timed(both, 9)[0]
    # The result of a piece is compared by the caller.
    return {"pieces": two / one}


def threads_python() -> dict:
    def norm() -> float:
        total = 0.0
        for number in range(400_000):
            total += number * number
        return total

    return on_two_threads(norm) | {"output": 2}


def threads_rust_held() -> dict:
    """Rust that keeps the interpreter while it adds: chapter 1's sum over 256 MB."""
    import rust_ai_tools

    weights = np.full(1 << 24, 0.5, dtype=np.float32)
    return on_two_threads(lambda: rust_ai_tools.compute_sum(weights)) | {"output": 2}


def threads_rust_released() -> dict:
    """Rust that lets it go: chapter 6's scores of 40,000 rows, on the thread that calls."""
    import rust_ai_tools

    corpus, query = embeddings(40_000)
    store = rust_ai_tools.Embeddings(corpus)
    return on_two_threads(lambda: store.scores(query)) | {"output": 2}


FIGURES: dict[str, Callable[[], dict]] = {
    "cosines_python": cosines_python,
    "cosines_numpy": cosines_numpy,
    "cosines_rust": cosines_rust,
    "threads_python": threads_python,
    "threads_rust_held": threads_rust_held,
    "threads_rust_released": threads_rust_released,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    print(json.dumps({"name": sys.argv[1], **FIGURES[sys.argv[1]]()}))
