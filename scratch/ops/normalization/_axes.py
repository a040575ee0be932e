"""Which axes are which: how many numbers lie along some of them, and where the channels are."""

import math

from ...types import Array


def size_of(x: Array, axes: tuple[int, ...]) -> int:
    """How many numbers of x lie along these axes: as many as each statistic is taken of."""
    return math.prod(x.shape[axis] for axis in axes)


def along_channels(vector: Array, x: Array) -> Array:
    """(C,) → (C, 1, …), so that it broadcasts against x: (N, C, *)."""
    return vector.reshape(-1, *(1,) * (x.ndim - 2))
