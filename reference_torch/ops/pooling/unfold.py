"""Windows of images as columns, by torch.nn.functional.unfold."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_floating


def forward(
    x: Tensor,
    *,
    kernel_size: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    stride: int | tuple[int, int] = 1,
) -> Tensor:
    """x: (N, C, H, W) → y: (N, C · kH · kW, places)."""
    require_floating(x)
    return F.unfold(x, kernel_size, dilation, padding, stride)
