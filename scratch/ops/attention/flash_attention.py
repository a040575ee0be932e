"""FlashAttention: the same attention, tile by tile, without ever holding the T×S matrix of weights.

A sequence of 16,000 positions has 256 million weights a head, a gigabyte in float32, and they are needed for one sum
only. So each block of queries walks over the keys, a block at a time, and keeps three running numbers a query:

    largest = max score so far        total = Σ e^(score - largest)        mix = Σ e^(score - largest) · value

The softmax needs the largest score of all keys, which is known at the end only. But a sum that was taken relative to an
old maximum is corrected to a new one by one factor (the *online softmax*):

    new     = max(largest, max of this block)
    total   = total · e^(largest - new) + Σ_block e^(score - new)
    mix     = mix   · e^(largest - new) + Σ_block e^(score - new) · value
    largest = new

and at the end y = mix / total. With is_causal, blocks of keys that lie in the future of all queries are left out.

Backward. Forward keeps y and one number a query, logsumexp = largest + log(total). That is enough to compute any tile
of weights again, when its turn comes, without a running maximum:

    weight  = e^(score - logsumexp)
    dvalue += weightᵀ dy
    dscore  = weight · (dy valueᵀ - dy · y)
    dquery += scale · dscore key
    dkey   += scale · dscoreᵀ query

The softmax needs Σ_s weight · dweight, over all keys of a query. Since y is a linear mix of the values, that is a sum
over the few features of y, and needs no second walk:  Σ_s weight[s] · (dy · value[s]) = dy · y.

Computing twice is cheaper than storing once: on hardware, arithmetic is faster than memory.

Source: Dao, Fu, Ermon, Rudra & Ré 2022, arXiv:2205.14135; Milakov & Gimelshein 2018, arXiv:1805.02867 (online softmax).
PyTorch: torch.nn.functional.scaled_dot_product_attention, which does the same inside.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...types import Array
from .._sums import dots, over_columns
from ._checks import require_sequences
from ._scores import causal, turned


class Cache(NamedTuple):
    query: Array  # (..., T, E)
    key: Array  # (..., S, E)
    value: Array  # (..., S, Ev)
    y: Array  # (..., T, Ev)
    logsumexp: Array  # (..., T, 1): +inf for a query that sees nothing
    is_causal: bool
    scale: float
    block_size: int


def forward(
    query: Array,
    key: Array,
    value: Array,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    block_size: int = 64,
) -> tuple[Array, Cache]:
    """query: (..., T, E), key: (..., S, E), value: (..., S, Ev) → y: (..., T, Ev).

    block_size: how many queries, and how many keys, a tile has. Raises ValueError for shapes that do not fit or a
    block_size below 1, TypeError for dtypes that differ.
    """
    require_sequences(query, key, value)
    if block_size < 1:
        raise ValueError(f"block_size must be at least 1; got {block_size}")
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    y = np.empty_like(query, shape=(*query.shape[:-1], value.shape[-1]))
    logsumexp = np.empty_like(query, shape=(*query.shape[:-1], 1))
    keys = turned(key)
    for rows in blocks(query.shape[-2], block_size):
        scaled = query[..., rows, :] * scale
        largest = np.full_like(logsumexp[..., rows, :], -math.inf)
        total, mix = np.zeros_like(largest), np.zeros_like(y[..., rows, :])
        for columns in seen_by(rows, key.shape[-2], block_size, is_causal):
            scores = scaled @ keys[..., columns]  # one tile
            cut(scores, rows, columns, is_causal)
            new = np.maximum(largest, scores.max(axis=-1, keepdims=True))
            with np.errstate(invalid="ignore"):
                scores -= new
                correction = np.exp(largest - new)  # 0 for the first tile: e^-inf
            np.exp(scores, out=scores)
            total = total * correction + over_columns(scores)
            mix = mix * correction + scores @ value[..., columns, :]
            largest = new
        nothing = total == 0  # there was no key at all
        y[..., rows, :] = mix / np.where(nothing, 1, total)
        logsumexp[..., rows, :] = np.where(nothing, math.inf, largest + np.log(np.where(nothing, 1, total)))
    return y, Cache(query, key, value, y, logsumexp, is_causal, scale, block_size)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (..., T, Ev) → dquery: (..., T, E), dkey: (..., S, E), dvalue: (..., S, Ev)."""
    query, key, value, y, logsumexp, is_causal, scale, block_size = cache
    dquery, dkey, dvalue = np.zeros_like(query), np.zeros_like(key), np.zeros_like(value)
    keys, values = turned(key), turned(value)
    for rows in blocks(query.shape[-2], block_size):
        scaled, dmix = query[..., rows, :] * scale, dy[..., rows, :]
        mean = dots(dmix, y[..., rows, :])
        for columns in seen_by(rows, key.shape[-2], block_size, is_causal):
            scores = scaled @ keys[..., columns]
            cut(scores, rows, columns, is_causal)
            scores -= logsumexp[..., rows, :]
            weights = np.exp(scores, out=scores)
            dvalue[..., columns, :] += weights.swapaxes(-2, -1) @ dmix
            dscores = dmix @ values[..., columns]
            dscores -= mean
            dscores *= weights
            dquery[..., rows, :] += (dscores @ key[..., columns, :]) * scale
            dkey[..., columns, :] += dscores.swapaxes(-2, -1) @ scaled
    return dquery, dkey, dvalue


def blocks(length: int, block_size: int) -> Iterator[slice]:
    """0 … length in slices of block_size; the last one may be shorter."""
    return (slice(begin, min(begin + block_size, length)) for begin in range(0, length, block_size))


def seen_by(rows: slice, keys: int, block_size: int, is_causal: bool) -> Iterator[slice]:
    """The blocks of keys of which some query of the block may see some."""
    return blocks(min(rows.stop, keys) if is_causal else keys, block_size)


def cut(scores: Array, rows: slice, columns: slice, is_causal: bool) -> None:
    """Hide the future in a tile, in place. Tiles left of the diagonal are all past: only those on it are cut."""
    if is_causal and columns.start == rows.start:
        np.copyto(scores, -math.inf, where=~causal(scores))
