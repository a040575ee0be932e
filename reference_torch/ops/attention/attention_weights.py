"""Attention weights: attention whose values are the identity matrix returns what each of them is multiplied by."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ._checks import require_one_mask


def forward(
    query: Tensor,
    key: Tensor,
    attn_mask: Tensor | None = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """query: (..., T, E), key: (..., S, E), attn_mask: None or broadcasting to (..., T, S) → weights: (..., T, S)."""
    require_one_mask(attn_mask, is_causal)
    identity = torch.eye(key.shape[-2], dtype=key.dtype).expand(*key.shape[:-2], -1, -1)
    return F.scaled_dot_product_attention(query, key, identity, attn_mask, is_causal=is_causal, scale=scale)
