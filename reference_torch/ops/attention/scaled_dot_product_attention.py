"""Scaled dot-product attention. PyTorch's draws its own dropout mask; with a given one it is written out."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ._checks import require_as_many, require_one_mask
from .attention_weights import forward as attention_weights


def forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_mask: Tensor | None = None,
    *,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """query: (..., T, E), key: (..., S, E), value: (..., S, Ev) → y: (..., T, Ev)."""
    require_one_mask(attn_mask, is_causal)
    require_as_many(key, value)
    if dropout_mask is None:
        if dropout_p:
            raise ValueError("dropout_p needs a dropout_mask")
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask, is_causal=is_causal, scale=scale, enable_gqa=enable_gqa
        )
    if dropout_mask.dtype != torch.bool or dropout_mask.shape != (*query.shape[:-1], key.shape[-2]):
        raise ValueError("dropout_mask must hold booleans of shape (..., T, S)")
    if enable_gqa:
        key, value = (x.repeat_interleave(query.shape[-3] // x.shape[-3], dim=-3) for x in (key, value))
    weights = attention_weights(query, key, attn_mask, is_causal=is_causal, scale=scale)
    return (weights * dropout_mask / (1 - dropout_p)) @ value
