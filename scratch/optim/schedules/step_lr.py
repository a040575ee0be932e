"""Step decay: the learning rate is multiplied by gamma every step_size epochs.

    lr = base_lr · gamma^⌊epoch / step_size⌋

A large learning rate crosses the landscape and then rattles about in a valley; each reduction lets the loss settle.
Why it falls in visible steps when trained this way.

PyTorch: torch.optim.lr_scheduler.StepLR.
"""

from __future__ import annotations

from .._checks import above_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class StepLR(ClosedFormSchedule):
    """Raises ValueError for a step_size below 1 and for a gamma of 0 or less."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        if step_size < 1:
            raise ValueError(f"step_size must be at least 1; got {step_size}")
        above_zero({"gamma": gamma}, "gamma")
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0."""
        return base_lr * self.gamma ** (epoch // self.step_size)
