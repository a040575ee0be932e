"""Flattening: several axes become one. An image per example becomes a vector per example, for a dense layer.

    (d0, …, d_start, …, d_end, …) → (d0, …, d_start · … · d_end, …)

Nothing moves in memory: the elements stay in their order, and only how they are counted changes.

Backward. Every element of x is one element of y, in the same order: dy is counted the old way again.

PyTorch: torch.flatten.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ...types import Array


class Cache(NamedTuple):
    shape: tuple[int, ...]  # of x


def forward(x: Array, *, start_dim: int = 0, end_dim: int = -1) -> tuple[Array, Cache]:
    """x: any shape → y: axes start_dim … end_dim, both included, as one; a number becomes a vector of one.

    Raises ValueError when x does not have these axes, or they come in the wrong order.
    """
    rank = max(x.ndim, 1)
    first, last = (dim + rank if dim < 0 else dim for dim in (start_dim, end_dim))
    if not 0 <= first <= last < rank:
        raise ValueError(
            f"start_dim must be an axis of x and end_dim one that is not before it; "
            f"got start_dim {start_dim}, end_dim {end_dim} for x {x.shape}"
        )
    shape = x.shape or (1,)
    merged = math.prod(shape[first : last + 1])
    return x.reshape(*shape[:first], merged, *shape[last + 1 :]), Cache(x.shape)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: like y → dx: like x."""
    return dy.reshape(cache.shape)
