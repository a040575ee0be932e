"""Group normalization: layer normalization over groups of channels.

    x: (N, C, *) → groups: (N, G, C/G · *)        each group normalized over all of its numbers
    y = normalized · weight + bias                weight and bias: one per channel

Batch normalization needs a batch to take its statistics from and gets worse as the batch gets smaller. Group
normalization asks one image only: its channels come in G groups, and each group has a mean and a variance over its
channels and all places of the image. Between the two ends lie the useful cases:

    G = 1    one group, all channels: layer normalization of the whole image
    G = C    a group for each channel: instance normalization

Nothing is new here but the view. Folded to (N, G, numbers of a group) it is layer normalization over the last axis, so
forward hands it over. Weight and bias are applied after unfolding, since they go by channel and not by place.

Backward. Forward ended with y = normalized · weight + bias, where a channel's weight and bias served every example and
every place, so these are summed over; then the folded gradient takes the way back through layer normalization:

    dbias = Σ dy        dweight = Σ dy · normalized        (sums over N and *, one per channel)
    dx = layer_norm.backward(dy · weight)

Source: Wu & He 2018, arXiv:1803.08494. PyTorch: torch.nn.functional.group_norm.
"""

import math
from typing import NamedTuple

from ...types import Array
from . import layer_norm
from ._axes import along_channels
from ._checks import channels_first, more_than_one, one_per_channel, require_floating


class Cache(NamedTuple):
    groups: layer_norm.Cache
    normalized: Array  # (N, C, *)
    weight: Array | None  # (C,)
    has_bias: bool


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
    folded = fold(x, num_groups)  # (N, G, C/G · *)
    normalized, groups = layer_norm.forward(folded, normalized_shape=folded.shape[2:], eps=eps)
    normalized = normalized.reshape(x.shape)
    y = normalized if weight is None else normalized * along_channels(weight, x)
    if bias is not None:
        y = y + along_channels(bias, x)
    return y, Cache(groups, normalized, weight, bias is not None)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None, Array | None]:
    """dy: (N, C, *) → dx: (N, C, *), dweight and dbias: (C,), None where there was none."""
    groups, normalized, weight, has_bias = cache
    per_channel = (0, *range(2, dy.ndim))  # the axes over which weight and bias were broadcast
    dbias = dy.sum(axis=per_channel) if has_bias else None
    dweight = None if weight is None else (dy * normalized).sum(axis=per_channel)
    dnormalized = dy if weight is None else dy * along_channels(weight, dy)
    dfolded, _, _ = layer_norm.backward(fold(dnormalized, groups.normalized.shape[1]), groups)
    return dfolded.reshape(dy.shape), dweight, dbias


def fold(x: Array, num_groups: int) -> Array:
    """(N, C, *) → (N, G, C/G · *). Not reshape(N, G, -1): without examples, -1 could be anything."""
    examples, channels, *places = x.shape
    return x.reshape(examples, num_groups, channels // num_groups * math.prod(places))
