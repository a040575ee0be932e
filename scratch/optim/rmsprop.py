"""RMSprop: steps divided by the root mean square of the recent gradients.

    g ← ∂loss/∂θ + weight_decay · θ
    v ← alpha · v + (1 - alpha) · g²                        average of g²: AdaGrad's sum, but it forgets
    centered:  m ← alpha · m + (1 - alpha) · g              average of g
               v̂ = v - m²                                   the variance; else v̂ = v
    b ← momentum · b + g / (√v̂ + eps)
    θ ← θ - lr · b

All elementwise. The length of a step no longer depends on the scale of the gradient. `alpha` says how long the
average remembers: about 1 / (1 - alpha) steps. v starts at 0 and is not corrected for that, so the first steps are
too long by up to 1 / √(1 - alpha), ten times at the default; Adam corrects it.

`centered` divides by the standard deviation: where the gradient hardly varies, steps become long.
`eps` is added to the root, not under it. `momentum` gathers the divided gradients, with the learning rate outside.

Source: Hinton 2012, lecture 6e of "Neural networks for machine learning"; Graves 2013, arXiv:1308.0850 (centered).
PyTorch: torch.optim.RMSprop.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array
from ._checks import at_least_zero, decay_rates
from .optimizer import Group, Optimizer, Parameters, State


class RMSprop(Optimizer):
    """RMSprop. Raises ValueError for an option below 0 or NaN, and for an alpha of 1 or more."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "alpha": alpha,
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "centered": centered,
                "maximize": maximize,
            },
        )

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        alpha, momentum = group["alpha"], group["momentum"]
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * parameter
        state["step"] = state.get("step", 0) + 1  # nobody reads it; PyTorch keeps it
        square = state["square_avg"] = alpha * state.get("square_avg", 0) + (1 - alpha) * gradient * gradient
        if group["centered"]:
            mean = state["grad_avg"] = alpha * state.get("grad_avg", 0) + (1 - alpha) * gradient
            square = square - mean * mean
        direction = gradient / (np.sqrt(square) + group["eps"])
        if momentum:
            direction = state["momentum_buffer"] = momentum * state.get("momentum_buffer", 0) + direction
        return parameter - group["lr"] * direction

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""
        at_least_zero(group, "lr", "eps", "weight_decay", "momentum")
        decay_rates("alpha", group["alpha"])
