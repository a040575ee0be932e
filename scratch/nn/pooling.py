"""Pooling and resizing as layers: no parameters, only options.

The equations: ops.pooling.max_pool2d, avg_pool2d, adaptive_avg_pool2d, upsample_nearest, pad, unfold, fold. Flatten is
in nn.activations.

PyTorch: torch.nn.MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, Upsample, ZeroPad2d, Unfold, Fold.
"""

from __future__ import annotations

from typing import Any

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.pooling import adaptive_avg_pool2d, avg_pool2d, fold, max_pool2d, pad, unfold, upsample_nearest
from .module import Module

apply_max_pool2d = differentiable(max_pool2d)
apply_avg_pool2d = differentiable(avg_pool2d)
apply_adaptive_avg_pool2d = differentiable(adaptive_avg_pool2d)
apply_upsample_nearest = differentiable(upsample_nearest)
apply_pad = differentiable(pad)
apply_unfold = differentiable(unfold)
apply_fold = differentiable(fold)

Pair = int | tuple[int, int]


class _Resizing(Module):
    """A layer that hands its options to the op, at every call."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options

    def extra_repr(self) -> str:
        """The options."""
        return ", ".join(f"{name}={value}" for name, value in self.options.items())


class MaxPool2d(_Resizing):
    """The largest pixel of each window. Without a stride the windows lie side by side."""

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        dilation: Pair = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(
            kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
        )

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C, H', W')."""
        return apply_max_pool2d(x, **self.options)


class AvgPool2d(_Resizing):
    """The mean of each window. Without a stride the windows lie side by side."""

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(
            kernel_size=kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode,
            count_include_pad=count_include_pad, divisor_override=divisor_override,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C, H', W')."""
        return apply_avg_pool2d(x, **self.options)


class AdaptiveAvgPool2d(_Resizing):
    """Means of so many parts of the image, whatever its size; output_size=1 is global average pooling."""

    def __init__(self, output_size: int | tuple[int | None, int | None]) -> None:
        super().__init__(output_size=output_size)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C, *output_size)."""
        return apply_adaptive_avg_pool2d(x, **self.options)


class Upsample(_Resizing):
    """Every pixel becomes a block of scale_factor · scale_factor equal ones.

    Raises ValueError for another mode than "nearest", or without a scale_factor; a size cannot be given.
    """

    def __init__(self, size: None = None, scale_factor: Pair | None = None, mode: str = "nearest") -> None:
        if size is not None or scale_factor is None or mode != "nearest":
            raise ValueError(
                f"Upsample takes a whole scale_factor, no size, and mode 'nearest'; "
                f"got size {size}, scale_factor {scale_factor}, mode {mode!r}"
            )
        super().__init__(scale_factor=scale_factor)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C, H · scale, W · scale)."""
        return apply_upsample_nearest(x, **self.options)


class ZeroPad2d(_Resizing):
    """A border of zeros: padding is one number, or (left, right, top, bottom); negative ones cut off."""

    def __init__(self, padding: int | tuple[int, int, int, int]) -> None:
        super().__init__(pad=(padding,) * 4 if isinstance(padding, int) else tuple(padding))

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C, H + top + bottom, W + left + right)."""
        return apply_pad(x, **self.options)


class Unfold(_Resizing):
    """All windows of an image as columns."""

    def __init__(self, kernel_size: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1) -> None:
        super().__init__(kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C, H, W) → y: (N, C · kH · kW, places)."""
        return apply_unfold(x, **self.options)


class Fold(_Resizing):
    """Columns laid back on an image; where they overlap they add up."""

    def __init__(
        self, output_size: Pair, kernel_size: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1
    ) -> None:
        super().__init__(
            output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride
        )

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, C · kH · kW, places) → y: (N, C, H, W)."""
        return apply_fold(x, **self.options)
