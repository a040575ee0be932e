"""Max pooling: of each window of an image, the largest pixel.

    y[n, c, h, w] = max_{i, j} x[n, c, h · stride + i · dilation - padding, w · stride + j · dilation - padding]

Whether a pattern was found matters more than where exactly: an image of half the size holds what was found, and a
pattern may move by a pixel and give the same answer. There is nothing to learn. The padding is -∞, which is never the
largest; so it is at most half a window, and no window lies in the padding altogether.

Forward goes from pixel to pixel of the window (see `Windows`), and remembers for each window which pixel has won so
far: at the start the first one. A later pixel wins if it is *larger*: of equal ones the first does. NaN wins over all,
since a maximum of unknown numbers is unknown.

Backward. Forward copied the winner, so the winner gets dy, and the others, on which y did not depend, get nothing:

    dx[n, c, winner of (h, w)] += dy[n, c, h, w]

Windows may overlap, and a pixel may win in several of them: the gradients add up.

Source: Ranzato, Huang, Boureau & LeCun 2007; in the visual cortex: Riesenhuber & Poggio 1999. PyTorch:
torch.nn.functional.max_pool2d.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_images
from ._windows import Windows, pooling_windows


class Cache(NamedTuple):
    winner: Array  # (N, C, H', W'), which pixel of the window, counted row by row
    windows: Windows


def forward(
    x: Array,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
) -> tuple[Array, Cache]:
    """x: (N, C, H, W) → y: (N, C, H', W'). Without a stride the windows lie side by side.

    ceil_mode: windows may reach over the border at the end, so that no pixel is left out.
    Raises ValueError when x is not (N, C, H, W), an option is out of its range or no window fits; TypeError when x does
    not hold floating-point numbers.
    """
    require_images(x)
    windows = pooling_windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    padded = windows.padded(x, -math.inf)
    y = np.empty_like(x, shape=(*x.shape[:2], *windows.places), order="C")
    winner = np.empty_like(y, dtype=np.min_scalar_type(math.prod(windows.kernel) - 1))
    winner[...] = first_inside(windows, winner)
    unknown = len(x) > 0 and bool(np.isnan(np.max(x)))
    for block in windows.blocks(x):
        (rows, columns), *others = windows.pixels()
        y[block] = padded[block, :, rows, columns]
        for number, (rows, columns) in enumerate(others, start=1):
            pixel = padded[block, :, rows, columns].copy()
            wins = pixel > y[block]
            if unknown:
                wins |= np.isnan(pixel)
            # Numbers only grow, so a maximum puts this one where it wins; it is faster than an assignment by mask.
            np.maximum(winner[block], wins * winner.dtype.type(number), out=winner[block])
            np.maximum(y[block], pixel, out=y[block])
    return y, Cache(winner, windows)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, C, H', W') → dx: (N, C, H, W)."""
    winner, windows = cache
    return windows.spread(dy, lambda block, number: dy[block] * (winner[block] == number))


def first_inside(windows: Windows, like: Array) -> Array:
    """The number of the first pixel of each window that is not padding, (H', W'): it wins if nothing is above -∞."""
    firsts = [
        [max(0, -((place * stride - padding) // dilation)) for place in range(places)]
        for places, stride, padding, dilation in zip(
            windows.places, windows.stride, windows.padding, windows.dilation, strict=True
        )
    ]
    rows, columns = (np.array(first, like=like) for first in firsts)
    numbers: Array = rows[:, None] * windows.kernel[1] + columns
    return numbers
