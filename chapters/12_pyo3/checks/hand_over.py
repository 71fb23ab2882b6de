"""What `hand_over` must do: give Python an array whose memory is the vector that Rust filled."""

import gc

import hand_over
import numpy as np
import pytest

LOGITS = np.array([0.5, 2.0, -1.0, 0.0], np.float32)


def test_the_numbers_are_right() -> None:
    values, _ = hand_over.probabilities(LOGITS)
    got = [float(value) for value in values]
    # exp(x) / sum of all exp(x), by Python's math.exp.
    want = [pytest.approx(value, rel=1e-5) for value in (0.15844471, 0.71009992, 0.03535379, 0.09610157)]
    assert got == want, "softmax of [0.5, 2, -1, 0]"


def test_it_is_an_array_of_float32() -> None:
    values, _ = hand_over.probabilities(LOGITS)
    got = (type(values).__name__, str(getattr(values, "dtype", "none")))
    want = ("ndarray", "float32")
    assert got == want, "type and dtype of the probabilities"


def test_its_memory_is_the_vector() -> None:
    for length in (1, 100, 50_000):
        values, want = hand_over.probabilities(np.zeros(length, np.float32))
        got = values.ctypes.data
        assert got == want, f"address of {length} numbers in Python, and where Rust made them"


def test_the_array_outlives_the_call() -> None:
    kept = [hand_over.probabilities(np.full(64, number, np.float32))[0] for number in range(100)]
    gc.collect()
    got = {float(value) for values in kept for value in values}
    want = {1 / 64}
    assert got == want, "what 100 arrays hold after 100 more calls"
