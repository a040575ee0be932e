"""Upsampling: every pixel becomes a block of equal pixels.

    y[n, c, h, w] = x[n, c, ⌊h / scale⌋, ⌊w / scale⌋]

The simplest way to a larger image: no weights, and none of the checkerboard that a transposed convolution paints where
its windows overlap unevenly. A convolution afterwards smooths the steps.

Backward. Forward copied each pixel to scale · scale places, so its gradient is the sum over those places:

    dx[n, c, h, w] = Σ dy over the block of (h, w)

Source: Odena, Dumoulin & Olah 2016, "Deconvolution and checkerboard artifacts". PyTorch:
torch.nn.functional.interpolate(mode="nearest").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import pair, require_images


class Cache(NamedTuple):
    scale: tuple[int, int]


def forward(x: Array, *, scale_factor: int | tuple[int, int]) -> tuple[Array, Cache]:
    """x: (N, C, H, W) → y: (N, C, H · scale, W · scale).

    Raises ValueError when x is not (N, C, H, W) or a scale is less than 1; TypeError when x does not hold
    floating-point numbers or a scale is no whole number.
    """
    require_images(x)
    scale = pair("scale_factor", scale_factor, least=1)
    down, along = scale
    n, channels, height, width = x.shape
    y = np.empty_like(x, shape=(n, channels, height * down, width * along), order="C")
    for row in range(down):
        for column in range(along):
            y[:, :, row::down, column::along] = x  # this place of every block
    return y, Cache(scale)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H · scale, W · scale) → dx: (N, C, H, W)."""
    down, along = cache.scale
    n, channels, height, width = dy.shape
    dx = np.zeros_like(dy, shape=(n, channels, height // down, width // along), order="C")
    for row in range(down):
        for column in range(along):
            dx += dy[:, :, row::down, column::along]
    return dx
