"""Prints the figures in the checks of `rms_norm` and `rope_pairs`.

NumPy in double precision, by the formulas of the exercises; a pair of numbers is a complex number there, and turning it
is a multiplication by `exp(i * angle)`.
"""

import numpy as np


def rms_norm(x: list[float], weight: list[float], eps: float) -> np.ndarray:
    numbers = np.array(x)
    return numbers / np.sqrt(np.mean(numbers * numbers) + eps) * np.array(weight)


def rope(head: list[float], position: int, base: float) -> np.ndarray:
    pairs = np.array(head).view(np.complex128)
    angles = position * base ** (-2.0 * np.arange(len(pairs)) / len(head))
    return (pairs * np.exp(1j * angles)).view(np.float64)


print("rms_norm 1, 2, 3, 4:         ", rms_norm([1.0, 2.0, 3.0, 4.0], [1.0] * 4, 0.0))
print("rms_norm weights 2, 0.5, -1: ", rms_norm([1.0, -2.0, 0.5], [2.0, 0.5, -1.0], 1e-5))
print("rms_norm 0.001, -0.001:      ", rms_norm([0.001, -0.001], [1.0] * 2, 1e-5))
print("rope first pair, position 1: ", rope([1.0, 0.0, 0.0, 0.0], 1, 100.0))
print("rope second pair, position 1:", rope([0.0, 0.0, 1.0, 0.0], 1, 100.0))
print("rope 1, 2, 3, 4, position 7: ", rope([1.0, 2.0, 3.0, 4.0], 7, 100.0))
