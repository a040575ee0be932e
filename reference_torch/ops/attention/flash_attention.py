"""Attention without the matrix of weights. PyTorch chooses its own tiles, so `block_size` has no meaning here."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_as_many


def forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    block_size: int = 64,
) -> Tensor:
    """query: (..., T, E), key: (..., S, E), value: (..., S, Ev) → y: (..., T, Ev)."""
    require_as_many(key, value)
    if block_size < 1:
        raise ValueError("block_size must be at least 1")
    return F.scaled_dot_product_attention(query, key, value, is_causal=is_causal, scale=scale)
