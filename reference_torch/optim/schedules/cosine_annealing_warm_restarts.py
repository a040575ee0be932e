"""Cosine annealing with warm restarts, by torch.optim.lr_scheduler.CosineAnnealingWarmRestarts."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import at_least_zero


class CosineAnnealingWarmRestarts(lr_scheduler.CosineAnnealingWarmRestarts):
    """With eta_min checked, which PyTorch does not do."""

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        at_least_zero(eta_min=eta_min)
        super().__init__(optimizer, T_0, T_mult, eta_min)
