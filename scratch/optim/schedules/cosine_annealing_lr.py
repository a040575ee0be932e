"""Cosine annealing: from base_lr down to eta_min in T_max epochs, along half a wave of a cosine.

    lr = eta_min + (base_lr - eta_min) · (1 + cos(π · epoch / T_max)) / 2

Long near the top, a fast descent, long near the bottom: most of the training happens either at a large learning rate,
which explores, or at a small one, which settles. Beyond T_max the cosine rises again, up to base_lr at 2 T_max, and so
on; for a training of one descent let T_max be its number of epochs.

Source: Loshchilov & Hutter 2016, arXiv:1608.03983. PyTorch: torch.optim.lr_scheduler.CosineAnnealingLR.
"""

from __future__ import annotations

import math

from .._checks import at_least_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class CosineAnnealingLR(ClosedFormSchedule):
    """Raises ValueError for a T_max below 1 and for an eta_min below 0."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        if T_max < 1:
            raise ValueError(f"T_max must be at least 1; got {T_max}")
        at_least_zero({"eta_min": eta_min}, "eta_min")
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0."""
        wave = (1 + math.cos(math.pi * epoch / self.T_max)) / 2  # 1 … 0
        return self.eta_min + (base_lr - self.eta_min) * wave
