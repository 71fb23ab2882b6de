"""The figures that this chapter's checks compare with, computed by NumPy alone.

    python3 chapters/08_burn/oracles.py

The rules are PyTorch's: `torch.nn.functional.adaptive_avg_pool2d` for the windows, `torch.nn.functional.linear` for the
layer, whose weights are [outputs, inputs].
"""

import numpy as np


def windows(size: int, count: int) -> list[slice]:
    """Where `count` windows over `size` lie: from `floor(i * size / count)` to `ceil((i + 1) * size / count)`."""
    return [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def pooled(image: np.ndarray, rows: int, columns: int) -> np.ndarray:
    means = [image[r, c].mean() for r in windows(image.shape[0], rows) for c in windows(image.shape[1], columns)]
    return np.array(means)


def coarse_digit() -> None:
    row, column = np.mgrid[0:28, 0:28]
    upright = pooled(100.0 * row + column, 16, 8)
    turned = pooled(100.0 * (27 - row) + column, 16, 8)
    print("coarse_digit, image 0:", upright[[0, 1, 8, 127]])
    print("coarse_digit, image 1:", turned[[0, 8, 127]])


def pytorch_layer() -> None:
    x = np.array([1.0, 2.0])
    wide = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])  # [outputs, inputs], as PyTorch stores it
    print("pytorch_layer, 2 to 3:", x @ wide.T + [0.5, 0.0, -0.5])
    square = np.array([[0.0, 1.0], [2.0, 3.0]])
    print("pytorch_layer, 2 to 2:", x @ square.T + [0.0, 10.0])


def ask_for_gradient() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.5, 5.0])

    def loss(weight: float) -> float:
        return float(np.mean((weight * x - y) ** 2))

    for weight in (1.0, 2.5):
        step = 1e-5
        print("ask_for_gradient:", weight, (loss(weight + step) - loss(weight - step)) / (2 * step))


coarse_digit()
pytorch_layer()
ask_for_gradient()
