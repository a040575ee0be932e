"""Mean absolute error."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import same_shape


def forward(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """input, target: (...) → (), or (...) for "none"."""
    same_shape(input, target)
    return F.l1_loss(input, target, reduction=reduction)
