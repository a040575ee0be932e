"""Gradient descent with momentum, by torch.optim.SGD."""

import torch
from torch.optim.optimizer import ParamsT

from ._checks import at_least_zero


class SGD(torch.optim.SGD):
    """One parameter at a time (foreach=False), so that every operation can be seen."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        at_least_zero(lr=lr, momentum=momentum, weight_decay=weight_decay)  # torch lets NaN pass
        super().__init__(params, lr, momentum, dampening, weight_decay, nesterov, maximize=maximize, foreach=False)
