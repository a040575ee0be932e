"""Truncated normal, by the inverse of the distribution function. torch.nn.init.trunc_normal_ draws again instead."""

import torch
from torch import Tensor


@torch.no_grad()
def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill with normal numbers between a and b."""
    if not (std > 0 and a < b):
        raise ValueError("trunc_normal_ needs std > 0 and a < b")
    ends = torch.tensor([(a - mean) / std, (b - mean) / std], dtype=torch.float64)
    low, high = torch.special.ndtr(ends).tolist()
    tensor.uniform_(low, high, generator=generator)
    return tensor.copy_(mean + std * torch.special.ndtri(tensor)).clamp_(a, b)
