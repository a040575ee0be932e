"""Choosing between elements, and the comparisons to choose by."""

from math import inf

import torch
from torch import Tensor, greater, greater_equal, less, less_equal, maximum, minimum, not_equal, where
from torch import eq as equal

__all__ = [
    "clip", "equal", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum", "not_equal", "where",
]  # fmt: skip


def clip(x: Tensor, min: float | None = None, max: float | None = None) -> Tensor:
    """torch.clip, with a slope of 1 at its ends: that is what releases up to 2.13 have there, and newer ones have 0."""
    inside = (x >= (-inf if min is None else min)) & (x <= (inf if max is None else max))
    return torch.where(inside, x, x.detach().clip(min, max))
