"""Exponential decay, by torch.optim.lr_scheduler.ExponentialLR."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero


class ExponentialLR(lr_scheduler.ExponentialLR):
    """With gamma checked, which PyTorch does not do."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        above_zero(gamma=gamma)
        super().__init__(optimizer, gamma)
