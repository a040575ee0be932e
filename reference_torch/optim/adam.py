"""Adam, by torch.optim.Adam."""

import torch
from torch.optim.optimizer import ParamsT


class Adam(torch.optim.Adam):
    """One parameter at a time (foreach=False), so that every operation can be seen."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, foreach=False, maximize=maximize)
