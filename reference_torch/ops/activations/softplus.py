"""Softplus, by torch.nn.functional.softplus."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, *, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """x: any shape → y: the same shape."""
    if not beta > 0:
        raise ValueError(f"beta must be positive; got {beta}")
    return F.softplus(x, beta, threshold)
