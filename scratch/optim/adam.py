"""Adam: momentum for the direction, RMSprop for the length of a step, both without their slow start.

    g ← ∂loss/∂θ + weight_decay · θ
    m ← β₁ m + (1 - β₁) g              average of the gradients
    v ← β₂ v + (1 - β₂) g²             average of their squares
    m̂ = m / (1 - β₁ᵗ)                  t: the number of this step, from 1
    v̂ = v / (1 - β₂ᵗ)                  amsgrad: the largest v so far takes the place of v
    θ ← θ - lr · m̂ / (√v̂ + eps)

All elementwise. Why divide by 1 - βᵗ? m starts at 0. Unrolled, m = (1 - β₁) Σ β₁ᵗ⁻ⁱ gᵢ, and these weights add up to
1 - β₁ᵗ only: at the first step m is a tenth of the gradient and v a thousandth of its square. Divided by what the
weights add up to, they are averages at once. Then m̂ / √v̂ lies between about -1 and 1, and close to these where
gradients agree: `lr` is how far a weight moves in a step, whatever the scale of the loss.

`betas`: how long the averages remember, about 1 / (1 - β) steps: 10 for the direction and 1000 for the scale.
`eps` is added to the root, not under it; it decides where gradients are so small that they count as noise.
`weight_decay` goes through the gradient (L2), and so through v: weights with large gradients are decayed less. If that
is not what you want, see adamw.
`amsgrad`: with plain Adam, one rare but informative gradient is soon forgotten by v, and a long step follows; the
maximum does not forget.

Source: Kingma & Ba 2014, arXiv:1412.6980; Reddi, Kale & Kumar 2018 (AMSGrad). PyTorch: torch.optim.Adam.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import Array
from ._checks import at_least_zero, decay_rates
from .optimizer import Group, Optimizer, Parameters, State


class Adam(Optimizer):
    """Adam. Raises ValueError for a lr, eps or weight_decay below 0 or NaN, and for betas outside [0, 1)."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
            },
        )

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * parameter
        step = self.direction(gradient, state, group)
        step *= group["lr"]
        return parameter - step

    def direction(self, gradient: Array, state: State, group: Group) -> Array | Any:
        """m̂ / (√v̂ + eps): where to go, each element about 1 long."""
        beta1, beta2 = group["betas"]
        step = state["step"] = state.get("step", 0) + 1
        mean = beta1 * state.get("exp_avg", 0)  # new arrays, which may be written over; those of the state may not
        mean += (1 - beta1) * gradient
        square = (1 - beta2) * gradient
        square *= gradient
        square += beta2 * state.get("exp_avg_sq", 0)
        state["exp_avg"], state["exp_avg_sq"] = mean, square
        if group["amsgrad"]:
            square = state["max_exp_avg_sq"] = np.maximum(state.get("max_exp_avg_sq", 0), square)
        root = np.sqrt(square / (1 - beta2**step))
        root += group["eps"]
        mean = mean / (1 - beta1**step)
        mean /= root
        return mean

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""
        at_least_zero(group, "lr", "eps", "weight_decay")
        decay_rates("betas", *group["betas"])
