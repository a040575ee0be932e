"""Softmax: scores become probabilities, positive and summing to one along an axis.

    yᵢ = e^xᵢ / Σⱼ e^xⱼ

Adding the same number to all scores changes nothing, since it cancels in the fraction. Forward uses that freedom to
subtract the largest score first: every exponent is then at most 0, nothing overflows, and at least one term of the sum
is 1, so nothing is divided by zero.

Backward. Forward was exponentials e and their sum Z, then y = e / Z. Raising score i raises eᵢ, and through Z lowers
every y:

    ∂yⱼ/∂xᵢ = yⱼ · (1[i = j] - yᵢ)

    dxᵢ = Σⱼ dyⱼ · yⱼ · (1[i = j] - yᵢ)
        = yᵢ · (dyᵢ - Σⱼ dyⱼ yⱼ)

The matrix of all pairs (i, j) is never formed. The subtracted sum is the mean of dy under the probabilities y: a score
gains when its dy is above that mean, and the gradients of a row sum to zero, because only differences of scores matter.

Source: Bridle 1990. PyTorch: torch.nn.functional.softmax.
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
    """x: any shape → y: the same shape, summing to 1 along axis dim.

    A row with NaN or +inf in it, or of -inf alone, is NaN. Raises TypeError when x is not floating-point or dim not an
    int, ValueError when dim is not an axis of x.
    """
    require_floating(x)
    require_axis(x, dim)
    largest = x.max(axis=dim, keepdims=True, initial=-math.inf)  # initial: an empty axis has a maximum too
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf
        e = np.subtract(x, largest, out=np.empty_like(x))
    np.exp(e, out=e)
    y = np.divide(e, e.sum(axis=dim, keepdims=True), out=e)
    return y, Cache(y, dim)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    y, dim = cache
    mean = (dy * y).sum(axis=dim, keepdims=True)
    dx: Array = y * (dy - mean)
    return dx
