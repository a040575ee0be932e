"""Leaky rectified linear unit, by torch.nn.functional.leaky_relu."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, *, negative_slope: float = 0.01) -> Tensor:
    """x: any shape → y: the same shape."""
    return F.leaky_relu(x, negative_slope)
