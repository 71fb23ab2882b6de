"""What `search_options` must do: be called as a Python function is called, with defaults and with names."""

import inspect

import search_options

SCORES = [0.5, 0.25, 0.75, 0.125] * 5


def test_top_k_is_ten_by_default() -> None:
    got = len(search_options.top_scores(SCORES))
    want = 10
    assert got == want, "hits among 20 scores"


def test_top_k_can_be_given() -> None:
    got = [search_options.top_scores(SCORES, 2), search_options.top_scores(SCORES, top_k=3)]
    want = [[2, 6], [2, 6, 10]]
    assert got == want, "hits with 2 and with top_k=3"


def test_the_threshold_is_given_by_name() -> None:
    got = search_options.top_scores(SCORES[:4], threshold=0.5)
    want = [2, 0]
    assert got == want, "hits among [0.5, 0.25, 0.75, 0.125] with threshold=0.5"


def test_a_bare_threshold_is_refused() -> None:
    try:
        got = str(search_options.top_scores(SCORES, 10, 0.5))
    except TypeError:
        got = "TypeError"
    want = "TypeError"
    assert got == want, "answer to top_scores(scores, 10, 0.5)"


def test_help_shows_the_defaults() -> None:
    got = str(inspect.signature(search_options.top_scores))
    want = "(scores, top_k=10, *, threshold=None)"
    assert got == want, "the signature that Python shows"
