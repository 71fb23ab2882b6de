"""What `parallel_search` must do: search on all cores, and ask Python on the way, without standing still."""

import numpy as np
import parallel_search

CORPUS = np.random.default_rng(12).standard_normal((200, 8)).astype(np.float32)
QUERY = CORPUS[17].copy()


def test_finds_what_numpy_finds() -> None:
    got = parallel_search.parallel_embedding_search(QUERY, CORPUS, 5, lambda place: True)
    want = np.argsort(-(CORPUS @ QUERY), kind="stable")[:5].tolist()
    assert got == want, "the five best of 200 rows"


def test_what_is_not_kept_is_not_found() -> None:
    got = parallel_search.parallel_embedding_search(QUERY, CORPUS, 5, lambda place: place % 2)
    order = np.argsort(-(CORPUS @ QUERY), kind="stable")
    want = [int(place) for place in order if place % 2][:5]
    assert got == want, "the five best of the odd rows"


def test_the_rows_are_scored_by_rayon() -> None:
    parallel_search.parallel_embedding_search(QUERY, CORPUS, 5, lambda place: True)
    got = parallel_search.scored_not_by_rayon()
    want = 0
    assert got == want, "rows that were scored outside of rayon's pool"


def test_an_exception_in_keep_comes_through() -> None:
    def keep(place: int) -> bool:
        if place == 150:
            raise KeyError("no such user")
        return True

    try:
        got = str(parallel_search.parallel_embedding_search(QUERY, CORPUS, 5, keep))
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        got = type(error).__name__
    want = "KeyError"
    assert got == want, "exception when `keep` raises a KeyError"
