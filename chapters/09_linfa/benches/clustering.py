"""scikit-learn's k-means on the rows of `clustering.rs`: the same start, the same number of steps.

    python3 -m venv peers && peers/bin/pip install scikit-learn==1.9.1
    OMP_NUM_THREADS=1 peers/bin/python chapters/09_linfa/benches/clustering.py

Prints one JSON line for each figure: the median and the least of the rounds, in milliseconds, and the inertia.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN, KMeans

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from make_sklearn import read_matrix  # noqa: E402

COPIES, CLUSTERS, STEPS, ROUNDS = 14, 32, 10, 7


def timed(name, rounds, work):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        times.append((time.perf_counter() - start) * 1e3)
    median = sorted(times)[rounds // 2]
    print(json.dumps({"name": name, "ms": round(median, 1), "least_ms": round(min(times), 1)}))
    return result


def main():
    few = read_matrix(HERE.parents[2] / "data/definitions/vectors.safetensors")
    i, j = np.indices(few.shape)
    rows = np.concatenate(
        [few + (((i * 31 + j * 17 + copy * 101) % 64) / 1024).astype(np.float32) for copy in range(COPIES)]
    )
    start = rows[[k * 22 for k in range(CLUSTERS)]]
    kmeans = KMeans(CLUSTERS, init=start, n_init=1, max_iter=STEPS, tol=0.0, algorithm="lloyd")
    found = timed("scikit-learn", ROUNDS, lambda: kmeans.fit(rows))
    print(json.dumps({"name": "scikit-learn", "inertia": round(float(found.inertia_), 2), "steps": found.n_iter_}))
    timed("scikit-learn_dbscan", 3, lambda: DBSCAN(eps=1.0, min_samples=5).fit(few))


if __name__ == "__main__":
    main()
