"""Top-p, or nucleus sampling: the smallest set of tokens that has the probability p.

    sort by probability, the largest first; keep while the sum of those *before* is below p

Top-k keeps as many tokens where one is certain as where a hundred are possible. Here the number follows from how sure
the model is. The token with which the sum passes p is kept: the set has at least the probability p, and never is empty.
With p = 1 all stay: a sum of rounded probabilities may be 1 before the last token is reached.

    probabilities  0.5  0.3  0.15  0.05        p = 0.7
    sum before     0    0.5  0.8   0.95   →    the first two stay

Source: Holtzman, Buys, Du, Forbes & Choi 2019, arXiv:1904.09751. PyTorch: torch.sort and cumsum.
"""

import math
from typing import Any

import numpy as np

from ...types import Array
from ..activations import softmax
from ._checks import require_logits


def forward(logits: Array, *, p: float) -> Array | Any:
    """logits: (..., V) → (..., V) with -inf for the tokens that are out.

    Raises ValueError unless 0 < p ≤ 1.
    """
    require_logits(logits)
    if not 0 < p <= 1:
        raise ValueError(f"p must be a probability above 0, up to 1; got {p}")
    if p == 1:
        return logits.copy()
    probabilities, _ = softmax.forward(logits, dim=-1)
    order = (-probabilities).argsort(axis=-1, kind="stable")
    ordered = np.take_along_axis(probabilities, order, axis=-1)
    before = ordered.cumsum(axis=-1) - ordered
    kept = np.zeros_like(logits, dtype=bool)
    np.put_along_axis(kept, order, before < p, axis=-1)
    return np.where(kept, logits, -math.inf)
