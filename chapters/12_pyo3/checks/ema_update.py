"""What `ema_update` must do: write in place, and refuse, as Python does, what Rust cannot lend for writing."""

import ema_update
import numpy as np


def answer(target: np.ndarray, online: np.ndarray) -> str:
    """What an update at rate 0.5 comes to: `done`, or the exception's name."""
    try:
        ema_update.update(target, online, 0.5)
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        return type(error).__name__
    return "done"


def test_writes_into_the_target() -> None:
    target, online = np.zeros(4, np.float32), np.array([1, 2, 3, 4], np.float32)
    answer(target, online)
    got = target.tolist()
    want = [0.5, 1.0, 1.5, 2.0]
    assert got == want, "target after one update at rate 0.5"


def test_overlapping_views_are_refused() -> None:
    weights = np.arange(8, dtype=np.float32)
    got = [answer(weights[1:], weights[:-1]), weights.tolist()]
    want = ["TypeError", [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]
    assert got == want, "answer to weights[1:] and weights[:-1], and the weights after it"


def test_views_that_do_not_overlap_are_fine() -> None:
    weights = np.arange(8, dtype=np.float32)
    got = [answer(weights[:4], weights[4:]), weights.tolist()]
    want = ["done", [2.0, 3.0, 4.0, 5.0, 4.0, 5.0, 6.0, 7.0]]
    assert got == want, "answer to the two halves, and the weights after it"


def test_a_read_only_target_is_refused() -> None:
    target = np.zeros(2, np.float32)
    target.flags.writeable = False
    got = [answer(target, np.ones(2, np.float32)), target.tolist()]
    want = ["TypeError", [0.0, 0.0]]
    assert got == want, "answer to a read-only target, and the target after it"


def test_a_refusal_ends_its_loans() -> None:
    weights, other = np.arange(4, dtype=np.float32), np.zeros(3, np.float32)
    answer(weights[1:], weights[:-1])
    answer(weights, other)
    got = answer(weights[1:], other)
    want = "done"
    assert got == want, "answer to an update that is right, after two that were not"
