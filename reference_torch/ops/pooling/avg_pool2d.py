"""Average pooling, by torch.nn.functional.avg_pool2d."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_floating


def forward(
    x: Tensor,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """x: (N, C, H, W) → y: (N, C, H', W')."""
    require_floating(x)
    return F.avg_pool2d(x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
