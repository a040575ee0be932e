"""Sigmoid linear unit, or swish: x, let through a gate that x itself opens.

    y = x · s      with s = sigmoid(x)

Far to the right the gate is open (y ≈ x), far to the left closed (y ≈ 0), as in relu; but the passage is smooth, and
just left of 0 the curve dips to about -0.28 before it comes back.

Backward. Forward was a product of x and s, so each factor is differentiated in turn; sigmoid gave ds/dx = s · (1 - s):

    dy/dx = s + x · s · (1 - s) = s + y · (1 - s)

    dx = dy · (s + y · (1 - s))

Forward has s and y at hand, so it computes this slope and keeps nothing else.

At ±inf the formulas meet 0 · inf. PyTorch lets the NaN stand where it arises, and so do we.

Source: Hendrycks & Gimpel 2016, arXiv:1606.08415; Elfwing, Uchibe & Doya 2017, arXiv:1702.03118. PyTorch:
torch.nn.functional.silu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating
from .sigmoid import logistic


class Cache(NamedTuple):
    slope: Array  # any shape: dy/dx


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C")
    with np.errstate(invalid="ignore"):
        for x_, y_, slope_, s in elements(x, y, slope, spare=1):
            logistic(x_, s)
            np.multiply(x_, s, out=y_)
            np.subtract(1, s, out=slope_)
            slope_ *= y_
            slope_ += s
    return y, Cache(slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    with np.errstate(invalid="ignore"):
        return dy * cache.slope
