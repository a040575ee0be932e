"""Batch normalization: every channel gets mean 0 and variance 1 over the batch.

    mean = Σ x / n        variance = Σ (x - mean)² / n        n = N · places: all values of the channel in this batch
    normalized = (x - mean) / √(variance + eps)
    y = normalized · weight + bias                            weight and bias: one per channel

What an example becomes depends on the others of its batch, and in inference there may be no others. So training also
keeps a running average of both statistics, and inference uses those:

    running_mean = (1 - momentum) · running_mean + momentum · mean
    running_var  = (1 - momentum) · running_var  + momentum · variance · n / (n - 1)

(momentum is the share of what is new: the opposite of an optimizer's.) Two variances: the batch is normalized with its
own, divided by n, so that the result has variance 1 exactly; the running one is to estimate that of *all* data, and for
that n would be too large, since the mean was taken from the same values: n - 1 is unbiased (Bessel's correction).

One value per channel cannot be normalized: it is its own mean, and y = bias whatever x is. That is refused in training.

Backward, in training. Forward ended with y = normalized · weight + bias; weight and bias served all values of their
channel, so the gradients are sums over the batch and the places:

    dbias = Σ dy        dweight = Σ dy · normalized        dnormalized = dy · weight = g

Before that, x went into normalized by itself, by the mean and by the variance. As in layer normalization, where each
step is spelled out, the two detours take off the parts of g along (1, …, 1) and along normalized. Only the axes are
others: the means are over the values of a channel, and so the gradient of one example depends on the whole batch.

    dx = (g - mean(g) - normalized · mean(g · normalized)) / √(variance + eps)

Backward, in inference. The running statistics are constants there, and normalizing is a product:

    dx = g / √(running_var + eps)

The running statistics are state and not part of the loss: they get no gradient, neither going in nor coming out.

Source: Ioffe & Szegedy 2015, arXiv:1502.03167. PyTorch: torch.nn.functional.batch_norm.
"""

from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from .._pieces import rows
from ._axes import places_last, size_of, sum_by_channel
from ._checks import channels_first, more_than_one, one_per_channel, require_floating


class Cache(NamedTuple):
    x: Array  # (N, C, *)
    mean: Array  # (C, 1)
    inverse_std: Array  # (C, 1)
    weight: Array | None  # (C,)
    has_bias: bool
    training: bool


def forward(
    x: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    running_mean: Array | None = None,
    running_var: Array | None = None,
    *,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array | tuple[Array, Array, Array], Cache]:
    """x: (N, C, *); the others: (C,) or None → y: like x; with running statistics y, running_mean, running_var.

    The running statistics that come out are new arrays, updated in training. Raises ValueError when x has no channel
    axis, one of the others is not (C,), training has one value per channel, inference has no running statistics or
    there is one of the two only; TypeError when x does not hold floating-point numbers.
    """
    require_floating(x)
    channels_first(x)
    vectors = {"weight": weight, "bias": bias, "running_mean": running_mean, "running_var": running_var}
    for name, vector in vectors.items():
        one_per_channel(name, vector, x)
    if (running_mean is None) != (running_var is None) or (running_mean is None and not training):
        raise ValueError("running_mean and running_var go together, and inference (training=False) needs both")
    n = size_of(x, (0, *range(2, x.ndim)))
    if training:
        more_than_one(n, x)
        mean, variance = _statistics(places_last(x), n)
    else:
        assert running_mean is not None and running_var is not None
        mean, variance = running_mean[:, None], running_var[:, None]
    y = np.empty_like(x, order="C")
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse_std = 1 / np.sqrt(variance + eps)
        for x_, y_ in rows(places_last(x), places_last(y)):
            np.subtract(x_, mean, out=y_)
            y_ *= inverse_std  # normalized
            if weight is not None:
                y_ *= weight[:, None]
            if bias is not None:
                y_ += bias[:, None]
    cache = Cache(x, mean, inverse_std, weight, bias is not None, training)
    if running_mean is None or running_var is None:
        return y, cache
    if not training or not n:
        return (y, running_mean.copy(), running_var.copy()), cache
    unbiased = variance[:, 0] * (n / (n - 1))
    new_mean = (1 - momentum) * running_mean + momentum * mean[:, 0]
    new_var = (1 - momentum) * running_var + momentum * unbiased
    return (y, new_mean, new_var), cache


def backward(dy: Array | tuple[Array, Array, Array], cache: Cache) -> tuple[Array | Any, ...]:
    """dy: like y, or that and the unused gradients of the running statistics → dx: like x, dweight, dbias: (C,).

    dweight and dbias are None where there was none, the gradients of the running statistics always.
    """
    x, mean, inverse_std, weight, has_bias, training = cache
    dy = dy[0] if isinstance(dy, tuple) else dy
    n, dx = size_of(dy, (0, *range(2, dy.ndim))), np.empty_like(dy, order="C")
    dweight, dbias = (np.zeros_like(mean, dtype=dy.dtype) for _ in range(2))
    scale = inverse_std if weight is None else weight[:, None] * inverse_std  # of dy, on its way to x
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for dy_, x_, t in rows(places_last(dy), places_last(x), spare=1):
            dbias += sum_by_channel(dy_)
            np.subtract(x_, mean, out=t)
            t *= inverse_std  # normalized
            t *= dy_
            dweight += sum_by_channel(t)
        for dy_, x_, dx_ in rows(places_last(dy), places_last(x), places_last(dx)):
            if training:  # mean(g) and mean(g · normalized) without the weight, which is in `scale`
                np.subtract(x_, mean, out=dx_)
                dx_ *= inverse_std * dweight / n
                dx_ += dbias / n
                np.subtract(dy_, dx_, out=dx_)
                dx_ *= scale
            else:
                np.multiply(dy_, scale, out=dx_)
    return dx, None if weight is None else dweight[:, 0], dbias[:, 0] if has_bias else None, None, None


def _statistics(x: Array, n: int) -> tuple[Array, Array]:
    """x: (N, C, M) → mean and variance: (C, 1)."""
    total, squares = (np.zeros_like(x, shape=(x.shape[1], 1)) for _ in range(2))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # inf - inf; the mean of no values
        for (x_,) in rows(x):
            total += sum_by_channel(x_)
        mean = total / n
        for x_, centered in rows(x, spare=1):
            np.subtract(x_, mean, out=centered)
            centered *= centered
            squares += sum_by_channel(centered)
        return mean, squares / n
