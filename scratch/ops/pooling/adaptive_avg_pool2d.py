"""Adaptive average pooling: so many windows, whatever the size of the image. With one window, global pooling.

    y[n, c, i, j] = mean of x[n, c, rows of i, columns of j]        rows of i: ⌊i · H / H'⌋ … ⌈(i + 1) · H / H'⌉ - 1

The numbers before a dense layer must be as many for every image, and pooling windows of a fixed size would not give
that. Here the *result* has a fixed size, and the windows follow: the image is cut in H' · W' parts, as equal as whole
pixels allow, and where a cut goes through a pixel both sides take it.

output_size=1 is global average pooling, the end of most networks since 2014: every channel becomes its mean, "how much
of this pattern is in the image", and there is a dense layer less with its many weights.

Backward. As for every mean: each of the `count` pixels of a window had the share 1 / count.

    dx[n, c, rows of i, columns of j] += dy[n, c, i, j] / count(i, j)

Source: Lin, Chen & Yan 2014, "Network in network", arXiv:1312.4400. PyTorch:
torch.nn.functional.adaptive_avg_pool2d.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_images


class Cache(NamedTuple):
    size: tuple[int, int]  # of an image
    output: tuple[int, int]


def forward(x: Array, *, output_size: int | tuple[int | None, int | None]) -> tuple[Array, Cache]:
    """x: (N, C, H, W) → y: (N, C, H', W'), where output_size is (H', W'), or H' = W'. None keeps an axis as it is.

    Raises ValueError when x is not (N, C, H, W) or output_size is not positive; TypeError when x does not hold
    floating-point numbers or output_size is not made of whole numbers.
    """
    require_images(x)
    size = (x.shape[2], x.shape[3])
    output = _resolve(output_size, size)
    y = np.zeros_like(x, shape=(*x.shape[:2], *output), order="C")
    for i, j, rows, columns, count in parts(size, output):
        y[:, :, i, j] = x[:, :, rows, columns].sum(axis=(2, 3)) / count
    return y, Cache(size, output)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H', W') → dx: (N, C, H, W)."""
    size, output = cache
    dx = np.zeros_like(dy, shape=(*dy.shape[:2], *size), order="C")
    for i, j, rows, columns, count in parts(size, output):
        dx[:, :, rows, columns] += dy[:, :, i, j, None, None] / count
    return dx


def parts(size: tuple[int, int], output: tuple[int, int]) -> Iterator[tuple[int, int, slice, slice, int]]:
    """For each number of y: its place i, j, the rows and columns of x that it is the mean of, and how many pixels."""
    for i in range(output[0]):
        top, bottom = i * size[0] // output[0], -(-(i + 1) * size[0] // output[0])
        for j in range(output[1]):
            left, right = j * size[1] // output[1], -(-(j + 1) * size[1] // output[1])
            yield i, j, slice(top, bottom), slice(left, right), (bottom - top) * (right - left)


def _resolve(output_size: Any, size: tuple[int, int]) -> tuple[int, int]:
    both = (output_size, output_size) if isinstance(output_size, int) else output_size
    if not isinstance(both, (tuple, list)) or len(both) != 2 or not all(n is None or isinstance(n, int) for n in both):
        raise TypeError(f"output_size must be a whole number, or 2 of them (or None); got {output_size!r}")
    height, width = (whole if given is None else given for given, whole in zip(both, size, strict=True))
    if min(height, width) < 1:
        raise ValueError(f"output_size must be at least 1; got {output_size!r}")
    return height, width
