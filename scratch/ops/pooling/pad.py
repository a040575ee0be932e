"""Padding: a border of a constant around an array, or with negative numbers a border taken away.

    y[before + p] = x[p]        and `value` everywhere else

Without a border a convolution of 3×3 makes each image two pixels smaller, and the pixels at the edge are seen less
often than the others. The numbers in `pad` come in pairs, and the *last axis comes first*, as in PyTorch:

    pad = (left, right)                        the last axis
    pad = (left, right, top, bottom)           … and the one before it

Backward. Forward copied x into the middle, so dx is the middle of dy. Of what was cut off, y knows nothing: 0.

PyTorch: torch.nn.functional.pad.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    shape: tuple[int, ...]  # of x
    pad: tuple[int, ...]


def forward(x: Array, *, pad: tuple[int, ...], value: float = 0.0) -> tuple[Array, Cache]:
    """x: any shape → y: longer by the sum of its pair along each axis that has one.

    Raises ValueError when pad does not hold pairs, has more than x has axes, or cuts off more than there is; TypeError
    when it does not hold whole numbers.
    """
    if not isinstance(pad, (tuple, list)) or not all(isinstance(number, int) for number in pad):
        raise TypeError(f"pad must be a tuple of whole numbers; got {pad!r}")
    if len(pad) % 2 or len(pad) > 2 * x.ndim:
        raise ValueError(f"pad must hold a pair for each of the last axes, {x.ndim} at most; got {pad} for x {x.shape}")
    shape, into, taken = frame(x.shape, tuple(pad))
    if any(part.start > part.stop for part in into):
        raise ValueError(f"pad must not cut off more than there is; got {pad} for x {x.shape}")
    y = np.full_like(x, value, shape=shape, order="C")
    y[into] = x[taken]
    return y, Cache(x.shape, tuple(pad))


def backward(dy: Array, cache: Cache) -> Array:
    """dy: like y → dx: like x."""
    _, into, taken = frame(cache.shape, cache.pad)
    dx = np.zeros_like(dy, shape=cache.shape, order="C")
    dx[taken] = dy[into]
    return dx


def frame(shape: tuple[int, ...], pad: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[slice, ...], tuple[slice, ...]]:
    """The shape of y, the part of y that x fills, and the part of x that fills it."""
    sizes, into, taken = [], [], []
    for axis, size in enumerate(shape):
        pair = 2 * (len(shape) - 1 - axis)
        before, after = pad[pair : pair + 2] or (0, 0)
        sizes.append(size + before + after)
        into.append(slice(max(before, 0), max(before, 0) + size + min(before, 0) + min(after, 0)))
        taken.append(slice(max(-before, 0), size - max(-after, 0)))
    return tuple(sizes), tuple(into), tuple(taken)
