"""A layer of neurons for one example: torch.mv."""

import torch
from torch import Tensor


def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x: (in,), weight: (out, in), bias: (out,) → y: (out,)."""
    return torch.mv(weight, x) + bias
