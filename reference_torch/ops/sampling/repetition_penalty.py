"""The repetition penalty."""

import torch
from torch import Tensor


def forward(logits: Tensor, tokens: Tensor, *, penalty: float) -> Tensor:
    """logits: (B, V), tokens: (B, T) → (B, V)."""
    if not penalty > 0 or len(tokens) != len(logits):
        raise ValueError("penalty must be above 0, and there must be as many rows of tokens as of logits")
    scores = logits.gather(1, tokens)
    return logits.scatter(1, tokens, torch.where(scores < 0, scores * penalty, scores / penalty))
