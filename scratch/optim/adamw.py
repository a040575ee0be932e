"""AdamW: Adam with a weight decay that is one.

    θ ← θ - lr · weight_decay · θ
    θ ← θ - lr · m̂ / (√v̂ + eps)              m̂ and v̂ from the gradient of the loss alone, as in Adam

For plain gradient descent, shrinking θ and adding weight_decay · θ to the gradient are the same. Under Adam they are
not. What is added to the gradient is averaged and divided by √v̂ with it, so a weight with large gradients is hardly
decayed, and one whose loss gradient is zero is decayed by lr a step, however small weight_decay is. Here every weight
shrinks by the factor 1 - lr · weight_decay, whatever its gradients.

The decay is multiplied by `lr`, so that a schedule turns down both together. All other options are Adam's.

Source: Loshchilov & Hutter 2017, arXiv:1711.05101. PyTorch: torch.optim.AdamW.
"""

from __future__ import annotations

from typing import Any

from ..types import Array
from .adam import Adam
from .optimizer import Group, Parameters, State


class AdamW(Adam):
    """Adam with decoupled weight decay. Raises ValueError as Adam does."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        lr = group["lr"]
        parameter = (1 - lr * group["weight_decay"]) * parameter
        parameter -= lr * self.direction(gradient, state, group)
        return parameter
