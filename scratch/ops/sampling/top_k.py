"""Top-k: only the k tokens with the highest scores stay in the draw.

    y = logits where logits ≥ the k-th largest, -inf elsewhere

A vocabulary has a long tail: thousands of tokens, each improbable, together not. One of them in every few words is
enough to lead a text astray. What is as good as the k-th stays too, so that the order of equal tokens does not matter.

Source: Fan, Lewis & Dauphin 2018, arXiv:1805.04833. PyTorch: torch.topk.
"""

import math
from typing import Any

import numpy as np

from ...types import Array
from ._checks import require_logits


def forward(logits: Array, *, k: int) -> Array | Any:
    """logits: (..., V) → (..., V) with -inf for the tokens that are out. k above V keeps all.

    Raises ValueError for k below 1.
    """
    require_logits(logits)
    if k < 1:
        raise ValueError(f"k must be at least 1; got {k}")
    tokens = logits.shape[-1]
    place = tokens - min(k, tokens)  # of the k-th largest, counted from the smallest
    smallest_kept = np.partition(logits, place, axis=-1)[..., place : place + 1]
    return np.where(logits >= smallest_kept, logits, -math.inf)
