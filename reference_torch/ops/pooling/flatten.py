"""Flattening, by torch.flatten."""

import torch
from torch import Tensor


def forward(x: Tensor, *, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """x: any shape → y: axes start_dim … end_dim, both included, as one."""
    return torch.flatten(x, start_dim, end_dim)
