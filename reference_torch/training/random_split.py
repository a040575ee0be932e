"""A random split, with the lengths of torch.utils.data.random_split and an order from a NumPy generator."""

import itertools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch.utils.data
from torch.utils.data import Subset

__all__ = ["Subset", "random_split"]


def random_split(
    dataset: Any, lengths: Sequence[float], generator: np.random.Generator | int | None = None
) -> list[Subset[Any]]:
    """lengths: how many examples each part has, or its share of them."""
    if any(length < 0 for length in lengths):
        raise ValueError("negative lengths")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # an empty part is what was asked for
        parts = torch.utils.data.random_split(dataset, lengths)
    order = np.random.default_rng(generator).permutation(len(dataset)).tolist()
    ends = itertools.accumulate(len(part) for part in parts)
    return [Subset(dataset, order[end - len(part) : end]) for part, end in zip(parts, ends, strict=True)]
