"""RMS normalization: every example is divided by its own size, the root of the mean of squares of its features.

    mean_square = Σ x² / n        inverse_rms = 1 / √(mean_square + eps)        normalized = x · inverse_rms
    y = normalized · weight

It is layer normalization without the mean, and without a bias. What keeps a deep network trainable, so the paper found,
is that the *size* of an example is brought to 1; leaving out the mean saves a pass over x, and no transformer of today
misses it. Only a stretch of x is forgotten now; a constant added to it is not.

Backward. Forward ended with y = normalized · weight, a product, where weight served every example:

    dweight = Σ_examples dy · normalized        dnormalized = dy · weight

Before that, x was a factor of its own in normalized = x · s, and it went into s = (Σ x² / n + eps)^(-1/2). With g for
dnormalized and x̂ for normalized:

    dx  = g · s                                               by the factor
    dx += Σ (g · x) · (-s³ / 2) · 2x / n = -s · x̂ · mean(g · x̂)    by way of s

    dx = inverse_rms · (g - x̂ · mean(g · x̂))

Stretching x does not change y, so the part of the gradient along x̂ is removed, and nothing else.

Where eps is None it is the distance from 1 to the next number of the dtype, as in PyTorch.

Source: Zhang & Sennrich 2019, arXiv:1910.07467. PyTorch: torch.nn.functional.rms_norm.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._axes import size_of
from ._checks import last_axes, require_floating, same_axes


class Cache(NamedTuple):
    normalized: Array  # (..., *normalized_shape)
    inverse_rms: Array  # (..., 1, …): one per example
    weight: Array | None  # normalized_shape
    axes: tuple[int, ...]  # of the features


def forward(
    x: Array,
    weight: Array | None = None,
    *,
    normalized_shape: tuple[int, ...] | None = None,
    eps: float | None = None,
) -> tuple[Array, Cache]:
    """x: (..., *normalized_shape), weight: normalized_shape or None → y: like x.

    normalized_shape may be left out where there is a weight. Raises ValueError when it is not the shape of the last
    axes of x, or not that of the weight; TypeError when x does not hold floating-point numbers.
    """
    require_floating(x)
    axes = last_axes(x, weight, normalized_shape)
    same_axes("weight", weight, x, axes)
    if eps is None:
        eps = float(np.finfo(x.dtype).eps)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # inf · 0; the mean of no features
        mean_square = (x * x).sum(axis=axes, keepdims=True) / size_of(x, axes)  # (..., 1, …)
        inverse_rms = 1 / np.sqrt(mean_square + eps)
        normalized = x * inverse_rms
    y = normalized if weight is None else normalized * weight
    return y, Cache(normalized, inverse_rms, weight, axes)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None]:
    """dy: (..., *normalized_shape) → dx: like dy, dweight: normalized_shape, None where there was none."""
    normalized, inverse_rms, weight, axes = cache
    dweight = None if weight is None else (dy * normalized).sum(axis=tuple(range(axes[0])))
    dnormalized = dy if weight is None else dy * weight
    with np.errstate(invalid="ignore", divide="ignore"):
        along = (dnormalized * normalized).sum(axis=axes, keepdims=True) / size_of(dy, axes)
        dx = inverse_rms * (dnormalized - normalized * along)
    return dx, dweight
