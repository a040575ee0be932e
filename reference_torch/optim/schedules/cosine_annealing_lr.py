"""Cosine annealing, by torch.optim.lr_scheduler.CosineAnnealingLR."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero, at_least_zero


class CosineAnnealingLR(lr_scheduler.CosineAnnealingLR):
    """With the arguments checked, which PyTorch does not do."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        above_zero(T_max=T_max)
        at_least_zero(eta_min=eta_min)
        super().__init__(optimizer, T_max, eta_min)
