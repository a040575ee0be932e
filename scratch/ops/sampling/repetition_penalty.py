"""The repetition penalty: what has been written already becomes less likely.

    y[v] = logits[v] / penalty    where v occurs in tokens and its score is positive
    y[v] = logits[v] · penalty    where v occurs in tokens and its score is negative

Models like to repeat themselves: every repetition makes the next one more probable. With a penalty above 1, a score
becomes smaller either way; dividing a negative one would make it larger. How often a token has occurred plays no part.

Source: Keskar, McCann, Varshney, Xiong & Socher 2019, arXiv:1909.05858. PyTorch: gather, where and scatter.
"""

from typing import Any

import numpy as np

from ...types import Array
from ._checks import require_logits


def forward(logits: Array, tokens: Array, *, penalty: float) -> Array | Any:
    """logits: (B, V), tokens: (B, T) whole numbers, written so far → (B, V).

    Raises ValueError for a penalty that is not above 0, and for tokens that are not of these B texts or of V tokens.
    """
    require_logits(logits)
    if not penalty > 0:
        raise ValueError(f"penalty must be above 0; got {penalty}")
    if logits.ndim != 2 or tokens.ndim != 2 or len(tokens) != len(logits):
        raise ValueError(f"logits must be (B, V) and tokens (B, T); got {logits.shape} and {tokens.shape}")
    if tokens.size and not 0 <= tokens.min() <= tokens.max() < logits.shape[1]:
        raise ValueError(f"tokens must be from 0 to {logits.shape[1] - 1}; got {tokens.min()} … {tokens.max()}")
    scores = np.take_along_axis(logits, tokens, axis=1)
    y = logits.copy()
    np.put_along_axis(y, tokens, np.where(scores < 0, scores * penalty, scores / penalty), axis=1)
    return y
