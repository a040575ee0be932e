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

What forward keeps for this is x itself and two numbers per example: to subtract and to multiply once more takes less
time than a third large array costs. Each step below is written over one that is not needed any more.

Read it as a projection. Adding a constant to an example or stretching it does not change y, so no gradient may point in
these two directions: mean(g) is the part of g along (1, …, 1), and x̂ · mean(g · x̂) the part along x̂. Both are removed.

Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450. PyTorch: torch.nn.functional.layer_norm.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import rows
from .._sums import over_columns, over_rows
from ._axes import as_rows, size_of
from ._checks import last_axes, require_floating, same_axes


class Cache(NamedTuple):
    examples: Array  # x as (examples, n)
    mean: Array  # (examples, 1)
    inverse_std: Array  # (examples, 1)
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
    examples, n = as_rows(x, axes), size_of(x, axes)
    scale = np.ones_like(x, shape=n) if weight is None else weight.reshape(n)
    y = np.empty_like(examples, order="C")
    mean, inverse_std = (np.empty_like(y, shape=(len(y), 1)) for _ in range(2))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # inf - inf; the mean of no features
        for x_, y_, mean_, inverse_std_, t in rows(examples, y, mean, inverse_std, spare=1):
            mean_[...] = over_columns(x_) / n
            centered = np.subtract(x_, mean_, out=y_)
            variance = over_columns(np.multiply(centered, centered, out=t)) / n
            inverse_std_[...] = 1 / np.sqrt(variance + eps)
            normalized = np.multiply(centered, inverse_std_, out=y_)
            np.multiply(normalized, scale, out=y_)
            if bias is not None:
                y_ += bias.reshape(n)
    return y.reshape(x.shape), Cache(examples, mean, inverse_std, weight, bias is not None, axes)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None, Array | None]:
    """dy: (..., *normalized_shape) → dx: like dy, dweight and dbias: normalized_shape, None where there was none."""
    examples, mean, inverse_std, weight, has_bias, axes = cache
    dy_rows, n = as_rows(dy, axes), size_of(dy, axes)
    scale = np.ones_like(dy, shape=n) if weight is None else weight.reshape(n)
    dx = np.empty_like(dy_rows, order="C")
    dweight, dbias = (np.zeros_like(scale) for _ in range(2))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for x_, mean_, s, dy_, dx_, t in rows(examples, mean, inverse_std, dy_rows, dx, spare=1):
            centered = np.subtract(x_, mean_, out=dx_)
            products = np.multiply(dy_, centered, out=t)
            dweight += s[:, 0] @ products
            dbias += over_rows(dy_)
            mean_g = dy_ @ scale[:, None] / n
            along = s * (products @ scale[:, None]) / n  # mean(g · x̂)
            removed = np.multiply(centered, s * along, out=dx_)
            removed += mean_g
            g = np.multiply(dy_, scale, out=t)
            np.subtract(g, removed, out=dx_)
            dx_ *= s
    dweight, dbias = (total.reshape(dy.shape[axes[0] :]) for total in (dweight, dbias))
    return dx.reshape(dy.shape), None if weight is None else dweight, dbias if has_bias else None
