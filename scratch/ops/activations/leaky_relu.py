"""Leaky rectified linear unit: a ReLU that leaks a little on the negative side, so that no neuron can die.

    y = x                    where x > 0
    y = negative_slope · x   elsewhere

Forward writes this as y = x · slope, where the slope is 1 or negative_slope, and keeps the slope.

Backward. Forward was two straight lines, so the derivative is one of two constants, the same slope:

    dx = dy                    where x > 0
    dx = negative_slope · dy   elsewhere, and at the kink x = 0

Source: Maas, Hannun & Ng 2013. PyTorch: torch.nn.functional.leaky_relu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating


class Cache(NamedTuple):
    slope: Array  # any shape: 1 or negative_slope


def forward(x: Array, *, negative_slope: float = 0.01) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C")
    with np.errstate(invalid="ignore"):  # a slope of 0 times -inf is NaN
        for x_, y_, slope_ in elements(x, y, slope):
            positive = x_ > 0  # no np.where: it takes five times as long where the signs are random
            np.logical_not(positive, out=slope_)  # 0 or 1
            slope_ *= negative_slope
            slope_ += positive
            np.multiply(x_, slope_, out=y_)
    return y, Cache(slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    with np.errstate(invalid="ignore"):
        return dy * cache.slope
