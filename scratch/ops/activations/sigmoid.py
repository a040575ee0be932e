"""The logistic sigmoid: any number becomes a probability.

    y = 1 / (1 + e⁻ˣ) = eˣ / (1 + eˣ)

The two forms are equal, and both have a trap: e⁻ˣ overflows for x below about -88 (in float32), eˣ above 88. Forward
takes the second form, which is exact to the last digits however small y gets, and caps x at 40: from there on y is 1 in
float32 and float64 alike, because e⁻⁴⁰ is far less than the distance from 1 to the next smaller number.

Backward. Forward was a quotient of e = eˣ; with de/dx = e,

    dy/dx = (e · (1 + e) - e · e) / (1 + e)² = e / (1 + e)² = y · (1 - y)

    dx = dy · y · (1 - y)

so the output alone is enough. The slope is at most 1/4 (at x = 0) and goes to 0 on both sides: every sigmoid that a
gradient crosses shrinks it at least fourfold, which is why deep networks moved to relu and its relatives.

PyTorch: torch.sigmoid.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating

SATURATED = 40.0  # above it, the sigmoid rounds to 1


class Cache(NamedTuple):
    y: Array  # any shape


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, between 0 and 1.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    e = np.minimum(x, SATURATED, out=np.empty_like(x))
    np.exp(e, out=e)
    y = np.divide(e, 1 + e, out=e)
    return y, Cache(y)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    y = cache.y
    dx: Array = 1 - y
    dx *= y
    dx *= dy
    return dx
