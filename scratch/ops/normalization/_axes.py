"""Which axes are which: how many numbers lie along some of them, and where the channels are."""

import math

from ...types import Array
from .._sums import over_columns, over_rows


def size_of(x: Array, axes: tuple[int, ...]) -> int:
    """How many numbers of x lie along these axes: as many as each statistic is taken of."""
    return math.prod(x.shape[axis] for axis in axes)


def along_channels(vector: Array, x: Array) -> Array:
    """(C,) → (C, 1, …), so that it broadcasts against x: (N, C, *)."""
    return vector.reshape(-1, *(1,) * (x.ndim - 2))


def places_last(x: Array) -> Array:
    """(N, C, *) → (N, C, M): all places of an image along one axis; M = 1 where there are none."""
    return x.reshape(*x.shape[:2], math.prod(x.shape[2:]))


def sum_by_channel(x: Array) -> Array:
    """(N, C, M) → (C, 1): the sum over examples and places."""
    examples, channels, places = x.shape
    if places == 1:
        return over_rows(x.reshape(examples, channels))[:, None]
    return over_rows(over_columns(x.reshape(examples * channels, places)).reshape(examples, channels))[:, None]
