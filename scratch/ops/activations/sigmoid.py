"""The logistic sigmoid: any number becomes a probability.

    y = 1 / (1 + e⁻ˣ) = eˣ / (1 + eˣ)

The two forms are equal, and both overflow: eˣ for x above about 88 (in float32), and the second form is inf / inf = NaN
there. In the first form e⁻ˣ is inf for x below -88, and 1 / inf = 0 is as near to the truth, 10⁻³⁸, as one could wish;
elsewhere it is exact to the last digits, however small y gets. Forward takes the first form. Powers of 2 are what
computers are good at: exp2(-x · log₂ e) is the same number as exp(-x), in half the time.

Backward. Forward was 1 / (1 + e) with e = e⁻ˣ; with de/dx = -e,

    dy/dx = e / (1 + e)² = 1 / (1 + e) · e / (1 + e) = y · (1 - y)

    dx = dy · y · (1 - y)

so the output alone is enough. The slope is at most 1/4 (at x = 0) and goes to 0 on both sides: every sigmoid that a
gradient crosses shrinks it at least fourfold, which is why deep networks moved to relu and its relatives.

PyTorch: torch.sigmoid.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating

LOG2_E = math.log2(math.e)


class Cache(NamedTuple):
    y: Array  # any shape


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, between 0 and 1.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y = np.empty_like(x, order="C")
    for x_, y_ in elements(x, y):
        logistic(x_, y_)
    return y, Cache(y)


def logistic(x: Array, y: Array) -> None:
    """x: (N,) → the same y, written into an array of the same shape; for the pieces of other ops too."""
    np.multiply(x, -LOG2_E, out=y)
    with np.errstate(over="ignore"):
        np.exp2(y, out=y)  # e⁻ˣ
    y += 1
    np.divide(1, y, out=y)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    dx = np.empty_like(dy, order="C")
    for dy_, y, dx_ in elements(dy, cache.y, dx):
        np.subtract(1, y, out=dx_)
        dx_ *= y
        dx_ *= dy_
    return dx
