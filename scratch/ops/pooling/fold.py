"""Folding ("col2im"): columns laid back on an image, each on its window. Where windows overlap, they add up.

    padded y[n, c, h · stride + i · dilation, w · stride + j · dilation] += x[n, (c, i, j), (h, w)]

It is not the inverse of unfold: a pixel that is in three windows comes back three times. Divided by
fold(unfold(ones)), which counts that, it is; so an image that was worked on patch by patch is put together again.

Backward. Forward added each number of a column to one pixel, so that number gets the pixel's gradient: a copy of it for
each window that the pixel is in, which is what unfold does.

    dx = unfold(dy)

PyTorch: torch.nn.functional.fold.
"""

from __future__ import annotations

from typing import NamedTuple

from ...types import Array
from ._checks import pair
from ._windows import Windows, windows_of
from .unfold import columns_of, images_of


class Cache(NamedTuple):
    windows: Windows


def forward(
    x: Array,
    *,
    output_size: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    stride: int | tuple[int, int] = 1,
) -> tuple[Array, Cache]:
    """x: (N, C · kH · kW, places) → y: (N, C, H, W), where output_size is (H, W).

    Raises ValueError when x does not have as many rows and columns as the windows of such an image, an option is out of
    its range or no window fits; TypeError when x does not hold floating-point numbers.
    """
    if x.dtype.kind != "f":
        raise TypeError(f"x must hold floating-point numbers; got dtype {x.dtype}")
    windows = windows_of(pair("output_size", output_size, least=1), kernel_size, stride, padding, dilation)
    pixels, places = windows.kernel[0] * windows.kernel[1], windows.places[0] * windows.places[1]
    if x.ndim != 3 or not x.shape[1] or x.shape[1] % pixels or x.shape[2] != places:
        raise ValueError(
            f"x must be (N, C · {pixels}, {places}), for windows of {pixels} pixels at {places} places; got x {x.shape}"
        )
    return images_of(x, windows), Cache(windows)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H, W) → dx: (N, C · kH · kW, places)."""
    return columns_of(dy, cache.windows)
