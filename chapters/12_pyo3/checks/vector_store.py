"""What `vector_store` must do: everything that users of a Python package expect, at the speed of all cores."""

import inspect
import pickle
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
import vector_store
from vector_store import VectorStore

IDS = ["Ciao", "Bonjour", "Hej", "Guten Tag", "Hola", "Salve"]
ROWS = np.array([[3, 4], [0, 2], [-1, 0], [6, 9], [1, 0], [0, 0]], np.float32)


def answer(call: Callable[[], object]) -> str:
    """What the call comes to: an exception's name, or `done`."""
    try:
        call()
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        return type(error).__name__
    return "done"


def test_finds_the_nearest() -> None:
    got = VectorStore(IDS, ROWS).search(np.array([1, 0], np.float32), 2, threshold=None)
    want = [{"id": "Hola", "score": 1.0}, {"id": "Ciao", "score": pytest.approx(0.6)}]
    assert got == want, "two hits for [1, 0]"


def test_has_defaults_and_a_named_threshold() -> None:
    store = VectorStore(IDS, ROWS)
    got = [
        len(store.search(np.ones(2, np.float32))),
        len(store.search(np.ones(2, np.float32), threshold=0.9)),
        answer(lambda: store.search(np.ones(2, np.float32), 3, 0.9)),
        str(inspect.signature(VectorStore.search)),
    ]
    want = [5, 2, "TypeError", "(self, /, query, top_k=5, *, threshold=None)"]
    assert got == want, "hits by default, hits above 0.9, answer to a bare threshold, signature"


def test_what_does_not_fit_is_a_value_error() -> None:
    store, nan = VectorStore(IDS, ROWS), np.array([1, np.nan], np.float32)
    got = {
        "five ids for six rows": answer(lambda: VectorStore(IDS[:5], ROWS)),
        "seven ids for six rows": answer(lambda: VectorStore([*IDS, "Olá"], ROWS)),
        "a row with NaN": answer(lambda: VectorStore(["Ciao"], nan[None])),
        "a query of three": answer(lambda: store.search(np.ones(3, np.float32), 5, threshold=None)),
        "a query with NaN": answer(lambda: store.search(nan, 5, threshold=None)),
    }
    want = dict.fromkeys(got, "ValueError")
    assert got == want, "answers to what does not fit"


def test_takes_any_layout() -> None:
    wide = np.random.default_rng(12).standard_normal((8, 12)).astype(np.float32)
    got, want = [], []
    for view in (wide[::2, ::3], wide[:4, :4], wide[:4, :8:2][::-1], wide.T[:4, :4]):
        plain = np.ascontiguousarray(view)
        got.append(VectorStore(IDS[:4], view).search(view[1], 4, threshold=None))
        want.append(VectorStore(IDS[:4], plain).search(plain[1], 4, threshold=None))
    assert got == want, "hits in four views, and in copies of them"


def test_agrees_with_numpy() -> None:
    random = np.random.default_rng(7)
    rows = random.standard_normal((500, 24)).astype(np.float32)
    store = VectorStore([str(place) for place in range(500)], rows)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    for query in random.standard_normal((5, 24)).astype(np.float32):
        scores = unit @ (query / np.linalg.norm(query))
        got = [hit["score"] for hit in store.search(query, 10, threshold=None)]
        want = [pytest.approx(float(score), abs=1e-5) for score in np.sort(scores)[::-1][:10]]
        assert got == want, "the ten best scores of 500"


def test_the_first_of_equals_comes_first() -> None:
    rows = np.ones((400, 3), np.float32)
    store = VectorStore([str(place) for place in range(400)], rows)
    got = [hit["id"] for hit in store.search(np.ones(3, np.float32), 6, threshold=None)]
    want = ["0", "1", "2", "3", "4", "5"]
    assert got == want, "the six best of 400 equal rows"


def test_scores_on_all_cores() -> None:
    store = VectorStore(IDS, ROWS)
    vector_store.rows_not_scored_by_rayon()
    store.search(np.ones(2, np.float32), 5, threshold=None)
    got = vector_store.rows_not_scored_by_rayon()
    want = 0
    assert got == want, "rows that were scored outside of rayon's pool"


def test_other_threads_run_meanwhile() -> None:
    store, over = VectorStore(IDS, ROWS), threading.Event()

    def visitor() -> None:
        while not over.is_set() and not vector_store.visit():
            time.sleep(0.001)

    vector_store.expect_a_visitor()
    thread = threading.Thread(target=visitor)
    thread.start()
    try:
        store.search(np.ones(2, np.float32), 5, threshold=None)
    finally:
        got = vector_store.visit()
        over.set()
        thread.join()
    want = True
    assert got == want, "another Python thread ran during the search"


def test_comes_out_of_a_pickle() -> None:
    store = pickle.loads(pickle.dumps(VectorStore(IDS, ROWS)))
    got = [len(store), store.search(np.array([0, 1], np.float32), 1, threshold=None)]
    want = [6, [{"id": "Bonjour", "score": 1.0}]]
    assert got == want, "length and best hit after a pickle"
