"""A layer of neurons for one example, by torch.nn.functional.linear."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x: (in,), weight: (out, in), bias: (out,) → y: (out,)."""
    return F.linear(x, weight, bias)
