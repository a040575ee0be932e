"""Step decay at chosen epochs: the learning rate is multiplied by gamma at each milestone.

    lr = base_lr · gamma^(number of milestones ≤ epoch)

As step_lr where the steps are not equally long: the classic recipe for a ResNet divides by ten at half and at three
quarters of the training. A milestone that is given twice counts twice.

PyTorch: torch.optim.lr_scheduler.MultiStepLR.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .._checks import above_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class MultiStepLR(ClosedFormSchedule):
    """Raises ValueError for a milestone below 1 and for a gamma of 0 or less."""

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1) -> None:
        self.milestones = Counter(milestones)  # epoch: how often it was given; PyTorch keeps it so too
        if any(milestone < 1 for milestone in self.milestones):
            raise ValueError(f"milestones must be epochs from 1 on; got {sorted(self.milestones.elements())}")
        above_zero({"gamma": gamma}, "gamma")
        self.gamma = gamma
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0."""
        passed = sum(times for milestone, times in self.milestones.items() if milestone <= epoch)
        return base_lr * self.gamma**passed
