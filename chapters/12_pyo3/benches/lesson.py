"""What the lesson says about loops, threads and the border between Python and Rust, measured.

    .venv/bin/python chapters/12_pyo3/benches/lesson.py

Prints one JSON line for each figure: the median of the rounds. Needs NumPy and the chapter's module `rust_ai_tools`.
"""

import json
import statistics
import threading
import time
from collections.abc import Callable

import numpy as np
import rust_ai_tools

ROUNDS = 7
ROWS, WIDTH = 20_000, 384

random = np.random.default_rng(12)
corpus = random.standard_normal((ROWS, WIDTH), dtype=np.float32)
query = random.standard_normal(WIDTH, dtype=np.float32)


def loop(rows: list[list[float]], one: list[float]) -> list[float]:
    """Dot products in Python's own words."""
    return [sum(x * y for x, y in zip(row, one, strict=True)) for row in rows]


def ten_best(scores: list[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:10]


def numpy_ten_best() -> np.ndarray:
    scores = corpus @ query
    best = np.argpartition(-scores, 10)[:10]
    return best[np.argsort(-scores[best])]


def report(name: str, work: Callable[[], object], calls: int = 1) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - start) / calls)
    print(json.dumps({"name": name, "us": round(statistics.median(times) * 1e6, 2)}), flush=True)


def on_two_threads(work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def twice(work: Callable[[], object]) -> None:
    work()
    work()


def main() -> None:
    rows, one = corpus.tolist(), query.tolist()
    found = rust_ai_tools.parallel_embedding_search(query, corpus, 10).tolist()
    assert found == ten_best(loop(rows, one)) == numpy_ten_best().tolist()

    report("search_python_loop", lambda: ten_best(loop(rows, one)))
    report("search_numpy_row_by_row", lambda: ten_best([row @ query for row in corpus]))
    report("search_numpy", numpy_ten_best)
    report("search_rust", lambda: rust_ai_tools.parallel_embedding_search(query, corpus, 10))

    half = rows[: ROWS // 2]
    report("python_twice", lambda: twice(lambda: loop(half, one)))
    report("python_on_two_threads", lambda: on_two_threads(lambda: loop(half, one)))
    store = rust_ai_tools.Embeddings(corpus)
    report("rust_twice", lambda: twice(lambda: store.scores(query)))
    report("rust_on_two_threads", lambda: on_two_threads(lambda: store.scores(query)))

    a, b = corpus[0], corpus[1]
    report("cosine_of_two_arrays", lambda: rust_ai_tools.fast_cosine_similarity(a, b), 1_000)
    report("cosine_of_two_lists", lambda: rust_ai_tools.fast_cosine_similarity(rows[0], rows[1]), 1_000)
    report("len_of_a_list", lambda: len(one), 1_000)
    report("len_of_an_index", lambda: len(store), 1_000)


if __name__ == "__main__":
    main()
