"""Muon: for weight matrices, momentum whose matrix is made orthogonal before it is applied.

    b ← momentum · b + (1 - momentum) · G             G = ∂loss/∂W: (A, B)
    u = momentum · b + (1 - momentum) · G             without nesterov: u = b
    W ← (1 - lr · weight_decay) · W
    W ← W - lr · √max(1, A/B) · orthogonal(u)

Take the singular value decomposition u = U S Vᵀ. The gradient of a layer is dyᵀ x, and both factors have a few strong
directions, so S falls off steeply and u moves W along a few directions only. `orthogonal(u)` is U Vᵀ: every direction
moves equally, also those that are rare. It is to a matrix what sign is to a number: of all the changes of W that move
no output by more than the length of the input, it is the one that goes with u the most.

*Newton-Schulz.* A decomposition is slow. But any odd polynomial of a matrix leaves U and V alone and acts on the
singular values one by one:

    X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X                means    s ← a s + b s³ + c s⁵    for each singular value s

First X = u / ‖u‖, so that every s is at most 1. Then the polynomial, a few times. The usual (a, b, c) are steep at 0,
where s grows 3.4-fold each time, at the price that s ends between about 0.7 and 1.2 instead of at 1; nobody notices.
A tall matrix is transposed first, which makes X Xᵀ the smaller of the two products.

`lr` is scaled by √max(1, A/B), since a tall matrix has more outputs to move ("original"), or by 0.2 √max(A, B)
("match_rms_adamw"), where an element moves about as far as with AdamW, so that its lr and weight_decay can be reused.

For the hidden layers of a network; biases, embeddings and the output layer are left to AdamW.

Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon; Liu et al. 2025, arXiv:2502.16982 (match_rms_adamw).
PyTorch: torch.optim.Muon, which orthogonalizes in bfloat16; here it is done in the dtype of W.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..types import Array
from ._checks import at_least_zero
from .optimizer import Group, Optimizer, Parameters, State


class Muon(Optimizer):
    """Muon, for matrices only.

    Raises ValueError for a parameter that is no matrix, for a lr, momentum, weight_decay or eps below 0 or NaN, for an
    ns_steps outside 0 … 99 and for an unknown adjust_lr_fn.
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "nesterov": nesterov,
                "ns_coefficients": ns_coefficients,
                "eps": eps,
                "ns_steps": ns_steps,
                "adjust_lr_fn": adjust_lr_fn,
            },
        )

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """One step of one matrix."""
        lr, momentum = group["lr"], group["momentum"]
        buffer = momentum * state.get("momentum_buffer", 0) + (1 - momentum) * gradient
        state["momentum_buffer"] = buffer
        followed = momentum * buffer + (1 - momentum) * gradient if group["nesterov"] else buffer
        direction = orthogonal(followed, group["ns_coefficients"], group["ns_steps"], group["eps"])
        parameter = (1 - lr * group["weight_decay"]) * parameter
        return parameter - lr * scale(parameter.shape, group["adjust_lr_fn"]) * direction

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range, and for parameters that are no matrices."""
        at_least_zero(group, "lr", "weight_decay", "momentum", "eps")
        if not 0 <= group["ns_steps"] < 100:
            raise ValueError(f"ns_steps must be from 0 to 99; got {group['ns_steps']}")
        if len(group["ns_coefficients"]) != 3:
            raise ValueError(f"ns_coefficients must be three numbers, a, b and c; got {group['ns_coefficients']}")
        if group["adjust_lr_fn"] not in (None, "original", "match_rms_adamw"):
            raise ValueError(f"adjust_lr_fn must be original or match_rms_adamw; got {group['adjust_lr_fn']!r}")
        for parameter in group.get("params", ()):
            if len(parameter.shape) != 2 or 0 in parameter.shape:
                raise ValueError(f"params must be matrices, (A, B) with A and B above 0; got {parameter.shape}")


def orthogonal(matrix: Array, coefficients: tuple[float, float, float], steps: int, eps: float) -> Array | Any:
    """(A, B) → about U Vᵀ, (A, B), by Newton-Schulz."""
    a, b, c = coefficients
    rows, columns = matrix.shape
    x = matrix.T if rows > columns else matrix
    x = x / np.maximum(np.sqrt((x * x).sum()), eps)  # the Frobenius norm: at least the largest singular value
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if rows > columns else x


def scale(shape: tuple[int, ...], adjust_lr_fn: str | None) -> float:
    """What the learning rate is multiplied by."""
    rows, columns = shape
    if adjust_lr_fn == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    return math.sqrt(max(1, rows / columns))
