"""The data loader, by torch.utils.data. It draws its orders from a NumPy generator, as the twin does."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch.utils.data
from torch.utils.data import Sampler, TensorDataset, default_collate

__all__ = ["DataLoader", "TensorDataset", "collate"]

collate = default_collate


class _Shuffled(Sampler[int]):
    """An order for every epoch."""

    def __init__(self, size: int, generator: np.random.Generator) -> None:
        self.size = size
        self.generator = generator

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[int]:
        return iter(self.generator.permutation(self.size).tolist())


class DataLoader(torch.utils.data.DataLoader[Any]):
    """torch.utils.data.DataLoader with a generator that a checkpoint can hold."""

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
        self.orders = np.random.default_rng(generator)
        sampler = _Shuffled(len(dataset), self.orders) if shuffle else None
        super().__init__(dataset, batch_size, sampler=sampler, drop_last=drop_last, collate_fn=collate_fn)

    def state_dict(self) -> dict[str, Any]:
        """What the next epochs depend on."""
        return {"generator": self.orders.bit_generator.state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`."""
        self.orders.bit_generator.state = state_dict["generator"]
