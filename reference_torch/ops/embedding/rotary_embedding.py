"""Rotary position embedding: pairs of channels as complex numbers, times e^(i·angle)."""

import torch
from torch import Tensor


def forward(x: Tensor, positions: Tensor, *, base: float = 10000.0) -> Tensor:
    """x: (..., T, D) with D even, positions: whole numbers that broadcast to (..., T) → y: like x."""
    if not x.is_floating_point() or positions.is_floating_point():
        raise TypeError("x must be floating-point and positions whole")
    positions = positions.expand(x.shape[:-1])  # raises where it does not fit
    pairs = x.unflatten(-1, (-1, 2)) if x.shape[-1] else x[..., None].expand(*x.shape, 2)
    if not base > 0:
        raise ValueError(f"base must be positive, got {base}")
    exponents = torch.arange(pairs.shape[-2], dtype=torch.float64) / max(pairs.shape[-2], 1)
    angles = positions.double()[..., None] / base**exponents
    turn = torch.complex(angles.cos().to(x.dtype), angles.sin().to(x.dtype))
    return torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * turn).flatten(-2)
