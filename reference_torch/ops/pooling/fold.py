"""Columns laid back on images, by torch.nn.functional.fold."""

import torch.nn.functional as F
from torch import Tensor

from ._checks import require_floating


def forward(
    x: Tensor,
    *,
    output_size: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    stride: int | tuple[int, int] = 1,
) -> Tensor:
    """x: (N, C · kH · kW, places) → y: (N, C, H, W), where output_size is (H, W)."""
    require_floating(x)
    return F.fold(x, output_size, kernel_size, dilation, padding, stride)
