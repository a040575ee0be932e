"""RMSprop, by torch.optim.RMSprop."""

import torch
from torch.optim.optimizer import ParamsT

from ._checks import decay_rates


class RMSprop(torch.optim.RMSprop):
    """One parameter at a time (foreach=False), so that every operation can be seen."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        decay_rates("alpha", alpha)  # torch takes an alpha of 1 and more
        super().__init__(params, lr, alpha, eps, weight_decay, momentum, centered, foreach=False, maximize=maximize)
