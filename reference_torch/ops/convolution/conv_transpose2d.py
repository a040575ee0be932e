"""Transposed convolution of images, by torch.nn.functional.conv_transpose2d."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    groups: int = 1,
    dilation: int | tuple[int, int] = 1,
) -> Tensor:
    """x: (N, C, H, W), weight: (C, O / groups, kH, kW), bias: (O,) or None → y: (N, O, H', W')."""
    return F.conv_transpose2d(x, weight, bias, stride, padding, output_padding, groups, dilation)
