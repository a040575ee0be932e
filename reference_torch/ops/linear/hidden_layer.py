"""A network with one hidden layer of tanh neurons."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
    """x: (..., in), weight1: (hidden, in), bias1: (hidden,), weight2: (out, hidden), bias2: (out,) → y: (..., out)."""
    hidden = torch.tanh(F.linear(x, weight1, bias1))
    return F.linear(hidden, weight2, bias2)
