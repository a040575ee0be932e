"""Attention without the matrix of weights. PyTorch chooses its own tiles, so `block_size` has no meaning here.

Its tiled kernel wants as many features in value as in query; with others PyTorch makes the matrix after all. So all are
brought to the same width, by zeros, which add nothing to a product.
"""

import math

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
    if query.shape[-1] != key.shape[-1]:
        raise ValueError("query and key must have as many features")
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    width = max(query.shape[-1], value.shape[-1])
    query, key, wide = (F.pad(x, (0, width - x.shape[-1])) for x in (query, key, value))
    y = F.scaled_dot_product_attention(query, key, wide, is_causal=is_causal, scale=scale)
    return y[..., : value.shape[-1]]
