"""Gradient descent with momentum.

    g ← ∂loss/∂θ + weight_decay · θ
    b ← momentum · b + (1 - dampening) · g          the first time: b = g
    θ ← θ - lr · b                                  nesterov:  θ ← θ - lr · (g + momentum · b)

Without momentum this is plain gradient descent, and b is not kept.

`momentum`: b is a velocity. Where gradients agree from step to step they add up, to 1 / (1 - momentum) times a single
one; where they flip, across a narrow valley, they cancel. b does not start at zero: the first b is the first gradient,
undampened.
`dampening` weakens what a new gradient adds; dampening = momentum makes b an average instead of a sum.
`nesterov` looks ahead: b will be applied once more anyway, so go there first and correct by the new gradient.
`weight_decay` is the gradient of weight_decay / 2 · ‖θ‖² (L2 regularisation): it pulls every weight to zero.

Source: Polyak 1964 (momentum); Sutskever et al. 2013 (Nesterov's, in this form). PyTorch: torch.optim.SGD.
"""

from __future__ import annotations

from typing import Any

from ..types import Array
from ._checks import at_least_zero
from .optimizer import Group, Optimizer, Parameters, State


class SGD(Optimizer):
    """Stochastic gradient descent; stochastic because the gradient is usually that of a mini-batch.

    Raises ValueError for a lr, momentum or weight_decay below 0 or NaN, and for nesterov without momentum or with
    dampening.
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
            },
        )

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one parameter."""
        momentum = group["momentum"]
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * parameter
        if momentum:
            last = state.get("momentum_buffer")
            buffer = gradient.copy() if last is None else momentum * last + (1 - group["dampening"]) * gradient
            state["momentum_buffer"] = buffer
            gradient = gradient + momentum * buffer if group["nesterov"] else buffer
        return parameter - group["lr"] * gradient

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""
        at_least_zero(group, "lr", "momentum", "weight_decay")
        if group["nesterov"] and not (group["momentum"] > 0 and group["dampening"] == 0):
            raise ValueError(
                f"nesterov needs a momentum above 0 and no dampening; got momentum {group['momentum']} and "
                f"dampening {group['dampening']}"
            )
