"""Mirroring: some images of a batch, left and right exchanged.

    y[n, c, h, w] = x[n, c, h, W - 1 - w]  where mirrored[n],   x[n, c, h, w]  elsewhere

A frog that looks to the left is a frog, and the network is to know that without having seen it: it gets twice as many
images. (Not with digits or letters.) Which images, a coin decides, anew for every batch; it is an argument here.

Backward. Every number of y is one number of x, and mirroring a mirror image gives the image back:

    dx = dy, mirrored for the same images

Source: Krizhevsky, Sutskever & Hinton 2012. torchvision.transforms.RandomHorizontalFlip does it image by image.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import one_per_image, require_images


class Cache(NamedTuple):
    mirrored: Array  # (N,)


def forward(x: Array, mirrored: Array) -> tuple[Array, Cache]:
    """x: (N, C, H, W), mirrored: (N,) booleans → y: like x.

    Raises ValueError when x is not (N, C, H, W) or mirrored not (N,); TypeError when x does not hold floating-point
    numbers or mirrored no booleans.
    """
    require_images(x)
    one_per_image("mirrored", mirrored, x, "b")
    return mirror(x, mirrored), Cache(mirrored)


def backward(dy: Array, cache: Cache) -> tuple[Array, None]:
    """dy: (N, C, H, W) → dx: like x, and None for the booleans."""
    return mirror(dy, cache.mirrored), None


def mirror(x: Array, mirrored: Array) -> Array:
    """Some of the images with their columns in reverse."""
    return np.where(mirrored[:, None, None, None], x[..., ::-1], x)
