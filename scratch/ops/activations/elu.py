"""Exponential linear unit: a line on the right, an exponential that levels off at -alpha on the left.

    y = x                      where x > 0
    y = alpha · (eˣ - 1)       elsewhere

Forward writes this as max(x, 0) + alpha · (e^min(x, 0) - 1): one of the two terms is always zero, and the exponential
never sees a large positive x, on which it would overflow. For x near 0, eˣ is a number just below 1, and subtracting 1
would leave only its rounding error; `expm1` computes eˣ - 1 in one piece.

Backward. Forward chose between two curves, so the slope is that of the chosen one:

    dx = dy                 where x > 0
    dx = dy · alpha · eˣ    elsewhere                  from d(eˣ - 1)/dx = eˣ

which is again a sum of two terms, of which the one or the other has a factor 0.

With alpha = 1 the two slopes meet at 0 and the curve has no kink; with any other alpha, 0 belongs to the left side. The
slope could be had from the output, as y + alpha, without another exponential, but far to the left y has been rounded to
-alpha and the sum is 0.

Source: Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289. PyTorch: torch.nn.functional.elu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating


class Cache(NamedTuple):
    x: Array  # any shape
    alpha: float


def forward(x: Array, *, alpha: float = 1.0) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y = np.empty_like(x, order="C")
    for x_, y_ in elements(x, y):
        np.minimum(x_, 0, out=y_)
        np.expm1(y_, out=y_)
        y_ *= alpha
        y_ += np.maximum(x_, 0)
    return y, Cache(x, alpha)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    dx = np.empty_like(dy, order="C")
    for dy_, x, slope in elements(dy, cache.x, dx):
        np.minimum(x, 0, out=slope)
        np.exp(slope, out=slope)
        slope *= cache.alpha
        slope *= x <= 0
        slope += x > 0
        slope *= dy_
    return dx
