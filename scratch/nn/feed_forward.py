"""The feed-forward part of a Transformer block: each position by itself, wider in between.

    FeedForward    y = W₂ act(W₁ x + b₁) + b₂             act: GELU or ReLU
    SwiGLU         y = W₂ (silu(W₁ x) · W₃ x)             no biases

Attention moves information between positions, but only ever mixes it linearly. This part computes: every position goes
through the same small network of two layers, usually four times as wide as the block. Two thirds of the parameters of a
Transformer are here.

SwiGLU (LLaMA, PaLM) replaces the activation by a gate: one layer says what passes, another how much of it. It is as
good with fewer hidden units; with three weights instead of two, hidden = 8/3 · dim costs the same as 4 · dim.

Source: Vaswani et al. 2017, arXiv:1706.03762; Shazeer 2020, "GLU variants improve Transformer", arXiv:2002.05202.
PyTorch: torch.nn.Sequential of Linear, GELU, Linear.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.tensor import Tensor
from .activations import apply_gelu, apply_relu, apply_silu
from .linear import Linear
from .module import Module

ACTIVATIONS: dict[str, Callable[..., Any]] = {"relu": apply_relu, "gelu": apply_gelu}


def activation_called(name: str | Callable[..., Any]) -> Callable[..., Any]:
    """The function of that name; a function stays what it is. Raises ValueError for any other name."""
    if callable(name):
        return name
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, or a function; got {name!r}")
    return ACTIVATIONS[name]


class FeedForward(Module):
    """linear1: dim → hidden (4 · dim by default), linear2: hidden → dim. activation: "gelu", "relu" or a function."""

    def __init__(
        self,
        dim: int,
        hidden: int | None = None,
        activation: str | Callable[..., Any] = "gelu",
        bias: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        hidden = 4 * dim if hidden is None else hidden
        self.linear1 = Linear(dim, hidden, bias, dtype=dtype, generator=generator)
        self.activation = activation_called(activation)
        self.linear2 = Linear(hidden, dim, bias, dtype=dtype, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., dim) → y: (..., dim)."""
        y: Tensor = self.linear2(self.activation(self.linear1(x)))
        return y


class SwiGLU(Module):
    """w1 and w3: dim → hidden (8/3 · dim by default), w2: hidden → dim; the names are LLaMA's."""

    def __init__(
        self,
        dim: int,
        hidden: int | None = None,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        hidden = 8 * dim // 3 if hidden is None else hidden
        self.w1 = Linear(dim, hidden, bias=False, dtype=dtype, generator=generator)
        self.w2 = Linear(hidden, dim, bias=False, dtype=dtype, generator=generator)
        self.w3 = Linear(dim, hidden, bias=False, dtype=dtype, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., dim) → y: (..., dim)."""
        y: Tensor = self.w2(apply_silu(self.w1(x)) * self.w3(x))
        return y
