"""The dense layer on a batch, by torch.nn.functional.linear."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x: (N, in), weight: (out, in), bias: (out,) → y: (N, out)."""
    return F.linear(x, weight, bias)
