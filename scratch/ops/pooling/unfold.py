"""Unfolding ("im2col"): all windows of an image, each as a column of numbers.

    y[n, (c, i, j), (h, w)] = padded x[n, c, h · stride + i · dilation, w · stride + j · dilation]

A column is what a kernel sees at one place. So a convolution is a matrix product,

    weight.reshape(O, C · kH · kW) @ unfold(x)        (O, C · kH · kW) @ (C · kH · kW, places)

which is how most libraries compute it: kH · kW times the memory, for the fastest loop that a machine has.

Backward. Forward copied each pixel into all columns whose window it is in, so its gradient is the sum over those:
exactly what fold does.

    dx = fold(dy)

Source: Chellapilla, Puri & Simard 2006. PyTorch: torch.nn.functional.unfold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_images
from ._windows import Windows, windows_of


class Cache(NamedTuple):
    windows: Windows


def forward(
    x: Array,
    *,
    kernel_size: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    stride: int | tuple[int, int] = 1,
) -> tuple[Array, Cache]:
    """x: (N, C, H, W) → y: (N, C · kH · kW, places).

    Raises ValueError when x is not (N, C, H, W), an option is out of its range or no window fits; TypeError when x does
    not hold floating-point numbers.
    """
    require_images(x)
    windows = windows_of((x.shape[2], x.shape[3]), kernel_size, stride, padding, dilation)
    return columns_of(x, windows), Cache(windows)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C · kH · kW, places) → dx: (N, C, H, W)."""
    return images_of(dy, cache.windows)


def columns_of(x: Array, windows: Windows) -> Array:
    """Images to columns: every pixel is copied as often as there are windows that hold it."""
    (height, width), padded = windows.kernel, windows.padded(x, 0.0)
    y = np.empty_like(x, shape=(*x.shape[:2], height * width, *windows.places), order="C")
    for number, (rows, columns) in enumerate(windows.pixels()):
        y[:, :, number] = padded[:, :, rows, columns]
    return y.reshape(len(x), x.shape[1] * height * width, windows.places[0] * windows.places[1])


def images_of(columns: Array, windows: Windows) -> Array:
    """Columns to images: what lies on the same pixel is added."""
    pixels = windows.kernel[0] * windows.kernel[1]
    columns = columns.reshape(len(columns), columns.shape[1] // pixels, pixels, *windows.places)
    return windows.spread(columns, lambda block, number: columns[block, :, number])
