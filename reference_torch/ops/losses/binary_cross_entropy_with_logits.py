"""Binary cross-entropy of logits. PyTorch refuses to differentiate the weights, so they are detached."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """input, target: (...), weight and pos_weight broadcast to it → (), or (...) for "none"."""
    weight = None if weight is None else weight.detach()
    pos_weight = None if pos_weight is None else pos_weight.detach()
    return F.binary_cross_entropy_with_logits(input, target, weight, reduction=reduction, pos_weight=pos_weight)
