"""The basic block of a residual network: two convolutions compute what to *add* to x.

    y = relu(F(x) + x)        F(x) = norm2(conv2(relu(norm1(conv1(x)))))

Deep networks of plain layers were worse than shallow ones even on the data they had learned: that each layer passes on
what it got, at least, is hard to learn. Here it is what a block does when its weights are 0. And in backward the sum
hands its gradient to both of its terms,

    dx = dF/dx ᵀ dy + dy

so the gradient of the loss comes through every block undiminished, by the shortcut, however many there are.

Where a block makes the image smaller (stride) or has other channels, x does not fit the sum. There the shortcut is a
*projection*, a convolution of 1×1 with the same stride, which takes each pixel as a vector to the right length.

A convolution before a batch normalization has no bias: the normalization would subtract it again.

Names are those of torchvision's BasicBlock. Source: He, Zhang, Ren & Sun 2016, arXiv:1512.03385.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..autograd.tensor import Tensor
from .activations import ReLU
from .batch_norm import BatchNorm2d
from .convolution import Conv2d
from .module import Module
from .sequential import Sequential


class BasicBlock(Module):
    """x: (N, in_channels, H, W) → y: (N, out_channels, H / stride, W / stride), rounded up."""

    downsample: Sequential | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        self.conv1 = Conv2d(
            in_channels, out_channels, 3, stride, padding=1, bias=False, dtype=dtype, generator=generator
        )
        self.bn1 = BatchNorm2d(out_channels, dtype=dtype)
        self.conv2 = Conv2d(out_channels, out_channels, 3, padding=1, bias=False, dtype=dtype, generator=generator)
        self.bn2 = BatchNorm2d(out_channels, dtype=dtype)
        self.relu = ReLU()
        self.downsample = None
        if stride > 1 or in_channels != out_channels:
            projection = Conv2d(in_channels, out_channels, 1, stride, bias=False, dtype=dtype, generator=generator)
            self.downsample = Sequential(projection, BatchNorm2d(out_channels, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, in_channels, H, W) → y: (N, out_channels, H / stride, W / stride), rounded up."""
        change = self.relu(self.bn1(self.conv1(x)))
        change = self.bn2(self.conv2(change))
        shortcut = x if self.downsample is None else self.downsample(x)
        y: Tensor = self.relu(change + shortcut)
        return y
