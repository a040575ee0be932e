"""Layers that tell a token where it stands."""

import torch
from torch import Tensor, nn

from ..ops.embedding import rotary_embedding, sinusoidal_encoding


def positions_of(x: Tensor, positions: Tensor | None) -> Tensor:
    """The positions given, or 0 … T - 1."""
    return torch.arange(x.shape[-2]) if positions is None else positions


class PositionalEmbedding(nn.Module):
    """weight: (max_length, embedding_dim)."""

    def __init__(self, max_length: int, embedding_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(max_length, embedding_dim))

    def forward(self, x: Tensor, positions: Tensor | None = None) -> Tensor:
        """x: (..., T, embedding_dim) → y: like x."""
        return x + nn.functional.embedding(positions_of(x, positions), self.weight)


class SinusoidalEncoding(nn.Module):
    """x plus sines and cosines."""

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base = base

    def forward(self, x: Tensor, positions: Tensor | None = None) -> Tensor:
        """x: (..., T, C) → y: like x."""
        return sinusoidal_encoding.forward(x, positions_of(x, positions), base=self.base)


class RotaryEmbedding(nn.Module):
    """Pairs of channels of x, turned."""

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base = base

    def forward(self, x: Tensor, positions: Tensor | None = None) -> Tensor:
        """x: (..., T, D) → y: like x."""
        return rotary_embedding.forward(x, positions_of(x, positions), base=self.base)
