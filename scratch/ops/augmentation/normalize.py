"""Normalizing images: each channel by a mean and a standard deviation that were measured beforehand.

    y[n, c, h, w] = (x[n, c, h, w] - mean[c]) / std[c]

Pixels are between 0 and 1, all on one side of zero; layers start best from numbers around it. The statistics are those
of the *training* images, one pair a channel for all of them, so that a dark image stays darker than a light one: this
is no batch normalization. Everything the network will ever see must be treated with the same numbers.

Backward. y is linear in x, and falls as the mean or the standard deviation grows:

    dx = dy / std        dmean = -Σ dy / std        dstd = -Σ dy · y / std        sums over images and pixels

Source: LeCun, Bottou, Orr & Müller 1998. torchvision.transforms.Normalize(mean, std) does it image by image.
"""

from __future__ import annotations

from typing import NamedTuple

from ...types import Array
from ._checks import require_images


class Cache(NamedTuple):
    y: Array  # (N, C, H, W)
    std: Array  # (C, 1, 1)


def forward(x: Array, mean: Array, std: Array) -> tuple[Array, Cache]:
    """x: (N, C, H, W), mean and std: (C,) → y: like x.

    Raises ValueError when x is not (N, C, H, W), mean or std are not (C,), or a std is 0; TypeError when x does not
    hold floating-point numbers.
    """
    require_images(x)
    for name, array in (("mean", mean), ("std", std)):
        if array.shape != x.shape[1:2]:
            raise ValueError(f"{name} must be (C,), one for each channel of x {x.shape}; got {name} {array.shape}")
    if (std == 0).any():
        raise ValueError("std must not be 0: a channel that is constant cannot be normalized")
    std = std[:, None, None]
    y = (x - mean[:, None, None]) / std
    return y, Cache(y, std)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (N, C, H, W) → dx: like x, dmean: (C,), dstd: (C,)."""
    y, std = cache
    dx = dy / std
    return dx, -dx.sum(axis=(0, 2, 3)), -(dx * y).sum(axis=(0, 2, 3))
