"""What the fused kernel of attention does inside, step by step, so that each step can be moved (see `rounding`).

PyTorch has one kernel for softmax(query keyᵀ · scale + mask) value. It rounds the scores, their exponentials and the
sums of them; scores are what decides how many digits are left, since e^score magnifies their error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

aten = torch.ops.aten


def _scores(query: Any, key: Any, is_causal: bool, attn_mask: Any, scale: float | None) -> Any:
    """The scores, masked. Heads of key and value that are shared are repeated."""
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = (query * scale) @ _repeat(key, query).mT
    if is_causal:
        visible = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        scores = scores.masked_fill(~visible, -math.inf)
    return scores if attn_mask is None else scores + attn_mask


def _repeat(x: Any, query: Any) -> Any:
    return x if x.shape[1] == query.shape[1] else x.repeat_interleave(query.shape[1] // x.shape[1], dim=1)


def _fold(gradient: Any, x: Any) -> Any:
    """The sum over the copies of each head."""
    if gradient.shape[1] == x.shape[1]:
        return gradient
    return gradient.unflatten(1, (x.shape[1], -1)).sum(2)


def safe_softmax(x: Any, dim: int, dtype: Any = None) -> Any:
    """Softmax, in which a row of -inf alone is zeros."""
    if not x.numel():
        return torch.zeros_like(x)
    largest = x.amax(dim, keepdim=True)
    e = (x - largest.masked_fill(largest == -math.inf, 0)).exp()
    total = e.sum(dim, keepdim=True)
    return e / total.masked_fill(total == 0, 1)


def _attention(
    query: Any, key: Any, value: Any, dropout_p: float = 0.0, is_causal: bool = False, *, attn_mask: Any = None,
    scale: float | None = None,
) -> tuple[Any, Any]:  # fmt: skip
    scores = _scores(query, key, is_causal, attn_mask, scale)
    return safe_softmax(scores, -1) @ _repeat(value, query), scores.logsumexp(-1)


def _attention_backward(
    dy: Any, query: Any, key: Any, value: Any, y: Any, logsumexp: Any, dropout_p: float, is_causal: bool, *,
    attn_mask: Any = None, scale: float | None = None,
) -> tuple[Any, Any, Any]:  # fmt: skip
    weights = safe_softmax(_scores(query, key, is_causal, attn_mask, scale), -1)
    dvalue = weights.mT @ dy
    dweights = dy @ _repeat(value, query).mT
    dscores = weights * (dweights - (dy * y).sum(-1, keepdim=True))  # as the kernel has it
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    dquery, dkey = (dscores @ _repeat(key, query)) * scale, dscores.mT @ (query * scale)
    return dquery, _fold(dkey, key), _fold(dvalue, value)


STEPS: dict[Any, Callable[..., Any]] = {
    aten._safe_softmax.default: safe_softmax,
    aten._scaled_dot_product_flash_attention_for_cpu.default: _attention,
    aten._scaled_dot_product_flash_attention_for_cpu_backward.default: _attention_backward,
}
