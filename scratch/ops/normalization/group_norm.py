"""Group normalization: layer normalization over groups of channels.

    x: (N, C, *) → rows: (N · G, C/G, M)          a row for each group of each example; M: the places of an image
    every row is normalized over all of its n = C/G · M numbers
    y = normalized · weight + bias                weight and bias: one per channel

Batch normalization needs a batch to take its statistics from and gets worse as the batch gets smaller. Group
normalization asks one image only: its channels come in G groups, and each group has a mean and a variance over its
channels and all places of the image. Between the two ends lie the useful cases:

    G = 1    one group, all channels: layer normalization of the whole image
    G = C    a group for each channel: instance normalization

Backward. Within a row all is as in layer_norm, where the formula is derived; g is dy · weight, x̂ is normalized:

    dx = inverse_std · (g - mean(g) - x̂ · mean(g · x̂))

The weight is the same at all places of a channel. So both means need only two sums for each channel of a row, and the
same two sums, added up over the examples, are the gradients of weight and bias, which served all of them:

    A = Σ_places dy              mean(g)     = Σ_channels weight · A / n        dbias   = Σ_examples A
    B = Σ_places dy · x̂          mean(g · x̂) = Σ_channels weight · B / n        dweight = Σ_examples B

Source: Wu & He 2018, arXiv:1803.08494. PyTorch: torch.nn.functional.group_norm.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import rows
from .._sums import over_columns
from ._axes import groups_first, per_group
from ._checks import channels_first, more_than_one, one_per_channel, require_floating


class Cache(NamedTuple):
    groups: Array  # x as (N · G, C/G, M)
    mean: Array  # (N · G, 1, 1)
    inverse_std: Array  # (N · G, 1, 1)
    weight: Array | None  # (C,)
    has_bias: bool
    num_groups: int


def forward(
    x: Array, weight: Array | None = None, bias: Array | None = None, *, num_groups: int, eps: float = 1e-5
) -> tuple[Array, Cache]:
    """x: (N, C, *), weight and bias: (C,) or None → y: like x.

    Raises ValueError when x has no channel axis, num_groups does not divide C, weight or bias is not (C,), or a single
    value is to be normalized; TypeError when x does not hold floating-point numbers.
    """
    require_floating(x)
    channels_first(x)
    if num_groups < 1 or x.shape[1] % num_groups:
        raise ValueError(f"num_groups must divide C, the channels of x; got num_groups {num_groups} for x {x.shape}")
    one_per_channel("weight", weight, x)
    one_per_channel("bias", bias, x)
    more_than_one(x.size // num_groups, x)
    groups = groups_first(x, num_groups)
    n = groups.shape[1] * groups.shape[2]
    y = np.empty_like(groups, order="C")
    mean, inverse_std = (np.empty_like(y, shape=(len(y), 1, 1)) for _ in range(2))
    scale, offset = per_group(weight, 1, x, num_groups), per_group(bias, 0, x, num_groups)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # inf - inf; the mean of no places
        for x_, y_, mean_, inverse_std_, scale_, offset_, t in rows(
            groups, y, mean, inverse_std, scale, offset, spare=1
        ):
            mean_[...] = over_columns(x_).sum(axis=1, keepdims=True) / n
            centered = np.subtract(x_, mean_, out=y_)
            variance = over_columns(np.multiply(centered, centered, out=t)).sum(axis=1, keepdims=True) / n
            inverse_std_[...] = 1 / np.sqrt(variance + eps)
            np.multiply(centered, inverse_std_ * scale_, out=y_)
            if bias is not None:
                y_ += offset_
    return y.reshape(x.shape), Cache(groups, mean, inverse_std, weight, bias is not None, num_groups)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None, Array | None]:
    """dy: (N, C, *) → dx: (N, C, *), dweight and dbias: (C,), None where there was none."""
    groups, mean, inverse_std, weight, has_bias, num_groups = cache
    dy_groups, scale = groups_first(dy, num_groups), per_group(weight, 1, dy, num_groups)
    n = groups.shape[1] * groups.shape[2]
    dx = np.empty_like(dy_groups, order="C")
    dweight, dbias = (np.empty_like(dx, shape=(*dx.shape[:2], 1)) for _ in range(2))  # of each example: B and A
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for x_, mean_, s, scale_, dy_, dx_, dweight_, dbias_, t in rows(
            groups, mean, inverse_std, scale, dy_groups, dx, dweight, dbias, spare=1
        ):
            centered = np.subtract(x_, mean_, out=dx_)
            products = np.multiply(dy_, centered, out=t)
            dweight_[...] = s * over_columns(products)
            dbias_[...] = over_columns(dy_)
            mean_g = (scale_ * dbias_).sum(axis=1, keepdims=True) / n
            along = (scale_ * dweight_).sum(axis=1, keepdims=True) / n  # mean(g · x̂)
            removed = np.multiply(centered, s * along, out=dx_)
            removed += mean_g
            g = np.multiply(dy_, scale_, out=t)
            np.subtract(g, removed, out=dx_)
            dx_ *= s
    dweight, dbias = (total.reshape(dy.shape[:2]).sum(axis=0) for total in (dweight, dbias))
    return dx.reshape(dy.shape), None if weight is None else dweight, dbias if has_bias else None
