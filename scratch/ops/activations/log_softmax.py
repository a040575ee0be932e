"""The logarithm of softmax: what a loss wants, computed without ever forming a probability.

    yᵢ = log(e^xᵢ / Σⱼ e^xⱼ) = xᵢ - log Σⱼ e^xⱼ

Taking log(softmax(x)) in two steps fails as soon as a probability is too small for a float: log 0 = -inf, where the
true answer may be a harmless -200. As in softmax, the largest score is subtracted first, and here from both terms:

    sᵢ = xᵢ - max x        yᵢ = sᵢ - log Σⱼ e^sⱼ

The sum lies between 1 and the number of scores, so its logarithm is small and exact.

Backward. Forward was xᵢ minus one number that all scores share, and raising score i raises that number by the
probability e^yᵢ:

    ∂yⱼ/∂xᵢ = 1[i = j] - e^yᵢ

    dxᵢ = dyᵢ - e^yᵢ · Σⱼ dyⱼ

With dy = -1 at the true class and 0 elsewhere, this is the famous "probabilities minus one-hot" of cross-entropy.

PyTorch: torch.nn.functional.log_softmax.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_axis, require_floating


class Cache(NamedTuple):
    y: Array  # any shape
    dim: int


def forward(x: Array, *, dim: int) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, ≤ 0.

    A row with NaN or +inf in it, or of -inf alone, is NaN. Raises TypeError when x is not floating-point or dim not an
    int, ValueError when dim is not an axis of x.
    """
    require_floating(x)
    require_axis(x, dim)
    largest = x.max(axis=dim, keepdims=True, initial=-math.inf)  # initial: an empty axis has a maximum too
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):  # inf - inf; the log of an empty sum
        shifted = np.subtract(x, largest, out=np.empty_like(x))
        log_sum = np.log(np.exp(shifted).sum(axis=dim, keepdims=True))
        y = np.subtract(shifted, log_sum, out=shifted)
    return y, Cache(y, dim)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    y, dim = cache
    dx = np.exp(y, out=np.empty_like(y))  # the probabilities
    dx *= dy.sum(axis=dim, keepdims=True)
    np.subtract(dy, dx, out=dx)
    return dx
