"""Convolution of signals, by torch.nn.functional.conv1d."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int | tuple[int] = 1,
    padding: int | tuple[int] | str = 0,
    dilation: int | tuple[int] = 1,
    groups: int = 1,
) -> Tensor:
    """x: (N, C, L), weight: (O, C / groups, K), bias: (O,) or None → y: (N, O, L')."""
    return F.conv1d(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
