"""Embedding: a table of vectors, by torch.nn.functional.embedding."""

import torch.nn.functional as F
from torch import Tensor


def forward(input: Tensor, weight: Tensor, *, padding_idx: int | None = None) -> Tensor:
    """input: (...) whole numbers, weight: (V, D) → y: (..., D)."""
    if weight.ndim != 2:
        raise ValueError(f"weight must be (V, D), got {tuple(weight.shape)}")
    if padding_idx is not None and not -len(weight) <= padding_idx < len(weight):
        raise ValueError(f"padding_idx must be a row of weight, got {padding_idx}")  # PyTorch only asserts it
    return F.embedding(input, weight, padding_idx)
