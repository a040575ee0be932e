"""Top-k."""

import math

from torch import Tensor


def forward(logits: Tensor, *, k: int) -> Tensor:
    """logits: (..., V) → (..., V) with -inf for the tokens that are out."""
    if k < 1:
        raise ValueError("k must be at least 1")
    smallest_kept = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < smallest_kept, -math.inf)
