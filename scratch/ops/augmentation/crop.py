"""Shifting by cropping: zeros around each image, and out of that a window of the old size, from a place of its own.

    y[n, c, h, w] = padded x[n, c, h + top[n], w + left[n]]        0 ≤ top, left ≤ 2 · padding

With padding for both, an image stays where it was. Elsewhere it is shifted, loses some rows and columns on one side
and gains as many zeros on the other: the thing to be recognized is not always in the middle. The places are drawn anew
for every batch; they are arguments here.

Backward. What is in the window gets its gradient; what was left outside, and the zeros, get none:

    padded dx[n, c, h + top[n], w + left[n]] = dy[n, c, h, w]

Source: He et al. 2016 (section 4.2). torchvision.transforms.RandomCrop(size, padding) does it image by image.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import one_per_image, require_images


class Cache(NamedTuple):
    top: Array  # (N,)
    left: Array  # (N,)
    padding: int


def forward(x: Array, top: Array, left: Array, *, padding: int = 4) -> tuple[Array, Cache]:
    """x: (N, C, H, W), top and left: (N,) whole numbers from 0 to 2 · padding → y: like x.

    Raises ValueError when x is not (N, C, H, W), top or left are not (N,), one of them is out of its range or padding
    is negative; TypeError when x does not hold floating-point numbers or top or left no whole ones.
    """
    require_images(x)
    if padding < 0:
        raise ValueError(f"padding must be at least 0; got {padding}")
    for name, places in (("top", top), ("left", left)):
        one_per_image(name, places, x, "i")
        if places.size and not 0 <= places.min() <= places.max() <= 2 * padding:
            raise ValueError(
                f"{name} must be from 0 to 2 · padding = {2 * padding}; got {places.min()} … {places.max()}"
            )
    height, width = x.shape[2:]
    padded = np.zeros_like(x, shape=(*x.shape[:2], height + 2 * padding, width + 2 * padding), order="C")
    padded[:, :, padding : padding + height, padding : padding + width] = x
    y = np.empty_like(x, order="C")
    for n, (row, column) in enumerate(zip(top.tolist(), left.tolist(), strict=True)):
        y[n] = padded[n, :, row : row + height, column : column + width]
    return y, Cache(top, left, padding)


def backward(dy: Array, cache: Cache) -> tuple[Array, None, None]:
    """dy: (N, C, H, W) → dx: like x, and None for both places."""
    top, left, padding = cache
    height, width = dy.shape[2:]
    dpadded = np.zeros_like(dy, shape=(*dy.shape[:2], height + 2 * padding, width + 2 * padding), order="C")
    for n, (row, column) in enumerate(zip(top.tolist(), left.tolist(), strict=True)):
        dpadded[n, :, row : row + height, column : column + width] = dy[n]
    return dpadded[:, :, padding : padding + height, padding : padding + width], None, None
