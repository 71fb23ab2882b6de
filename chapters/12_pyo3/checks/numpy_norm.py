"""What `numpy_norm` must do: read the numbers where NumPy keeps them, and refuse what it cannot read there."""

import numpy as np
import numpy_norm
import pytest


def test_measures_an_array() -> None:
    got, _ = numpy_norm.norm_and_place(np.array([3, 4], np.float32))
    want = 5.0
    assert got == want, "norm of [3, 4]"


def test_reads_where_numpy_keeps_it() -> None:
    for length in (1, 384, 4096):
        embedding = np.full(length, 0.5, np.float32)
        _, got = numpy_norm.norm_and_place(embedding)
        want = embedding.ctypes.data
        assert got == want, f"address of the first of {length} numbers"


def test_a_row_is_read_in_its_corpus() -> None:
    corpus = np.arange(12, dtype=np.float32).reshape(3, 4)
    norm, place = numpy_norm.norm_and_place(corpus[1])
    got = [norm, place - corpus.ctypes.data]
    want = [pytest.approx(np.sqrt(16 + 25 + 36 + 49)), 16]
    assert got == want, "norm of row 1, and how many bytes behind the corpus it starts"


def test_float64_is_not_rounded_in_passing() -> None:
    try:
        got = str(numpy_norm.norm_and_place(np.array([3.0, 4.0])))
    except TypeError:
        got = "TypeError"
    want = "TypeError"
    assert got == want, "answer to an array of float64"


def test_a_matrix_is_no_embedding() -> None:
    try:
        got = str(numpy_norm.norm_and_place(np.ones((2, 2), np.float32)))
    except TypeError:
        got = "TypeError"
    want = "TypeError"
    assert got == want, "answer to a matrix"


def test_a_read_only_array_will_do() -> None:
    embedding = np.array([6, 8], np.float32)
    embedding.flags.writeable = False
    got, _ = numpy_norm.norm_and_place(embedding)
    want = 10.0
    assert got == want, "norm of a read-only [6, 8]"
