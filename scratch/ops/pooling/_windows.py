"""Windows that slide over images: where they lie, and all their pixels of one kind at once.

A window of kH · kW pixels is laid on H' · W' places. Instead of going from place to place, go from pixel to pixel of
the window: the upper left pixels of all windows together are one slice of the image with a step, and so are the pixels
to the right of them, and so on. That is kH · kW steps of NumPy for the whole batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from ._checks import pair

BLOCK = 130_000  # numbers of x that are worked on at a time, so that they stay in the cache of a core


class Windows(NamedTuple):
    """Pairs are (along the height, along the width)."""

    size: tuple[int, int]  # of an image
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]  # on each side
    dilation: tuple[int, int]
    places: tuple[int, int]  # how many windows

    def pixels(self) -> Iterator[tuple[slice, slice]]:
        """Rows and columns of the padded image that are pixel 0, 1, 2 … of all windows, row by row."""
        (step_down, step_right), (down, right) = self.stride, self.dilation
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                yield (
                    slice(i * down, i * down + (self.places[0] - 1) * step_down + 1, step_down),
                    slice(j * right, j * right + (self.places[1] - 1) * step_right + 1, step_right),
                )

    def padded(self, x: Array, value: float) -> Array:
        """An x with `value` around it, as far as windows reach; x itself where none reaches over the border."""
        (top, left), size = self.padding, self.padded_size
        if (top, left) == (0, 0) and size == self.size:
            return x
        around = np.full_like(x, value, shape=(*x.shape[:2], *size), order="C")
        around[:, :, top : top + self.size[0], left : left + self.size[1]] = x
        return around

    def spread(self, like: Array, share: Callable[[slice, int], Array]) -> Array:
        """Images of sums: share(block, number) goes to pixel `number` of the windows of a block of images.

        The reverse of reading all pixels, for gradients. A pixel that lies in several windows gets the sum of what they
        give it. Where the windows tile the image there is no such pixel, and nothing has to be added.
        """
        tiled = self.kernel == self.stride and self.dilation == (1, 1)
        tiled = tiled and self.padded_size == tuple(k * p for k, p in zip(self.kernel, self.places))
        empty = np.empty_like if tiled else np.zeros_like
        images = empty(like, shape=(*like.shape[:2], *self.padded_size), order="C")
        for block in self.blocks(images):
            for number, (rows, columns) in enumerate(self.pixels()):
                if tiled:
                    images[block, :, rows, columns] = share(block, number)
                else:
                    images[block, :, rows, columns] += share(block, number)
        return self.cut(images)

    def cut(self, padded: Array) -> Array:
        """The reverse of `padded`: the image in the middle."""
        (top, left), (height, width) = self.padding, self.size
        return padded[:, :, top : top + height, left : left + width]

    @property
    def padded_size(self) -> tuple[int, int]:
        """How far the padding and the last windows reach, whichever is farther."""
        ends = [
            (p - 1) * s + d * (k - 1) + 1 for p, s, d, k in zip(self.places, self.stride, self.dilation, self.kernel)
        ]
        rows, columns = (max(end, size + 2 * p) for end, size, p in zip(ends, self.size, self.padding))
        return rows, columns

    def blocks(self, x: Array) -> Iterator[slice]:
        """The images of x, as many at a time as stay in the cache."""
        images = max(1, BLOCK // math.prod(x.shape[1:]))
        for start in range(0, len(x), images):
            yield slice(start, start + images)


def windows_of(
    size: tuple[int, int], kernel_size: Any, stride: Any, padding: Any, dilation: Any = 1, *, ceil_mode: bool = False
) -> Windows:
    """The windows over images of this size; without a stride they lie side by side.

    With ceil_mode the last window may reach over the border of the padded image, as long as it begins before the
    padding on the far side. Raises ValueError or TypeError when an option is out of its range or no window fits.
    """
    kernel = pair("kernel_size", kernel_size, least=1)
    stride = kernel if stride is None else pair("stride", stride, least=1)
    padding, dilation = pair("padding", padding, least=0), pair("dilation", dilation, least=1)
    rows, columns = (
        _places(size[a], dilation[a] * (kernel[a] - 1) + 1, stride[a], padding[a], ceil_mode) for a in (0, 1)
    )
    if rows < 1 or columns < 1:
        raise ValueError(
            f"kernel_size must fit into the padded image; got kernel_size {kernel}, dilation {dilation}, "
            f"padding {padding} for an image of {size}"
        )
    return Windows(size, kernel, stride, padding, dilation, (rows, columns))


def pooling_windows(x: Array, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool) -> Windows:
    """The windows of a pooling: none of them may lie in the padding altogether."""
    windows = windows_of((x.shape[2], x.shape[3]), kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    (kernel, padding) = windows.kernel, windows.padding
    if padding[0] > kernel[0] // 2 or padding[1] > kernel[1] // 2:
        raise ValueError(f"padding must be at most half of kernel_size; got padding {padding}, kernel_size {kernel}")
    return windows


def _places(size: int, span: int, stride: int, padding: int, ceil_mode: bool) -> int:
    room = size + 2 * padding - span
    if not ceil_mode:
        return room // stride + 1
    places = -(-room // stride) + 1
    return places - 1 if (places - 1) * stride >= size + padding else places
