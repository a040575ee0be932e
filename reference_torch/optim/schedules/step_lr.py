"""Step decay, by torch.optim.lr_scheduler.StepLR."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero


class StepLR(lr_scheduler.StepLR):
    """With the arguments checked, which PyTorch does not do."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        above_zero(step_size=step_size, gamma=gamma)
        super().__init__(optimizer, step_size, gamma)
