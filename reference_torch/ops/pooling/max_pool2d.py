"""Max pooling, by torch.nn.functional.max_pool2d."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_floating


def forward(
    x: Tensor,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """x: (N, C, H, W) → y: (N, C, H', W')."""
    require_floating(x)
    return F.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
