"""Softplus: a ReLU without the kink.

    y = log(1 + e^(beta·x)) / beta      where beta·x ≤ threshold
    y = x                               where beta·x > threshold

The larger beta, the closer to relu. The threshold guards the exponential: where e^(beta·x) is so large that the 1 next
to it does not count, the logarithm undoes the exponential and leaves x itself, which may as well be returned at once.
And where e^(beta·x) is small, 1 + e^(beta·x) would lose its digits; `log1p` never forms that sum.

Backward. Forward was scale, exponential, log1p, unscale; with e = e^(beta·x), the chain rule gives

    dy/dx = 1/beta · 1/(1 + e) · e · beta = e / (1 + e)

    dx = dy · e / (1 + e)     where beta·x ≤ threshold
    dx = dy                   where beta·x > threshold

which is the sigmoid of beta·x: softplus is its integral.

Source: Dugas et al. 2001; Glorot, Bordes & Bengio 2011. PyTorch: torch.nn.functional.softplus.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating


class Cache(NamedTuple):
    slope: Array  # any shape


def forward(x: Array, *, beta: float = 1.0, threshold: float = 20.0) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, ≥ 0.

    Raises TypeError when x is not floating-point, ValueError when beta is not positive.
    """
    require_floating(x)
    if not beta > 0:
        raise ValueError(f"beta must be positive; got {beta}")
    y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C")
    with np.errstate(over="ignore", invalid="ignore"):  # where e overflows, the line is taken
        for x_, y_, slope_ in elements(x, y, slope):
            scaled = x_ * beta
            linear = scaled > threshold
            e = np.exp(scaled)
            np.divide(np.log1p(e), beta, out=y_)
            np.divide(e, 1 + e, out=slope_)
            if linear.any():
                np.copyto(y_, x_, where=linear)
                np.copyto(slope_, 1, where=linear)
    return y, Cache(slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    return dy * cache.slope
