"""Transposed convolution: from a small image to a large one. A decoder's and a generator's way up.

Every number of x *paints* the kernel, times itself, onto y, at the place that a convolution would have read it from:

    padded y[n, o, h · stride + i · dilation, w · stride + j · dilation] += x[n, c, h, w] · weight[c, o, i, j]

so a stride of 2 makes y about twice as large as x, and where paintings overlap they add up. `padding` cuts that much
off the border of y. A convolution with a stride takes several sizes to the same size; `output_padding` says which of
them to go back to, by so many more rows and columns at the end:

    H' = (H - 1) · stride - 2 · padding + dilation · (kH - 1) + output_padding + 1

Seen as matrices, a convolution is y = A x for a large sparse A, and its backward is dx = Aᵀ dy. This is y = Aᵀ x: the
name. It is not the inverse, which would take a sum of paintings apart again.

Backward. Forward was the backward of a convolution from y to x; transposed once more, it is that convolution itself:

    dx      = convolution of dy by weight
    dweight = what that convolution would get, with dy as its input and x as the gradient of its output
    dbias   = Σ dy over images and places

Source: Zeiler, Krishnan, Taylor & Fergus 2010, "Deconvolutional networks"; Dumoulin & Visin 2016, arXiv:1603.07285.
PyTorch: torch.nn.functional.conv_transpose2d.
"""

from __future__ import annotations

from typing import Any

from ...types import Array
from .._sums import over_images
from ._geometry import check_operands, transposed_geometry_of
from .conv2d import Cache, correlate, input_gradient, weight_gradient


def forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    groups: int = 1,
    dilation: int | tuple[int, int] = 1,
) -> tuple[Array, Cache]:
    """x: (N, C, H, W), weight: (C, O / groups, kH, kW), bias: (O,) or None → y: (N, O, H', W').

    Raises ValueError when the shapes do not fit each other, a number is out of its range, nothing is left of y, or
    output_padding is not smaller than stride or dilation: the row that it adds would lie beyond anything painted.
    TypeError when the arrays are not floating-point numbers of one dtype.
    """
    check_operands(x, weight, bias, groups, transposed=True)
    geometry = transposed_geometry_of(x, weight, stride, padding, output_padding, dilation, groups)
    y = input_gradient(x, weight, geometry)
    if bias is not None:
        y += bias.reshape(-1, 1, 1)
    return y, Cache(x, weight, bias is not None, geometry)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array | Any]:
    """dy: (N, O, H', W') → dx: like x, dweight: like weight, dbias: (O,), or None where there was no bias."""
    x, weight, has_bias, geometry = cache
    dx = correlate(dy, weight, None, geometry)
    dweight = weight_gradient(x, dy, weight, geometry)
    dbias = over_images(dy) if has_bias else None
    return dx, dweight, dbias
