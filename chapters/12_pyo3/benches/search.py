"""The ten best of a million embeddings: Python, NumPy, FAISS and this chapter's module beside each other.

    .venv/bin/python chapters/12_pyo3/benches/search.py

Installs the peers into `.venv` and builds the module, if they are not there. It wants 6 GB of memory and two quiet
cores.

Every time is taken in a process of its own, which first answers once without being timed; the peers take turns, and all
have the same number of threads. Their answers are compared before any time is told. Each process also reads the whole
corpus with NumPy's `max` on as many threads, which shows what the memory gives at that moment.

Prints one JSON line for each figure: the median and the least of the rounds, in milliseconds. `python` is timed on a
hundredth of the rows, and multiplied.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

TOP = 10
CALLS = 3
PEERS = ("numpy", "faiss", "rust", "rust_int8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Search among embeddings, in four ways.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        print(json.dumps(measure(options.peer, options.folder, options.threads[0])))
        return
    from workbook import extension, groups

    groups.ensure("peers")
    extension.ensure()
    with tempfile.TemporaryDirectory() as folder:
        compare(options, Path(folder))


def compare(options: argparse.Namespace, folder: Path) -> None:
    make(folder, options.rows, options.width)
    for threads in options.threads:
        samples: dict[str, list[dict[str, Any]]] = {peer: [] for peer in PEERS}
        for _ in range(options.rounds):
            for peer in PEERS:
                samples[peer].append(in_process(peer, folder, threads))
        if threads == 1:
            samples["python"] = [in_process("python", folder, 1)]
        for size in ("1", "32"):
            check(samples, size)
        for peer, found in samples.items():
            for size in found[0]["ms"]:
                times = [sample["ms"][size] for sample in found]
                line = {"name": peer, "threads": threads, "queries": int(size), **summary(times)}
                print(json.dumps(line), flush=True)
        bandwidth = [sample["gb_per_s"] for found in samples.values() for sample in found if "gb_per_s" in sample]
        print(json.dumps({"name": "memory", "threads": threads, "gb_per_s": round(statistics.median(bandwidth), 1)}))
        print(json.dumps({"name": "blas", "threads": threads, "kernel": samples["numpy"][0]["blas"]}), flush=True)


def summary(times: list[float]) -> dict[str, float]:
    return {"ms": round(statistics.median(times), 2), "least_ms": round(min(times), 2)}


def check(samples: dict[str, list[dict[str, Any]]], size: str) -> None:
    """Stops the program unless all found the same rows in the same order."""
    want = samples["numpy"][0]["places"][size]
    for peer, found in samples.items():
        for sample in found:
            if size in sample["places"] and sample["places"][size] != want:
                sys.exit(f"{peer} found other rows than NumPy for {size} queries.")


def make(folder: Path, rows: int, width: int) -> None:
    """Writes a corpus and 32 queries of random directions."""
    import numpy as np

    generator = np.random.default_rng(12)
    for name, count in (("corpus", rows), ("queries", 32)):
        table = generator.standard_normal((count, width), dtype=np.float32)
        table /= np.sqrt(np.einsum("ij,ij->i", table, table))[:, None]
        np.save(folder / f"{name}.npy", table)


def in_process(peer: str, folder: Path, threads: int) -> dict[str, Any]:
    env = {**os.environ}
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
        env[name] = str(threads)
    command = [sys.executable, __file__, "--peer", peer, "--folder", str(folder), "--threads", str(threads)]
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def measure(peer: str, folder: Path, threads: int) -> dict[str, Any]:
    """In a process of its own: what the peer finds, and how long it takes."""
    import numpy as np

    corpus, queries = np.load(folder / "corpus.npy"), np.load(folder / "queries.npy")
    result: dict[str, Any] = {"ms": {}, "places": {}}
    if peer == "python":
        part = corpus[: len(corpus) // 100].tolist()
        query = queries[0].tolist()
        result["ms"]["1"] = 100 * least(lambda: plain_python(query, part), calls=1)
        return result
    search = prepare(peer, corpus, threads)
    for size in (1, 32):
        asked = queries[:size]
        result["places"][str(size)] = np.asarray(search(asked)).reshape(size, TOP).tolist()
        result["ms"][str(size)] = least(lambda asked=asked: search(asked))
    result["gb_per_s"] = corpus.nbytes / 1e6 / least(lambda: read(corpus, threads))
    if peer == "numpy":
        from threadpoolctl import threadpool_info

        result["blas"] = [f"{info['internal_api']} {info.get('architecture', '')}" for info in threadpool_info()]
    return result


def prepare(peer: str, corpus: Any, threads: int) -> Callable[[Any], Any]:
    """The peer's way to search, with all that can be done beforehand done."""
    import numpy as np

    if peer == "numpy":

        def with_numpy(queries: Any) -> Any:
            # One product for all queries. Their scores lie one after another, as argpartition needs them.
            scores = corpus @ queries[0] if len(queries) == 1 else queries @ corpus.T
            scores = scores.reshape(len(queries), -1)
            places = np.argpartition(scores, scores.shape[1] - TOP, axis=1)[:, -TOP:]
            order = np.argsort(-np.take_along_axis(scores, places, 1), axis=1, kind="stable")
            return np.take_along_axis(places, order, 1)

        return with_numpy
    if peer == "faiss":
        import faiss

        faiss.omp_set_num_threads(threads)
        flat = faiss.IndexFlatIP(corpus.shape[1])
        flat.add(corpus)
        return lambda queries: flat.search(queries, TOP)[1]
    import rust_ai_tools

    assert rust_ai_tools.get_num_threads() == threads
    if peer == "rust":
        return lambda queries: rust_ai_tools.parallel_embedding_search(queries, corpus, TOP)
    index = rust_ai_tools.EmbeddingIndex(corpus, int8=True)
    return lambda queries: index.search(queries, TOP)[0]


def plain_python(query: list[float], corpus: list[list[float]]) -> list[int]:
    import heapq

    scores = [sum(x * y for x, y in zip(query, row, strict=True)) for row in corpus]
    return heapq.nlargest(TOP, range(len(scores)), key=scores.__getitem__)


def read(corpus: Any, threads: int) -> None:
    """Reads all of it once, each thread its part."""
    import numpy as np

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(np.max, np.array_split(corpus.reshape(-1), threads)))


def least(work: Callable[[], object], calls: int = CALLS) -> float:
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return min(times)


if __name__ == "__main__":
    main()
