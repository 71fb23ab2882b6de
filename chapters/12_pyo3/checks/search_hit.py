"""What `search_hit` must do: return a hit that Python can read by its names and send as JSON."""

import json

import search_hit


def test_a_hit_has_its_names() -> None:
    hit = search_hit.best_hit([0.25, 0.75, 0.5])
    got = {name: hit[name] for name in ("index", "score")}
    want = {"index": 1, "score": 0.75}
    assert got == want, "hit in [0.25, 0.75, 0.5]"


def test_nothing_found_is_none() -> None:
    got = search_hit.best_hit([])
    want = None
    assert got is want, "hit in no scores"


def test_goes_into_json() -> None:
    got = json.dumps(search_hit.best_hit([-1.0, -0.5]))
    want = '{"index": 1, "score": -0.5}'
    assert got == want, "hit in [-1.0, -0.5] as JSON"


def test_takes_what_holds_numbers() -> None:
    got = [search_hit.best_hit(scores)["index"] for scores in ([0, 1], (0.0, 2.5), range(4), [2, 2])]
    want = [1, 1, 3, 0]
    assert got == want, "places of the best in a list, a tuple, a range, and two equals"


def test_refuses_what_does_not() -> None:
    got = []
    for scores in ("0.5", [0.5, None], [[0.5]], 0.5):
        try:
            got.append(search_hit.best_hit(scores))
        except TypeError:
            got.append("TypeError")
    want = ["TypeError"] * 4
    assert got == want, "answers to a text, to None, to a matrix and to a number"
