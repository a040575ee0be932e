"""Which axes are which: how many numbers lie along some of them, and where the channels are."""

import math

import numpy as np

from ...types import Array
from .._sums import over_columns, over_rows


def size_of(x: Array, axes: tuple[int, ...]) -> int:
    """How many numbers of x lie along these axes: as many as each statistic is taken of."""
    return math.prod(x.shape[axis] for axis in axes)


def as_rows(x: Array, axes: tuple[int, ...]) -> Array:
    """Fold these, the last axes of x, into one: a row for each example."""
    return x.reshape(math.prod(x.shape[: axes[0]]), size_of(x, axes))


def places_last(x: Array) -> Array:
    """(N, C, *) → (N, C, M): all places of an image along one axis; M = 1 where there are none."""
    return x.reshape(*x.shape[:2], math.prod(x.shape[2:]))


def groups_first(x: Array, num_groups: int) -> Array:
    """(N, C, *) → (N · G, C/G, M): each group of channels of an example, and all places of an image along one axis."""
    examples, channels, *places = x.shape
    return x.reshape(examples * num_groups, channels // num_groups, math.prod(places))


def per_group(vector: Array | None, otherwise: float, x: Array, num_groups: int) -> Array:
    """(C,), or a number for all channels where there is none → (N · G, C/G, 1), to go with `groups_first` of x."""
    channels = np.full_like(x, otherwise, shape=x.shape[1]) if vector is None else vector
    return np.broadcast_to(channels, x.shape[:2]).reshape(len(x) * num_groups, x.shape[1] // num_groups, 1)


def sum_by_channel(x: Array) -> Array:
    """(N, C, M) → (C, 1): the sum over examples and places."""
    examples, channels, places = x.shape
    if places == 1:
        return over_rows(x.reshape(examples, channels))[:, None]
    return over_rows(over_columns(x.reshape(examples * channels, places)).reshape(examples, channels))[:, None]
