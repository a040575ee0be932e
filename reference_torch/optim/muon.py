"""Muon, from the post of Jordan et al. 2024 (kellerjordan.github.io/posts/muon), on torch.optim.Optimizer.

torch.optim.Muon rounds to bfloat16 on the way, which leaves two digits to compare. This one has its arguments and its
arithmetic, in the dtype of the parameters.
"""

import math

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from ._checks import at_least_zero


class Muon(Optimizer):
    """Momentum, orthogonalized by Newton-Schulz, with decoupled weight decay."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        at_least_zero(lr=lr, weight_decay=weight_decay, momentum=momentum, eps=eps)
        if not 0 <= ns_steps < 100 or len(ns_coefficients) != 3:
            raise ValueError("ns_steps must be from 0 to 99 and ns_coefficients three numbers")
        if adjust_lr_fn not in (None, "original", "match_rms_adamw"):
            raise ValueError(f"unknown adjust_lr_fn {adjust_lr_fn!r}")
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)
        if any(p.ndim != 2 or not p.numel() for group in self.param_groups for p in group["params"]):
            raise ValueError("params must be matrices with elements")

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            lr, momentum = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["momentum_buffer"] = torch.zeros_like(p)
                buffer = state["momentum_buffer"].lerp_(p.grad, 1 - momentum)
                followed = p.grad.lerp(buffer, momentum) if group["nesterov"] else buffer
                direction = newton_schulz(followed, group["ns_coefficients"], group["ns_steps"], group["eps"])
                p.mul_(1 - lr * group["weight_decay"])
                p.add_(direction, alpha=-lr * adjustment(p, group["adjust_lr_fn"]))


def newton_schulz(x: Tensor, coefficients: tuple[float, float, float], steps: int, eps: float) -> Tensor:
    """(A, B) → about U Vᵀ of x = U S Vᵀ."""
    if x.size(0) > x.size(1):
        return newton_schulz(x.T, coefficients, steps, eps).T
    a, b, c = coefficients
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x


def adjustment(p: Tensor, adjust_lr_fn: str | None) -> float:
    """What the learning rate of a matrix is multiplied by."""
    if adjust_lr_fn == "match_rms_adamw":
        return 0.2 * math.sqrt(max(p.shape))
    return math.sqrt(max(1, p.size(0) / p.size(1)))
