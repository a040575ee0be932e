"""Sigmoid linear unit, or swish: x, let through a gate that x itself opens.

    y = x · s      with s = sigmoid(x)

Far to the right the gate is open (y ≈ x), far to the left closed (y ≈ 0), as in relu; but the passage is smooth, and
just left of 0 the curve dips to about -0.28 before it comes back.

Backward. Forward was a product of x and s, so each factor is differentiated in turn; sigmoid gave ds/dx = s · (1 - s):

    dy/dx = s + x · s · (1 - s) = s · (1 + x · (1 - s))

    dx = dy · s · (1 + x · (1 - s))

At ±inf the formulas meet 0 · inf. PyTorch lets the NaN stand where it arises, and so do we.

Source: Hendrycks & Gimpel 2016, arXiv:1606.08415; Elfwing, Uchibe & Doya 2017, arXiv:1702.03118. PyTorch:
torch.nn.functional.silu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from . import sigmoid
from ._checks import require_floating


class Cache(NamedTuple):
    x: Array  # any shape
    gate: Array  # the same shape, s


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    gate, _ = sigmoid.forward(x)
    with np.errstate(invalid="ignore"):
        y = x * gate
    return y, Cache(x, gate)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    x, gate = cache
    with np.errstate(invalid="ignore"):
        slope = gate * (1 + x * (1 - gate))
    dx: Array = dy * slope
    return dx
