"""Attention weights: how much each position of one sequence looks at each position of another.

    score[t, s]  = query[t] · key[s] / √E  (+ mask[t, s])
    weight[t, s] = e^score[t, s] / Σ_s' e^score[t, s']                 a softmax over the keys: each row sums to 1

A query is a vector that says what position t looks for, a key one that says what position s has to offer; where they
point in the same direction, their product is large. With E features of size 1 that product has a standard deviation of
√E. Without the division the softmax would see numbers that grow with E, would be nearly a maximum, and nearly all of
its gradient would be zero.

Masks. Nobody can look where the score is -inf. A mask of booleans says who may look (True), a mask of numbers is added
to the scores; `is_causal` is the mask of language models, in which position t sees the positions 0 … t and no future.
A query that may look at nothing at all has weights 0, not 0 / 0.

Shapes. The last two axes are (positions, features). All axes before them, such as batch and heads, count sequences that
do not know of each other: (..., T, E) and (..., S, E) → (..., T, S).

Backward. Forward was scores = (query · scale) keyᵀ + mask, and then the softmax. Its derivative is in ops.activations.
softmax: a score gains when its dy is above the mean of dy under the weights of its row.

    dscores = weight · (dy - Σ_s dy · weight)                          (..., T, S)
    dquery  = scale · dscores key         sums over the keys that the query looked at
    dkey    = scale · dscoresᵀ query      sums over the queries that looked at the key
    dmask   = dscores, summed over the axes along which the mask was repeated

Where the score was -inf the weight is 0, hence the gradient: what is hidden cannot learn.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.nn.functional.scaled_dot_product_attention with the
identity matrix as value.
"""

import math
from typing import NamedTuple

from ...types import Array
from ._checks import require_mask, require_sequences
from ._scores import hide, shares, sum_to


class Cache(NamedTuple):
    query: Array  # (..., T, E)
    key: Array  # (..., S, E)
    weights: Array  # (..., T, S)
    scale: float
    mask_shape: tuple[int, ...] | None  # of a mask of numbers, the only one with a gradient


def forward(
    query: Array,
    key: Array,
    attn_mask: Array | None = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
) -> tuple[Array, Cache]:
    """query: (..., T, E), key: (..., S, E), attn_mask: None or broadcasting to (..., T, S) → weights: (..., T, S).

    scale: 1/√E by default. Raises ValueError for shapes that do not fit or a mask besides is_causal, TypeError for
    dtypes that differ.
    """
    require_sequences(query, key)
    require_mask(attn_mask, (*query.shape[:-1], key.shape[-2]), query, is_causal)
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    scores = (query * scale) @ key.swapaxes(-2, -1)
    hide(scores, attn_mask, is_causal)
    weights = shares(scores)
    numbers = attn_mask is not None and attn_mask.dtype.kind == "f"
    return weights, Cache(query, key, weights, scale, attn_mask.shape if attn_mask is not None and numbers else None)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array | None]:
    """dy: (..., T, S) → dquery: (..., T, E), dkey: (..., S, E), dmask: like a mask of numbers, None for any other."""
    query, key, weights, scale, mask_shape = cache
    mean = (dy * weights).sum(axis=-1, keepdims=True)
    dscores = weights * (dy - mean)
    dquery = (dscores @ key) * scale
    dkey = dscores.swapaxes(-2, -1) @ (query * scale)
    return dquery, dkey, None if mask_shape is None else sum_to(dscores, mask_shape)
