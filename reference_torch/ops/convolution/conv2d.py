"""Convolution of images, by torch.nn.functional.conv2d."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] | str = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Tensor:
    """x: (N, C, H, W), weight: (O, C / groups, kH, kW), bias: (O,) or None → y: (N, O, H', W')."""
    return F.conv2d(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
