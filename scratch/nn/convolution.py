"""Convolutions as layers: a kernel per output channel and a bias, laid on every place of a signal or an image.

The equations: ops.convolution.conv1d, conv2d, conv_transpose2d. A weight is (out_channels, in_channels / groups,
*kernel_size); the transposed layer goes from the outputs of a convolution to its inputs, and its weight is the one of
that convolution: (in_channels, out_channels / groups, *kernel_size).

How many weights: a dense layer between images of C · H · W numbers has (C · H · W)², a convolution C · C · kH · kW,
whatever the size of the image. Every place shares them, so they also *learn* from every place.

All parameters start from U(-1/√fan_in, 1/√fan_in), where fan_in = axis 1 of the weight times the size of the kernel, as
in PyTorch: see nn.init.kaiming. (Of a transposed layer that axis is the outputs; PyTorch takes it nevertheless.)

Where the kernel reaches over the border it meets zeros. PyTorch's other padding modes are not here: pad x first.

PyTorch: torch.nn.Conv1d, Conv2d, ConvTranspose2d.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.convolution import conv1d, conv2d, conv_transpose2d
from .init.kaiming import kaiming_uniform_
from .init.uniform import uniform_
from .module import Module, Parameter

apply_conv1d = differentiable(conv1d)
apply_conv2d = differentiable(conv2d)
apply_conv_transpose2d = differentiable(conv_transpose2d)


class _Convolution(Module):
    """weight and bias, and the options of the op."""

    axes = 2  # how many axes a place has

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        *,
        groups: int,
        bias: bool,
        padding_mode: str,
        dtype: npt.DTypeLike,
        generator: np.random.Generator | None,
        **options: Any,
    ) -> None:
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"groups must be at least 1 and divide in_channels and out_channels; "
                f"got groups {groups}, in_channels {in_channels}, out_channels {out_channels}"
            )
        if padding_mode != "zeros":
            raise ValueError(f"padding_mode must be 'zeros': pad x first for another one; got {padding_mode!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = (kernel_size,) * self.axes if isinstance(kernel_size, int) else tuple(kernel_size)
        if len(self.kernel_size) != self.axes or min(self.kernel_size) < 1:
            raise ValueError(f"kernel_size must be a number or {self.axes} of them, at least 1; got {kernel_size!r}")
        self.groups = groups
        self.options = options
        self.weight = Parameter(np.empty((*self._channels(), *self.kernel_size), dtype))
        self.bias = Parameter(np.empty(out_channels, dtype)) if bias else None
        self.reset_parameters(generator)

    def _channels(self) -> tuple[int, int]:
        """The first two axes of the weight."""
        return self.out_channels, self.in_channels // self.groups

    def reset_parameters(self, generator: np.random.Generator | None = None) -> None:
        """Give the parameters new first values."""
        kaiming_uniform_(self.weight, a=math.sqrt(5), generator=generator)
        if self.bias is not None:
            bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
            uniform_(self.bias, -bound, bound, generator=generator)

    def flops(self, x: Tensor, y: Tensor) -> int:
        """A multiply-add for every output and every weight of its channel."""
        return 2 * y.size * math.prod(self.weight.shape[1:])

    def extra_repr(self) -> str:
        """The sizes, and the options that are not PyTorch's defaults."""
        defaults = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0, "groups": 1, "bias": True}
        given = {**self.options, "groups": self.groups, "bias": self.bias is not None}
        changed = "".join(f", {name}={value!r}" for name, value in given.items() if value != defaults[name])
        return f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}{changed}"


class Conv1d(_Convolution):
    """weight: (out_channels, in_channels / groups, kernel_size), bias: (out_channels,), or None with bias=False.

    Raises ValueError for groups that do not divide the channels, an empty kernel or another padding_mode; a call, when
    x does not fit.
    """

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int],
        stride: int | tuple[int] = 1,
        padding: int | tuple[int] | str = 0,
        dilation: int | tuple[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, groups=groups, bias=bias, padding_mode=padding_mode, dtype=dtype,
            generator=generator, stride=stride, padding=padding, dilation=dilation,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, in_channels, L) → y: (N, out_channels, L')."""
        return apply_conv1d(x, self.weight, self.bias, groups=self.groups, **self.options)


class Conv2d(_Convolution):
    """weight: (out_channels, in_channels / groups, kH, kW), bias: (out_channels,), or None with bias=False.

    Raises ValueError for groups that do not divide the channels, an empty kernel or another padding_mode; a call, when
    x does not fit.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] | str = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, groups=groups, bias=bias, padding_mode=padding_mode, dtype=dtype,
            generator=generator, stride=stride, padding=padding, dilation=dilation,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, in_channels, H, W) → y: (N, out_channels, H', W')."""
        return apply_conv2d(x, self.weight, self.bias, groups=self.groups, **self.options)


class ConvTranspose2d(_Convolution):
    """weight: (in_channels, out_channels / groups, kH, kW), bias: (out_channels,), or None with bias=False.

    Raises ValueError for groups that do not divide the channels, an empty kernel or another padding_mode; a call, when
    x or the options do not fit.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        output_padding: int | tuple[int, int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | tuple[int, int] = 1,
        padding_mode: str = "zeros",
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, groups=groups, bias=bias, padding_mode=padding_mode, dtype=dtype,
            generator=generator, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation,
        )  # fmt: skip

    def _channels(self) -> tuple[int, int]:
        return self.in_channels, self.out_channels // self.groups

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, in_channels, H, W) → y: (N, out_channels, H', W')."""
        return apply_conv_transpose2d(x, self.weight, self.bias, groups=self.groups, **self.options)

    def flops(self, x: Tensor, y: Tensor) -> int:
        """A multiply-add for every input and every weight of its channel."""
        return 2 * x.size * math.prod(self.weight.shape[1:])
