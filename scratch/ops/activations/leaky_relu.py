"""Leaky rectified linear unit: a ReLU that leaks a little on the negative side, so that no neuron can die.

    y = x                    where x > 0
    y = negative_slope · x   elsewhere

Forward writes this as y = x · slope, where the slope is 1 or negative_slope.

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
    positive: Array  # bool, any shape
    negative_slope: float


def forward(x: Array, *, negative_slope: float = 0.01) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    positive, y = x > 0, np.empty_like(x, order="C")
    with np.errstate(invalid="ignore"):  # a slope of 0 times -inf is NaN
        for x_, right, y_ in elements(x, positive, y):
            np.multiply(x_, _slope(right, negative_slope, y_), out=y_)
    return y, Cache(positive, negative_slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    positive, negative_slope = cache
    dx = np.empty_like(dy, order="C")
    with np.errstate(invalid="ignore"):
        for dy_, right, dx_ in elements(dy, positive, dx):
            np.multiply(dy_, _slope(right, negative_slope, dx_), out=dx_)
    return dx


def _slope(positive: Array, negative_slope: float, slope: Array) -> Array:
    """1 where positive, negative_slope elsewhere, without a rounding; written to the array `slope`.

    Not by np.where, which takes five times as long where the signs are random.
    """
    np.logical_not(positive, out=slope)  # 0 or 1
    slope *= negative_slope
    slope += positive
    return slope
