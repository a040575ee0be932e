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
    return x.repeat(scale[0], axis=2).repeat(scale[1], axis=3), Cache(scale)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H · scale, W · scale) → dx: (N, C, H, W)."""
    down, along = cache.scale
    n, channels, height, width = dy.shape
    dx: Array = dy.reshape(n, channels, height // down, down, width // along, along).sum(axis=(3, 5))
    return dx
