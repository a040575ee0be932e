"""Cosine annealing with warm restarts: half a wave down, back to the top at once, and down again more slowly.

    lr = eta_min + (base_lr - eta_min) · (1 + cos(π · T_cur / T_i)) / 2

T_i is the length of the current descent: first T_0 epochs, then T_0 · T_mult, T_0 · T_mult² … T_cur counts the epochs
since it began. A restart shakes the weights out of a narrow minimum; it is warm because they are kept. Weights at the
end of each descent are good ones, which makes an ensemble out of a single training.

Source: Loshchilov & Hutter 2016, arXiv:1608.03983 (SGDR).
PyTorch: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
"""

from __future__ import annotations

import math
from typing import Any

from .._checks import at_least_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class CosineAnnealingWarmRestarts(ClosedFormSchedule):
    """Raises ValueError for a T_0 or T_mult that is no whole number from 1 on, and for an eta_min below 0."""

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a whole number, at least 1; got {value}")
        at_least_zero({"eta_min": eta_min}, "eta_min")
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0."""
        since_restart, length = self.position(epoch)
        wave = (1 + math.cos(math.pi * since_restart / length)) / 2  # 1 … nearly 0
        return self.eta_min + (base_lr - self.eta_min) * wave

    def position(self, epoch: int) -> tuple[int, int]:
        """T_cur, the epochs since the last restart, and T_i, the length of this descent."""
        length = self.T_0
        while epoch >= length:
            epoch -= length
            length *= self.T_mult
        return epoch, length

    def state_dict(self) -> dict[str, Any]:
        """As of all schedules, with the two numbers that PyTorch counts by."""
        since_restart, length = self.position(self.last_epoch)
        return {**super().state_dict(), "T_cur": since_restart, "T_i": length}
