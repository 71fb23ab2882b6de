"""Cosine similarity in Python and NumPy, to be put beside `cargo bench -p iterators -- cosine`.

    python chapters/05_iterators/benches/cosine.py

Prints one JSON line for each figure, as the Rust benchmark does. Without NumPy, Python alone is timed. NumPy is held to
one thread, since the Rust code uses one.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

ROUNDS = 15


def numbers(n: int, seed: int) -> list[float]:
    """Numbers between -1 and 1, the same as in the Rust benchmark."""
    state, found = seed, []
    for _ in range(n):
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        found.append((state >> 8) / 8_388_608 - 1)
    return found


def cosine(a: Sequence[float], b: Sequence[float]) -> float:
    """As one writes it without a library."""
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    norms = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(x * x for x in b))
    return dot / norms


def report(name: str, n: int, calls: int, work: Callable[[], object]) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - start) * 1e9 / calls)
    median, least = round(statistics.median(times), 1), round(min(times), 1)
    print(json.dumps({"name": name, "n": n, "ns": median, "least_ns": least}))


def main() -> None:
    numpy = importlib.util.find_spec("numpy") is not None
    if numpy:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for n in (384, 1_048_576):
        a, b = numbers(n, 1), numbers(n, 2)
        report("cosine_python", n, max(1, 20_000 // n), partial(cosine, a, b))
        if numpy:
            import numpy as np

            def with_numpy(x: np.ndarray, y: np.ndarray) -> float:
                return float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))

            x, y = np.array(a, dtype=np.float32), np.array(b, dtype=np.float32)
            assert abs(with_numpy(x, y) - cosine(a, b)) < 1e-3
            report("cosine_numpy", n, max(1, 2_000_000 // n), partial(with_numpy, x, y))


if __name__ == "__main__":
    main()
