"""The dot product in NumPy.

    y = a · b = Σ_i a[i] b[i]

One call instead of a loop: the loop still runs, in compiled code over a block of memory, which is where the speed of
NumPy comes from.

Backward. A product hands each factor the other factor, scaled by dy; the loop over i has become one array operation:

    da = dy · b        db = dy · a

PyTorch: torch.dot.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    a: Array  # (n,)
    b: Array  # (n,)


def forward(a: Array, b: Array) -> tuple[Array, Cache]:
    """a, b: (n,) → y: (), 0 when n = 0.

    Raises ValueError unless a and b are vectors of the same length.
    """
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"a and b must be vectors of the same length; got a {a.shape} and b {b.shape}")
    y: Array = np.dot(a, b)
    return y, Cache(a, b)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: () → da, db: (n,)."""
    da = dy * cache.b
    db = dy * cache.a
    return da, db
