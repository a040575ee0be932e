"""Layer normalization: every example gets mean 0 and variance 1 over its own features.

    mean = Σ x / n        centered = x - mean        variance = Σ centered² / n        n: the number of features
    inverse_std = 1 / √(variance + eps)              normalized = centered · inverse_std
    y = normalized · weight + bias

Whatever the layers before have done to the scale of an example, the next one sees numbers around 0 of size 1, in
training and in inference alike: no other example has a say. Weight and bias, one per feature, may then set a scale and
an offset that are *learned*. With eps, an example whose features are all equal becomes 0 and not 0 / 0; it stands under
the root, so that the slope stays finite as well.

Two passes. Σ x² / n - mean² would need one pass over x only, but it subtracts two numbers that agree in most of their
digits wherever the mean is large, and can even turn out negative. Centered numbers have nothing to cancel.

Backward. Forward ended with y = normalized · weight + bias, where weight and bias served every example, so that their
gradients are sums over examples:

    dbias   = Σ_examples dy            dnormalized = dy · weight
    dweight = Σ_examples dy · normalized

Before that, x went three ways into normalized. Take one example, write g for dnormalized, x̂ for normalized, s for
inverse_std, and go backwards:

    normalized = centered · s          dcentered = g · s                         and    ds = Σ g · centered
    s = (variance + eps)^(-1/2)        dvariance = ds · (-s³ / 2)
    variance = Σ centered² / n         dcentered += dvariance · 2 centered / n = -s · x̂ · Σ (g · x̂) / n
    centered = x - mean                dx = dcentered - Σ dcentered / n          (x went into its own element and, with
                                                                                 share 1/n, into the mean of all)

The middle share has the sum 0, as x̂ has, so the last line only takes the mean of g off the first:

    dx = inverse_std · (g - mean(g) - x̂ · mean(g · x̂))

Read it as a projection. Adding a constant to an example or stretching it does not change y, so no gradient may point in
these two directions: mean(g) is the part of g along (1, …, 1), and x̂ · mean(g · x̂) the part along x̂. Both are removed.

Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450. PyTorch: torch.nn.functional.layer_norm.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._axes import size_of
from ._checks import last_axes, require_floating, same_axes


class Cache(NamedTuple):
    normalized: Array  # (..., *normalized_shape)
    inverse_std: Array  # (..., 1, …): one per example
    weight: Array | None  # normalized_shape
    has_bias: bool
    axes: tuple[int, ...]  # of the features; those before them count examples


def forward(
    x: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    *,
    normalized_shape: tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> tuple[Array, Cache]:
    """x: (..., *normalized_shape), weight and bias: normalized_shape or None → y: like x.

    normalized_shape may be left out where there is a weight. Raises ValueError when it is not the shape of the last
    axes of x, or not that of weight and bias; TypeError when x does not hold floating-point numbers.
    """
    require_floating(x)
    axes = last_axes(x, weight, normalized_shape)
    same_axes("weight", weight, x, axes)
    same_axes("bias", bias, x, axes)
    n = size_of(x, axes)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # inf - inf; the mean of no features
        centered = x - x.sum(axis=axes, keepdims=True) / n
        variance = (centered * centered).sum(axis=axes, keepdims=True) / n  # (..., 1, …)
        inverse_std = 1 / np.sqrt(variance + eps)
        normalized = centered * inverse_std
    y = normalized if weight is None else normalized * weight
    if bias is not None:
        y = y + bias
    return y, Cache(normalized, inverse_std, weight, bias is not None, axes)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None, Array | None]:
    """dy: (..., *normalized_shape) → dx: like dy, dweight and dbias: normalized_shape, None where there was none."""
    normalized, inverse_std, weight, has_bias, axes = cache
    examples = tuple(range(axes[0]))  # the axes over which weight and bias were broadcast
    n = size_of(dy, axes)
    dbias = dy.sum(axis=examples) if has_bias else None
    dweight = None if weight is None else (dy * normalized).sum(axis=examples)
    dnormalized = dy if weight is None else dy * weight
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = dnormalized.sum(axis=axes, keepdims=True) / n
        along = (dnormalized * normalized).sum(axis=axes, keepdims=True) / n
        dx = inverse_std * (dnormalized - mean - normalized * along)
    return dx, dweight, dbias
