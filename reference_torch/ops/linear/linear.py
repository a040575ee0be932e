"""The dense layer, by torch.nn.functional.linear."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x: (..., in), weight: (out, in), bias: (out,) or None → y: (..., out)."""
    return F.linear(x, weight, bias)
