"""Lion: every weight moves by the same length, and only the sign of an average says where.

    c = β₁ m + (1 - β₁) g                             what to follow: the average, leaning to the new gradient
    θ ← θ - lr · (sign(c) + weight_decay · θ)
    m ← β₂ m + (1 - β₂) g                             what to remember: with β₂ > β₁, for longer

All elementwise, with one average to keep where Adam has two. Found by a search over programs, not on paper. A sign
has length 1 where Adam's m̂ / √v̂ is mostly shorter, so `lr` is usually three to ten times smaller than for AdamW, and
`weight_decay` as much larger, which leaves their product, the strength of the decay, as it was.

sign(0) = 0: a weight that has never had a gradient is only decayed. A NaN in a gradient makes the weight NaN.

Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2. Not in PyTorch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array
from ._checks import at_least_zero, decay_rates
from .optimizer import Group, Optimizer, Parameters, State


class Lion(Optimizer):
    """Lion. Raises ValueError for a lr or weight_decay below 0 or NaN, and for betas outside [0, 1)."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        lr, (beta1, beta2) = group["lr"], group["betas"]
        average = state.get("exp_avg", 0)
        followed = beta1 * average + (1 - beta1) * gradient
        state["exp_avg"] = beta2 * average + (1 - beta2) * gradient
        parameter = (1 - lr * group["weight_decay"]) * parameter
        return parameter - lr * np.sign(followed)

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""
        at_least_zero(group, "lr", "weight_decay")
        decay_rates("betas", *group["betas"])
