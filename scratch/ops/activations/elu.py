"""Exponential linear unit: a line on the right, an exponential that levels off at -alpha on the left.

    y = x                      where x > 0
    y = alpha · (eˣ - 1)       elsewhere

Forward writes this as max(x, 0) + alpha · (e^min(x, 0) - 1): one of the two terms is always zero, and the exponential
never sees a large positive x, on which it would overflow. For x near 0, eˣ is a number just below 1, and subtracting 1
would leave only its rounding error; `expm1` computes eˣ - 1 in one piece.

Backward. Forward chose between two curves, so the slope is that of the chosen one:

    dx = dy                 where x > 0
    dx = dy · alpha · eˣ    elsewhere                  from d(eˣ - 1)/dx = eˣ

With alpha = 1 the two slopes meet at 0 and the curve has no kink; with any other alpha, 0 belongs to the left side. The
slope could be had from the output, as y + alpha, without another exponential, but far to the left y has been rounded to
-alpha and the sum is 0.

Source: Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289. PyTorch: torch.nn.functional.elu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating


class Cache(NamedTuple):
    x: Array  # any shape
    alpha: float


def forward(x: Array, *, alpha: float = 1.0) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y = np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))
    return y, Cache(x, alpha)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    x, alpha = cache
    positive = x > 0
    slope = positive + ~positive * (alpha * np.exp(np.minimum(x, 0)))
    return dy * slope
