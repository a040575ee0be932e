"""Average pooling: of each window of an image, the mean.

    y[n, c, h, w] = (1 / count) · Σ_{i, j} padded x[n, c, h · stride + i, w · stride + j]

It keeps how much of a pattern a window holds, where max pooling keeps the strongest. At the border the question is what
to divide by: with count_include_pad the padding counts as pixels that are 0 (count = kH · kW, and windows at the border
come out too small); without, only pixels of the image count. What ceil_mode makes windows reach over the padding is
never counted.

Backward. Each pixel of a window has the share 1 / count in y, whatever its value:

    dx[n, c, p] += dy[n, c, h, w] / count(h, w)        for every pixel p of the window

Source: LeCun et al. 1989 (subsampling). PyTorch: torch.nn.functional.avg_pool2d.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_images
from ._windows import Windows, pooling_windows


class Cache(NamedTuple):
    counts: Array  # (H', W')
    windows: Windows


def forward(
    x: Array,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> tuple[Array, Cache]:
    """x: (N, C, H, W) → y: (N, C, H', W'). Without a stride the windows lie side by side.

    ceil_mode: windows may reach over the border at the end. divisor_override: what to divide by instead of the count.
    Raises ValueError when x is not (N, C, H, W), an option is out of its range or no window fits; TypeError when x does
    not hold floating-point numbers.
    """
    require_images(x)
    windows = pooling_windows(x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override == 0:
        raise ValueError("divisor_override must not be 0")
    counts = np.full_like(x, divisor_override or 1, shape=windows.places)
    if divisor_override is None:
        rows, columns = (np.array(pixels_counted(windows, axis, count_include_pad), like=x) for axis in (0, 1))
        counts[...] = rows[:, None] * columns
    padded = windows.padded(x, 0.0)
    y = np.zeros_like(x, shape=(*x.shape[:2], *windows.places), order="C")
    for block in windows.blocks(x):
        for pixel in windows.pixels():
            y[block] += padded[(block, slice(None), *pixel)]
        y[block] /= counts
    return y, Cache(counts, windows)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H', W') → dx: (N, C, H, W)."""
    counts, windows = cache
    share = dy / counts
    return windows.spread(share, lambda block, _: share[block])


def pixels_counted(windows: Windows, axis: int, count_include_pad: bool) -> list[int]:
    """How many rows (axis 0) or columns (axis 1) of each window count."""
    size, kernel, padding = windows.size[axis], windows.kernel[axis], windows.padding[axis]
    counted = []
    for place in range(windows.places[axis]):
        start = place * windows.stride[axis] - padding
        end = min(start + kernel, size + padding)
        counted.append(end - start if count_include_pad else min(end, size) - max(start, 0))
    return counted
