"""Binary cross-entropy of probabilities. PyTorch refuses to differentiate the weight, so it is detached."""

import torch.nn.functional as F
from torch import Tensor


def forward(input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean") -> Tensor:
    """input, target: (...), weight broadcasts to it → (), or (...) for "none"."""
    weight = None if weight is None else weight.detach()
    return F.binary_cross_entropy(input, target, weight, reduction=reduction)
