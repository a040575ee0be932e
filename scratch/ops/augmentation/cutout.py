"""Cutout: a square of each image is set to 0.

    y[n, c, h, w] = 0  where top[n] ≤ h < top[n] + size and left[n] ≤ w < left[n] + size,   x[n, c, h, w]  elsewhere

A network that has found the one telling detail looks no further. Hide a part of the image, another one each time, and
it has to know the rest too: dropout for neighbouring pixels. A square may hang over the border, and then hides less;
so top and left may be negative.

Backward. What was set to 0 did not depend on x:

    dx = dy outside of the squares, 0 inside

Source: DeVries & Taylor 2017, arXiv:1708.04552.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import one_per_image, require_images


class Cache(NamedTuple):
    hidden: Array  # (N, 1, H, W)


def forward(x: Array, top: Array, left: Array, *, size: int) -> tuple[Array, Cache]:
    """x: (N, C, H, W), top and left: (N,) whole numbers → y: like x.

    Raises ValueError when x is not (N, C, H, W), top or left are not (N,) or size is negative; TypeError when x does
    not hold floating-point numbers or top or left no whole ones.
    """
    require_images(x)
    if size < 0:
        raise ValueError(f"size must be at least 0; got {size}")
    one_per_image("top", top, x, "i")
    one_per_image("left", left, x, "i")
    hidden_rows = inside(x.shape[2], top, size)  # (N, H)
    hidden_columns = inside(x.shape[3], left, size)  # (N, W)
    hidden = (hidden_rows[:, :, None] & hidden_columns[:, None, :])[:, None]
    return np.where(hidden, x.dtype.type(0), x), Cache(hidden)


def backward(dy: Array, cache: Cache) -> tuple[Array, None, None]:
    """dy: (N, C, H, W) → dx: like x, and None for both places."""
    return np.where(cache.hidden, dy.dtype.type(0), dy), None, None


def inside(length: int, start: Array, size: int) -> Array:
    """For each image, which of the places 0 … length - 1 are among the `size` ones from `start` on: (N, length)."""
    places = np.arange(length)
    found: Array = (places >= start[:, None]) & (places < start[:, None] + size)
    return found
