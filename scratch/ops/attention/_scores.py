"""Steps that the files of this folder share: who may look at whom, scores into shares, matrices turned round."""

import math
from typing import Any

import numpy as np

from ...types import Array
from .._sums import over_columns


def turned(x: Array) -> Array:
    """(..., N, M) → (..., M, N), as a copy: many small products are faster than with a view, by more than it costs."""
    copy: Array = x.swapaxes(-2, -1).copy()
    return copy


def causal(scores: Array, offset: int = 0) -> Any:
    """(T, S) booleans for scores (..., T, S): query t sees the keys 0 … t + offset, and nothing that comes later."""
    queries, keys = scores.shape[-2:]
    places = np.arange(max(queries, keys), like=scores)
    return places[:queries, None] + offset >= places[None, :keys]


def hide(scores: Array, attn_mask: Array | None, is_causal: bool) -> None:
    """Apply masks to scores (..., T, S), in place. A score of -inf is a share of 0, since e^-inf = 0."""
    if is_causal:
        np.copyto(scores, -math.inf, where=~causal(scores))
    elif attn_mask is not None and attn_mask.dtype.kind == "b":
        np.copyto(scores, -math.inf, where=~attn_mask)
    elif attn_mask is not None:
        scores += attn_mask


def shares(scores: Array) -> Array:
    """Softmax over the last axis, in place. A row that sees nothing, all -inf, becomes zeros and not 0 / 0."""
    largest = scores.max(axis=-1, keepdims=True, initial=-math.inf)
    largest[largest == -math.inf] = 0
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf
        scores -= largest
    np.exp(scores, out=scores)
    total = over_columns(scores)
    total[total == 0] = 1
    scores /= total
    return scores


def sum_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """The reverse of a broadcast: the sum over the axes along which an array of this shape was repeated."""
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    repeated = tuple(axis for axis, n in enumerate(shape) if n == 1 and gradient.shape[axis] != 1)
    return gradient.sum(axis=repeated, keepdims=True) if repeated else gradient
