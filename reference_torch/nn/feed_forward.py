"""The feed-forward part of a Transformer block, plain and gated."""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor, nn

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu}


class FeedForward(nn.Module):
    """Linear, activation, Linear."""

    def __init__(
        self,
        dim: int,
        hidden: int | None = None,
        activation: str | Callable[[Tensor], Tensor] = "gelu",
        bias: bool = True,
    ) -> None:
        super().__init__()
        if isinstance(activation, str) and activation not in ACTIVATIONS:
            raise ValueError(f"unknown activation {activation!r}")
        self.activation = ACTIVATIONS[activation] if isinstance(activation, str) else activation
        self.linear1 = nn.Linear(dim, hidden or 4 * dim, bias)
        self.linear2 = nn.Linear(hidden or 4 * dim, dim, bias)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., dim) → y: (..., dim)."""
        return self.linear2(self.activation(self.linear1(x)))


class SwiGLU(nn.Module):
    """LLaMA's."""

    def __init__(self, dim: int, hidden: int | None = None) -> None:
        super().__init__()
        hidden = hidden or 8 * dim // 3
        self.w1 = nn.Linear(dim, hidden, bias=False)
        self.w2 = nn.Linear(hidden, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., dim) → y: (..., dim)."""
        return self.w2(F.silu(self.w1(x)) * self.w3(x))
