"""Leaky rectified linear unit: a ReLU that leaks a little on the negative side, so that no neuron can die.

    y = x                    where x > 0
    y = negative_slope · x   elsewhere

Forward writes this as max(x, 0) + negative_slope · min(x, 0): one of the two terms is always zero.

Backward. Forward was two straight lines, so the slope is one of two constants:

    dx = dy                    where x > 0
    dx = negative_slope · dy   elsewhere, and at the kink x = 0

Source: Maas, Hannun & Ng 2013. PyTorch: torch.nn.functional.leaky_relu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating


class Cache(NamedTuple):
    positive: Array  # bool, any shape
    negative_slope: float


def forward(x: Array, *, negative_slope: float = 0.01) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    with np.errstate(invalid="ignore"):  # a slope of 0 times -inf is NaN
        y = np.maximum(x, 0) + negative_slope * np.minimum(x, 0)
    return y, Cache(x > 0, negative_slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    positive, negative_slope = cache
    return dy * positive + negative_slope * dy * ~positive
