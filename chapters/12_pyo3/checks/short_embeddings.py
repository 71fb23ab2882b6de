"""What `short_embeddings` must do: measure rows wherever they lie, and copy none."""

import numpy as np
import pytest
import short_embeddings


def expected(corpus: np.ndarray) -> list[tuple[float, int]]:
    """NumPy's norms, and the address of each row's first number."""
    return [(pytest.approx(float(np.linalg.norm(row)), rel=1e-5), row.ctypes.data) for row in corpus]


def corpus() -> np.ndarray:
    """Six rows of eight numbers, all different."""
    return np.arange(48, dtype=np.float32).reshape(6, 8)


def test_measures_a_whole_corpus() -> None:
    view = corpus()
    got = short_embeddings.norms_and_places(view)
    want = expected(view)
    assert got == want, "norms and addresses of six rows"


def test_measures_the_first_numbers_of_each_row() -> None:
    view = corpus()[:, :3]
    got = short_embeddings.norms_and_places(view)
    want = expected(view)
    assert got == want, "norms and addresses for corpus[:, :3]"


def test_measures_a_transposed_corpus() -> None:
    view = corpus().T
    got = short_embeddings.norms_and_places(view)
    want = expected(view)
    assert got == want, "norms and addresses for corpus.T"


def test_measures_every_view() -> None:
    base = corpus()
    views = {"[::2]": base[::2], "[::-1]": base[::-1], "[1:4, 5:1:-2]": base[1:4, 5:1:-2], "[:, 7:]": base[:, 7:]}
    for name, view in views.items():
        got = short_embeddings.norms_and_places(view)
        want = expected(view)
        assert got == want, f"norms and addresses for corpus{name}"


def test_an_empty_corpus_has_no_norms() -> None:
    got = [len(short_embeddings.norms_and_places(np.zeros(shape, np.float32))) for shape in ((0, 4), (3, 0))]
    want = [0, 3]
    assert got == want, "number of norms for shapes (0, 4) and (3, 0)"
