"""AdaGrad: a learning rate for each weight, which shrinks with every gradient that the weight has seen.

    g ← ∂loss/∂θ + weight_decay · θ
    sum ← sum + g²
    θ ← θ - lr / (1 + (step - 1) · lr_decay) · g / (√sum + eps)

All elementwise: a weight whose gradients are large takes small steps, and one that is rarely asked for (the embedding
of a rare word) still takes large ones. Under gradients of equal size the n-th step is 1 / √n of the first. There is no
way back: the sum only grows, so in a long training every learning rate goes to zero. RMSprop and Adam replace the sum
by an average that forgets.

`initial_accumulator_value` is the sum to start from; at 0 the first step is ±lr, whatever the gradient.
`eps` keeps a weight that has never had a gradient from 0 / 0. `lr_decay` shrinks all learning rates alike.

Source: Duchi, Hazan & Singer 2011. PyTorch: torch.optim.Adagrad.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array
from ._checks import at_least_zero
from .optimizer import Group, Optimizer, Parameters, State


class Adagrad(Optimizer):
    """AdaGrad. Raises ValueError for an option below 0 or NaN."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "lr_decay": lr_decay,
                "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value,
                "eps": eps,
                "maximize": maximize,
            },
        )

    def add_param_group(self, group: Group) -> None:
        """The sums exist from the beginning, as in PyTorch."""
        super().add_param_group(group)
        group = self.param_groups[-1]
        for parameter in group["params"]:
            total = np.full_like(parameter.data, group["initial_accumulator_value"])
            self.state[parameter] = {"step": 0, "sum": total}

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * parameter
        step = state["step"] = state["step"] + 1
        total = state["sum"] = state["sum"] + gradient * gradient
        lr = group["lr"] / (1 + (step - 1) * group["lr_decay"])
        return parameter - lr * (gradient / (np.sqrt(total) + group["eps"]))

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""
        at_least_zero(group, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")
