"""Adaptive average pooling, by torch.nn.functional.adaptive_avg_pool2d."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_floating


def forward(x: Tensor, *, output_size: int | tuple[int | None, int | None]) -> Tensor:
    """x: (N, C, H, W) → y: (N, C, H', W')."""
    require_floating(x)
    return F.adaptive_avg_pool2d(x, output_size)
