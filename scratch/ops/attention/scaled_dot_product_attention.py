"""Scaled dot-product attention: every position collects the values of others, each by its share.

    weight = softmax(query keyᵀ / √E + mask)        (..., T, S), see attention_weights
    y      = weight value                           (..., T, Ev)

A dictionary looks up the one entry whose key equals the query. Attention looks up all entries at once and mixes their
values, by how well each key fits; so the lookup has a slope, and queries, keys and values can be learned. Unlike a
recurrent layer it reaches any distance in one step, and has no order in which positions must be computed.

Dropout. In training each weight may be dropped (ops.regularization.dropout). `dropout_mask` is True where it is kept.

Grouped queries. With enable_gqa several heads of queries share one head of keys and values: query has H heads (axis
-3), key has H / G of them, and head h looks at head h // G. A language model that generates has to keep the keys and
values of all that went before; this makes them G times fewer.

Backward. Forward ended with a matrix product, so each factor gets dy times the other one:

    dvalue  = weightᵀ dy           (..., S, Ev)
    dweight = dy valueᵀ            (..., T, S)

and before that the weights had been dropped, and before that they came out of a softmax, in which a score gains when
its dweight is above the mean of its row (ops.activations.softmax):

    dscores = weight · (dweight - Σ_s weight · dweight)
    dquery  = scale · dscores key          dkey = scale · dscoresᵀ query          dmask = dscores

A head of keys that G heads of queries have shared gets the sum of their gradients.

Source: Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023, arXiv:2305.13245 (grouped queries).
PyTorch: torch.nn.functional.scaled_dot_product_attention, which draws the dropout mask itself.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from .._sums import dots
from ._checks import require_mask, require_sequences
from ._scores import hide, shares, sum_to, turned


class Cache(NamedTuple):
    query: Array  # (..., T, E), multiplied by scale
    key: Array  # (..., S, E), one head for each of query
    value: Array  # (..., S, Ev), one head for each of query
    weights: Array  # (..., T, S), before dropout
    factor: Array | None  # (..., T, S): what dropout multiplied the weights by
    scale: float
    groups: tuple[int, int]  # how many heads of query share one of key, and one of value
    mask_shape: tuple[int, ...] | None  # of a mask of numbers, the only one with a gradient


def forward(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array | None = None,
    dropout_mask: Array | None = None,
    *,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> tuple[Array, Cache]:
    """query: (..., T, E), key: (..., S, E), value: (..., S, Ev) → y: (..., T, Ev).

    attn_mask: None, or booleans (True: may look) or numbers to add, broadcasting to (..., T, S). dropout_mask: None, or
    booleans (..., T, S). scale: 1/√E by default. Raises ValueError for shapes that do not fit, a mask besides is_causal
    or dropout_p outside [0, 1), TypeError for dtypes that do not.
    """
    require_sequences(query, key, value, enable_gqa=enable_gqa)
    scores_shape = (*query.shape[:-1], key.shape[-2])
    require_mask(attn_mask, scores_shape, query, is_causal)
    require_dropout(dropout_mask, dropout_p, scores_shape)
    groups = (1, 1)
    if enable_gqa:
        groups = query.shape[-3] // key.shape[-3], query.shape[-3] // value.shape[-3]
        key, value = np.repeat(key, groups[0], axis=-3), np.repeat(value, groups[1], axis=-3)
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    query = query * scale
    scores = query @ turned(key)  # (..., T, S)
    hide(scores, attn_mask, is_causal)
    weights = shares(scores)
    factor = None if dropout_mask is None else dropout_mask.astype(weights.dtype) / (1 - dropout_p)
    y = (weights if factor is None else weights * factor) @ value
    mask_shape = attn_mask.shape if attn_mask is not None and attn_mask.dtype.kind == "f" else None
    return y, Cache(query, key, value, weights, factor, scale, groups, mask_shape)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array, Array | None, None]:
    """dy: (..., T, Ev) → dquery: (..., T, E), dkey: (..., S, E), dvalue: (..., S, Ev), dmask, None for dropout_mask.

    dmask: like a mask of numbers, None for any other.
    """
    query, key, value, weights, factor, scale, groups, mask_shape = cache
    dropped = weights if factor is None else weights * factor
    dvalue = dropped.swapaxes(-2, -1) @ dy
    dweights = dy @ turned(value)
    if factor is not None:
        dweights *= factor
    dweights -= dots(weights, dweights)
    dscores = np.multiply(weights, dweights, out=dweights)
    dquery = dscores @ key
    dquery *= scale
    dkey = dscores.swapaxes(-2, -1) @ query  # the query that was scaled already
    dmask = None if mask_shape is None else sum_to(dscores, mask_shape)
    return dquery, add_up(dkey, groups[0]), add_up(dvalue, groups[1]), dmask, None


def add_up(gradient: Array, group: int) -> Array:
    """(..., H, S, E) → (..., H / group, S, E): heads next to each other were copies of one."""
    if group == 1:
        return gradient
    *leading, heads, length, features = gradient.shape
    total: Array = gradient.reshape(*leading, heads // group, group, length, features).sum(axis=-3)
    return total


def require_dropout(mask: Array | None, p: float, shape: tuple[int, ...]) -> None:
    """Raise unless the mask, where there is one, has a boolean for each weight, and some of them may be left."""
    if not 0 <= p < 1:
        raise ValueError(f"dropout_p must be a probability below 1; got {p}")
    if mask is None:
        if p:
            raise ValueError(f"dropout_p={p} needs a dropout_mask: an op draws no random numbers")
    elif mask.dtype.kind != "b" or mask.shape != shape:
        raise ValueError(f"dropout_mask must hold booleans of shape (..., T, S) = {shape}; got {mask.dtype} "
                         f"{mask.shape}")  # fmt: skip
