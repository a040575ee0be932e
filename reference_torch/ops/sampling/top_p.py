"""Top-p."""

import math

import torch
from torch import Tensor


def forward(logits: Tensor, *, p: float) -> Tensor:
    """logits: (..., V) → (..., V) with -inf for the tokens that are out."""
    if not 0 < p <= 1:
        raise ValueError("p must be above 0, up to 1")
    if p == 1:
        return logits.clone()
    ordered, order = logits.sort(dim=-1, descending=True, stable=True)
    cumulative = ordered.softmax(dim=-1).cumsum(dim=-1)
    out = torch.zeros_like(ordered, dtype=torch.bool)
    out[..., 1:] = cumulative[..., :-1] >= p
    return logits.masked_fill(out.scatter(-1, order, out), -math.inf)
