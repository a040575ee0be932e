"""Exponential decay: the learning rate is multiplied by gamma every epoch.

    lr = base_lr · gamma^epoch

step_lr with a step_size of 1. Half the learning rate is left after log ½ / log gamma epochs: 69 for a gamma of 0.99.

PyTorch: torch.optim.lr_scheduler.ExponentialLR.
"""

from __future__ import annotations

from .._checks import above_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class ExponentialLR(ClosedFormSchedule):
    """Raises ValueError for a gamma of 0 or less."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        above_zero({"gamma": gamma}, "gamma")
        self.gamma = gamma
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0."""
        return base_lr * self.gamma**epoch
