"""AdaGrad, by torch.optim.Adagrad."""

import torch
from torch.optim.optimizer import ParamsT


class Adagrad(torch.optim.Adagrad):
    """One parameter at a time (foreach=False), so that every operation can be seen."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr, lr_decay, weight_decay, initial_accumulator_value, eps, foreach=False, maximize=maximize
        )
