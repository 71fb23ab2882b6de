"""Makes `sklearn.json`: what scikit-learn finds in the chapter's embeddings, for the tests in `sklearn.rs`. Prints the
figures that stand in the exercises' checks.

    python3 -m venv peers && peers/bin/pip install scikit-learn==1.9.1
    peers/bin/python chapters/09_linfa/tests/make_sklearn.py

k-means is started from rows of the data, and so is the Rust: the starts are then the same to the last bit, and no
random number is involved.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_samples

HERE = Path(__file__).parent
START = [0, 90, 180, 270, 360, 450, 540, 630]
RADIUS, MIN_ROWS = 1.0, 5


def read_matrix(path: Path) -> np.ndarray:
    """The tensor `vectors` of a safetensors file, as chapter 4 takes one apart."""
    file = path.read_bytes()
    length = int.from_bytes(file[:8], "little")
    tensor = json.loads(file[8 : 8 + length])["vectors"]
    begin, end = tensor["data_offsets"]
    numbers = np.frombuffer(file[8 + length :][begin:end], dtype="<f4")
    return numbers.reshape(tensor["shape"])


def main() -> None:
    rows = read_matrix(HERE.parents[2] / "data/definitions/vectors.safetensors")
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    start = rows[START]
    settings = {"n_clusters": len(START), "init": start, "n_init": 1, "algorithm": "lloyd", "tol": 0.0}
    path = [KMeans(**settings, max_iter=n).fit(rows).inertia_ for n in range(1, 7)]
    kmeans = KMeans(**settings, max_iter=100).fit(rows)
    pca = PCA(2, svd_solver="full").fit(rows.astype(np.float64))
    dbscan = DBSCAN(eps=RADIUS, min_samples=MIN_ROWS).fit(rows)
    silhouettes = silhouette_samples(rows, kmeans.labels_)
    found = {
        "scikit_learn": sklearn.__version__,
        "start": START,
        "inertia_by_iterations": [float(x) for x in path],
        "inertia": float(kmeans.inertia_),
        "iterations": int(kmeans.n_iter_),
        "labels": "".join(str(label) for label in kmeans.labels_),
        "silhouette": float(silhouettes.mean()),
        "silhouettes": [round(float(x), 7) for x in silhouettes[:20]],
        "shares": [float(x) for x in pca.explained_variance_ratio_],
        "coordinates": [[round(float(x), 9) for x in row] for row in pca.transform(rows)[:10]],
        "radius": RADIUS,
        "min_rows": MIN_ROWS,
        "density_labels": [int(label) for label in dbscan.labels_],
    }
    (HERE / "sklearn.json").write_text(json.dumps(found) + "\n", encoding="utf-8")

    exercises()


def exercises() -> None:
    """The figures in checks/lone_document.rs, explained_share.rs and sum_inertia.rs."""
    rows = np.array([[0, 0], [1, 0], [0, 2], [6, 6], [7, 6], [9, 0]], dtype=float)
    print("lone_document", silhouette_samples(rows, [0, 0, 0, 1, 1, 2]))
    i, j = np.meshgrid(np.arange(60.0), np.arange(6.0), indexing="ij")
    rows = 5 + 3 * np.sin(i * 0.9) * np.sin(j + 1) + 2 * np.cos(i * 0.37) * np.cos(j * 2)
    rows += np.sin(i * 7.3 + j * j * 1.7)
    print("explained_share", PCA(2).fit(rows).explained_variance_ratio_)
    rows = np.array([[0, 0], [0, 3], [3, 0], [10, 10], [10, 14], [13, 12]], dtype=float)
    print("sum_inertia", KMeans(2, init=rows[[0, 3]], n_init=1).fit(rows).inertia_)


if __name__ == "__main__":
    main()
