"""What loading gives back: a `Dataset` of `Split`s, or a `Text`; and the one error it raises."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class DataError(Exception):
    """A data set cannot be had; the message names the file or folder, and says what is wrong with it."""


class Split(NamedTuple):
    """One part of a data set: the examples, and what a network should answer."""

    inputs: Array  # (N, …)
    targets: Array  # (N,) int64 class numbers, or (N, 1) float64 values for a regression


@dataclass(frozen=True, eq=False)  # eq: comparing arrays gives arrays, not a truth value
class Dataset:
    """A data set in memory, each array as it is stored: images stay uint8 until `as_floats`."""

    name: str
    train: Split
    test: Split | None
    classes: tuple[str, ...]  # name of each class number; empty for a regression
    source: str  # where it came from: a folder, "generated", "scikit-learn"


class Text(NamedTuple):
    """A corpus for language models."""

    name: str
    text: str
    source: str  # the file


def as_floats(images: Array, dtype: npt.DTypeLike = np.float32) -> Array:
    """Pixels 0…255, uint8 (N, …) → numbers 0…1, `dtype` (N, …).

    Raises TypeError for images that are not uint8 (`digits` has grey levels 0…16, already floats)
    and for a dtype that is not a floating one.
    """
    if images.dtype != np.uint8:
        raise TypeError(f"images must be uint8, with pixels 0 to 255; got {images.dtype}")
    if not np.issubdtype(dtype, np.floating):
        raise TypeError(f"dtype must be a floating type; got {np.dtype(dtype)}")
    floats: Array = np.divide(images, 255, dtype=dtype)
    return floats
