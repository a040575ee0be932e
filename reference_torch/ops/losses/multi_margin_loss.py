"""Multi-class hinge loss. PyTorch refuses to differentiate the class weights, so they are detached."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    p: int = 1,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Tensor:
    """input: (N, C) or (C,), target: (N,) or (), weight: (C,) → (), or target's shape for "none"."""
    weight = None if weight is None else weight.detach()
    return F.multi_margin_loss(input, target, p=p, margin=margin, weight=weight, reduction=reduction)
