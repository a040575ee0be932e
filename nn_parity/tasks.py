"""From a data set as it is stored to arrays that a network takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .data import Dataset, as_floats
from .data.dataset import Array, Split

Scale = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Task:
    """What to learn from, and what to be tested on. Where the data have no test part, it is the training part."""

    inputs: Array  # (N, features), standardised
    targets: Array  # (N,) class numbers for several outputs, (N, 1) numbers for one
    test_inputs: Array
    test_targets: Array
    source: str
    tested_on: str = "test"  # or "training"
    mean: Array = field(default_factory=lambda: np.zeros(1))  # what was subtracted from the inputs
    deviation: Array = field(default_factory=lambda: np.ones(1))  # … and what they were divided by
    words: tuple[str, ...] = ()  # what the numbers of the inputs stand for, where they stand for words


def prepare(dataset: Dataset, scale: Scale, dtype: npt.DTypeLike, *, outputs: int) -> Task:
    """Flatten each example, standardise it by statistics of the training part alone, and shape the targets.

    The test part must not have a say in anything, not even in a mean: it stands for data that nobody has seen.
    """
    test = dataset.test or dataset.train
    inputs, test_inputs = _flat(dataset.train, dtype), _flat(test, dtype)
    mean, deviation = scale(inputs)
    return Task(
        (inputs - mean) / deviation,
        _targets(dataset.train, dtype, outputs),
        (test_inputs - mean) / deviation,
        _targets(test, dtype, outputs),
        source=dataset.source,
        tested_on="test" if dataset.test else "training",
        mean=mean,
        deviation=deviation,
    )


def per_feature(inputs: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of every feature: for measurements of different scales. A constant keeps its 0."""
    deviation = inputs.std(axis=0)
    return inputs.mean(axis=0), np.where(deviation > 0, deviation, 1).astype(inputs.dtype)


def whole(inputs: Array) -> tuple[Array, Array]:
    """One mean and one standard deviation for all features: for pixels, which have one scale already."""
    return inputs.mean(keepdims=True)[0], inputs.std(keepdims=True)[0]


def as_it_is(inputs: Array) -> tuple[Array, Array]:
    """Nothing is moved."""
    return np.zeros(1, inputs.dtype), np.ones(1, inputs.dtype)


def _flat(split: Split, dtype: npt.DTypeLike) -> Array:
    inputs = split.inputs.reshape(len(split.inputs), -1)
    return as_floats(inputs, dtype) if inputs.dtype == np.uint8 else inputs.astype(dtype)


def _targets(split: Split, dtype: npt.DTypeLike, outputs: int) -> Array:
    """Class numbers stay integers for a network with an output for each class; one output wants a column."""
    return split.targets if outputs > 1 else split.targets.reshape(-1, 1).astype(dtype)
