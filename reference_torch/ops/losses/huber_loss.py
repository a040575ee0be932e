"""Huber loss."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import same_shape


def forward(input: Tensor, target: Tensor, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """input, target: (...) → (), or (...) for "none"."""
    same_shape(input, target)
    return F.huber_loss(input, target, reduction=reduction, delta=delta)
