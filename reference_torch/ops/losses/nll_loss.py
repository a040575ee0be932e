"""Negative log-likelihood. PyTorch refuses to differentiate the class weights, so they are detached."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """input: (N, C, d1, …) or (C,), target: (N, d1, …) or (), weight: (C,) → (), or target's shape for "none"."""
    weight = None if weight is None else weight.detach()
    return F.nll_loss(input, target, weight, ignore_index=ignore_index, reduction=reduction)
