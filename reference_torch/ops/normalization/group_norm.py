"""Group normalization."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None, *, num_groups: int, eps: float = 1e-5
) -> Tensor:
    """x: (N, C, *), weight and bias: (C,) or None → y: like x."""
    if num_groups < 1:  # torch would divide by it
        raise ValueError(f"num_groups must divide the channels; got {num_groups}")
    return F.group_norm(x, num_groups, weight, bias, eps)
