"""Sinusoidal positional encoding, pair by pair."""

import math

import torch
from torch import Tensor


def forward(x: Tensor, positions: Tensor, *, base: float = 10000.0) -> Tensor:
    """x: (..., T, C), positions: whole numbers that broadcast to (..., T) → y: like x."""
    if not x.is_floating_point() or positions.is_floating_point():
        raise TypeError("x must be floating-point and positions whole")
    positions = positions.expand(x.shape[:-1])  # raises where it does not fit
    channels = torch.arange(x.shape[-1], dtype=torch.float64)
    exponents = 2 * torch.div(channels, 2, rounding_mode="floor") / max(x.shape[-1], 1)
    angles = positions.double()[..., None] * torch.exp(-math.log(base) * exponents)
    # cos a = sin(a + π/2), spelled out to keep the digits
    return x + torch.where(channels % 2 == 0, angles.sin(), angles.cos()).to(x.dtype)
