"""A random split: one data set becomes several, for training, validation and test.

    training, validation = random_split(dataset, [0.8, 0.2], generator=0)

    order = generator.permutation(5)     4 1 3 0 | 2

What a network is trained on it may have learned by heart; only examples that had no part in the training show what it
understands. The split is random, since data are often sorted. The seed makes it the same in every run: otherwise a
resumed training would validate on what it was trained on.

Shares of the whole are rounded down, and the examples left over are handed out one by one from the first part on.

PyTorch: torch.utils.data.random_split, Subset.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


class Subset:
    """Some examples of a data set: those with the given numbers."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> Any:
        return self.dataset[self.indices[index]]


def random_split(
    dataset: Any, lengths: Sequence[float], generator: np.random.Generator | int | None = None
) -> list[Subset]:
    """lengths: how many examples each part has, or its share of them.

    Raises ValueError unless they add up to the whole, and for lengths below 0.
    """
    size = len(dataset)
    if min(lengths, default=0) < 0:
        raise ValueError(f"lengths must not be negative; got {list(lengths)}")
    shares = math.isclose(sum(lengths), 1) and sum(lengths) <= 1
    counts = _rounded(lengths, size) if shares else [int(length) for length in lengths]
    if sum(counts) != size:
        raise ValueError(f"lengths must add up to the {size} examples, or to 1 as shares; got {list(lengths)}")
    order = np.random.default_rng(generator).permutation(size).tolist()
    ends = np.cumsum(counts).tolist()
    return [Subset(dataset, order[end - count : end]) for count, end in zip(counts, ends, strict=True)]


def _rounded(shares: Sequence[float], size: int) -> list[int]:
    """Whole numbers that add up to size."""
    counts = [math.floor(size * share) for share in shares]
    for i in range(size - sum(counts)):
        counts[i % len(counts)] += 1
    return counts
