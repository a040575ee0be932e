"""Step decay at chosen epochs, by torch.optim.lr_scheduler.MultiStepLR."""

from collections.abc import Iterable

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero


class MultiStepLR(lr_scheduler.MultiStepLR):
    """With the arguments checked, which PyTorch does not do."""

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1) -> None:
        milestones = list(milestones)
        above_zero(gamma=gamma, milestone=min(milestones, default=1))
        super().__init__(optimizer, milestones, gamma)
