"""Fine-tuning with PyTorch: a frozen part in inference mode, and groups with learning rates of their own."""

from collections.abc import Mapping, Sequence
from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor

from ..training.freeze import eval_frozen, freeze
from ..training.parameter_groups import parameter_groups
from . import pretraining


class Network(pretraining.Network):
    """The same network. frozen: patterns of names that do not learn; shares: pattern → share of the learning rate."""

    def __init__(
        self,
        parameters: dict[str, Tensor],
        *,
        frozen: Sequence[str],
        shares: Mapping[str, float],
        momentum: float,
        weight_decay: float,
    ) -> None:
        super().__init__(parameters, momentum=momentum, weight_decay=weight_decay)
        freeze(self, *frozen)
        groups = [{**group, "share": group["lr"]} for group in parameter_groups(self, shares)]
        self.optimizer = torch.optim.SGD(groups, momentum=momentum, weight_decay=weight_decay)

    def train(self, mode: bool = True) -> Self:
        """Switch to training, but for what is frozen."""
        super().train(mode)
        eval_frozen(self)
        return self

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 1, 8, 8) and target: (N,) class numbers → the loss before it."""
        self.train()
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * learning_rate
        loss = F.cross_entropy(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()
