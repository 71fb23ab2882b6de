"""What `pickle_index` must do: come out of a pickle as it went in."""

import copy
import pickle

import numpy as np
from pickle_index import EmbeddingIndex


def rows() -> np.ndarray:
    """Three rows of four numbers."""
    return np.random.default_rng(12).standard_normal((3, 4)).astype(np.float32)


def test_its_class_can_be_found() -> None:
    got = f"{EmbeddingIndex.__module__}.{EmbeddingIndex.__qualname__}"
    want = "pickle_index.EmbeddingIndex"
    assert got == want, "where Python would look for the class"


def test_comes_out_of_a_pickle() -> None:
    index = pickle.loads(pickle.dumps(EmbeddingIndex(rows())))
    got = [type(index).__name__, index.rows().tolist()]
    want = ["EmbeddingIndex", rows().tolist()]
    assert got == want, "an index after a pickle"


def test_brings_everything_along() -> None:
    index = pickle.loads(pickle.dumps(EmbeddingIndex(rows(), "cosine")))
    got = index.metric
    want = "cosine"
    assert got == want, "metric after a pickle"


def test_knows_every_protocol_since_2() -> None:
    index = EmbeddingIndex(rows())
    got = []
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(index, protocol))
        got.append(np.array_equal(again.rows(), rows()))
    want = [True] * (pickle.HIGHEST_PROTOCOL - 1)
    assert got == want, "rows after a pickle of each protocol"


def test_can_be_copied() -> None:
    got = copy.deepcopy(EmbeddingIndex(rows(), "l2")).metric
    want = "l2"
    assert got == want, "metric of a copy.deepcopy"
