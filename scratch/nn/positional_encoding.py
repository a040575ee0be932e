"""Where in the text a token stands: three layers that tell it, one learned and two fixed.

    PositionalEmbedding    y = x + weight[positions]      a learned vector for each of max_length positions
    SinusoidalEncoding     y = x + sines and cosines      fixed; any length: ops.embedding.sinusoidal_encoding
    RotaryEmbedding        y = x, turned pair by pair     fixed; queries and keys: ops.embedding.rotary_embedding

Positions are 0, 1, 2 … unless others are given: a text that is continued from a cache goes on at the position where the
cache ends. Learned positions are the simplest, and what GPT-2 has, but there is no vector for a position that was never
trained.

Sources: Vaswani et al. 2017, arXiv:1706.03762; Su et al. 2021, arXiv:2104.09864. PyTorch has none of them as a layer.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.embedding import embedding, rotary_embedding, sinusoidal_encoding
from ..types import Array
from .init.normal import normal_
from .module import Module, Parameter

apply_embedding = differentiable(embedding)
apply_rotary = differentiable(rotary_embedding)
apply_sinusoidal = differentiable(sinusoidal_encoding)


class PositionalEmbedding(Module):
    """weight: (max_length, embedding_dim), from N(0, 0.02²) at first. A call raises ValueError beyond max_length."""

    def __init__(
        self,
        max_length: int,
        embedding_dim: int,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        self.max_length = max_length
        self.weight = Parameter(np.empty((max_length, embedding_dim), dtype))
        normal_(self.weight, std=0.02, generator=generator)

    def forward(self, x: Tensor, positions: Array | None = None) -> Tensor | Any:
        """x: (..., T, embedding_dim), positions: (T,) or like the tokens of x → y: like x."""
        positions = positions_of(x, positions)
        if positions.size and positions.max() >= self.max_length:
            raise ValueError(f"positions must stay below max_length {self.max_length}; got {int(positions.max())}")
        return x + apply_embedding(positions, self.weight)

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.max_length}, {self.weight.shape[1]}"


class SinusoidalEncoding(Module):
    """Nothing to learn. base: how slow the slowest pair turns."""

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base = base

    def forward(self, x: Tensor, positions: Array | None = None) -> Tensor | Any:
        """x: (..., T, C), positions: (T,) or like the tokens of x → y: like x."""
        return apply_sinusoidal(x, positions_of(x, positions), base=self.base)

    def extra_repr(self) -> str:
        """The base."""
        return f"base={self.base}"


class RotaryEmbedding(Module):
    """Nothing to learn. Its place is in attention, on queries and keys. base: how slow the slowest pair turns."""

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base = base

    def forward(self, x: Tensor, positions: Array | None = None) -> Tensor | Any:
        """x: (..., T, D), D even, positions: (T,) or like the tokens of x → y: like x."""
        return apply_rotary(x, positions_of(x, positions), base=self.base)

    def extra_repr(self) -> str:
        """The base."""
        return f"base={self.base}"


def positions_of(x: Tensor, positions: Array | None) -> Array:
    """The positions given, or 0 … T - 1 for x: (..., T, C)."""
    if isinstance(positions, Tensor):
        positions = positions.data
    if positions is not None:
        return positions
    if x.ndim < 2:
        raise ValueError(f"x must be (..., T, C), tokens in a row; got x {x.shape}")
    return np.arange(x.shape[-2])
