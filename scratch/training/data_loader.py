"""The data loader: from a data set to batches, in a new random order in every epoch.

    dataset[i] → one example              len(dataset) → how many
    loader:   draw an order, cut it into pieces of batch_size, fetch the examples of a piece, make one batch of them

    order = generator.permutation(7)   3 0 5 1 6 2 4
    batch_size 3                       3 0 5 | 1 6 2 | 4        the last one is small; drop_last leaves it out

A data set is anything with a length that can be asked for its i-th example. `collate_fn` makes a batch of a list of
examples; the usual one, `collate`, stacks them: of 3 examples (image, class) it makes (images, classes), with a new
first axis of length 3.

Random orders matter: a gradient from a batch stands for the gradient from all examples only if the batch is drawn from
all, and in data sorted by class it is not. All randomness comes from the generator, whose state goes into checkpoints:
a resumed training sees its batches in the order in which it would have seen them.

PyTorch: torch.utils.data.DataLoader, TensorDataset.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..types import Array


class TensorDataset:
    """Arrays of one length; the i-th example is a tuple of their i-th elements. Raises ValueError for other arrays."""

    def __init__(self, *arrays: Array) -> None:
        if not arrays or any(array.ndim == 0 or len(array) != len(arrays[0]) for array in arrays):
            raise ValueError(f"arrays must have first axes of one length; got {[array.shape for array in arrays]}")
        self.arrays = arrays

    def __len__(self) -> int:
        return len(self.arrays[0])

    def __getitem__(self, index: Any) -> tuple[Array, ...]:
        return tuple(array[index] for array in self.arrays)


def collate(examples: list[Any]) -> Any:
    """One batch of some examples: numbers and arrays are stacked, tuples and dicts item by item."""
    first = examples[0]
    if isinstance(first, Mapping):
        return {key: collate([example[key] for example in examples]) for key in first}
    if isinstance(first, (tuple, list)):
        return tuple(collate(list(items)) for items in zip(*examples, strict=True))
    return np.stack(examples)


class DataLoader:
    """Batches of a data set. Iterate over it once an epoch; its length is the number of batches.

    generator: where the orders come from; a seed is one too.
    Raises ValueError for a batch_size below 1.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        collate_fn: Callable[[list[Any]], Any] = collate,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1; got {batch_size}")
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.collate_fn = collate_fn
        self.generator = np.random.default_rng(generator)

    def __len__(self) -> int:
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        size = len(self.dataset)
        order = self.generator.permutation(size) if self.shuffle else np.arange(size)
        for batch in range(len(self)):
            chosen = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            yield self.collate_fn([self.dataset[int(i)] for i in chosen])

    def state_dict(self) -> dict[str, Any]:
        """What the next epochs depend on."""
        return {"generator": self.generator.bit_generator.state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`: the same orders follow. Raises ValueError for another kind of generator."""
        self.generator.bit_generator.state = state_dict["generator"]
