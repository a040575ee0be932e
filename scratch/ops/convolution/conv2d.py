"""Convolution of images, as fast as NumPy does it.

    y[n, o, h, w] = bias[o] + Σ_c,i,j weight[o, c, i, j] · padded x[n, c, h · stride + i · dilation,
                                                                          w · stride + j · dilation]

One neuron looks at a small window, and the same neuron is laid on every place: it finds its pattern wherever that is,
with few weights. (The kernel is not flipped: what networks call convolution, mathematics calls correlation.) With
`groups`, the channels are dealt out to so many convolutions side by side; as many groups as channels is "depthwise".

The definition in loops, conv2d_loops, shows where each product comes from. Here they are made many at a time: `Columns`
lays the windows out as matrices, one for each row i of the kernel, and

    y = Σ_i weight_i @ matrix_i        (O, kW · C) @ (kW · C, places), for each image and each group

Backward. Forward multiplied, so backward is two products, each with the other factor of forward:

    dbias     = Σ dy                           over images and places
    dweight_i = Σ_images dy @ matrix_iᵀ        (O, places) @ (places, kW · C)
    dmatrix_i = weight_iᵀ @ dy                 (kW · C, O) @ (O, places)

and each number of dmatrix is added to the place of x that it was copied from. Several windows may have read one place,
so it *is* a sum. With a stride of 1 that sum is a convolution again: x[p] went into y[p - i · dilation] with weight[i],
so

    dx[p] = Σ_i weight[i] · dy[p - i · dilation]

the same as forward, on dy, with the kernel flipped in both directions and with inputs and outputs exchanged; y is
smaller than x by dilation · (k - 1) - 2 · padding, so dy is padded by dilation · (k - 1) - padding on each side.

Source: LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition"; as matrix
products: Chellapilla, Puri & Simard 2006. PyTorch: torch.nn.functional.conv2d.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from .._sums import over_images
from ._columns import Columns, better_stacked, from_kernel_rows, in_groups, kernel_rows
from ._geometry import Geometry, check_operands, geometry_of
from ._products import multiply, multiply_back, multiply_over_images, transposed


class Cache(NamedTuple):
    x: Array  # (N, C, H, W)
    weight: Array  # (O, C / groups, kH, kW)
    has_bias: bool
    geometry: Geometry


def forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] | str = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> tuple[Array, Cache]:
    """x: (N, C, H, W), weight: (O, C / groups, kH, kW), bias: (O,) or None → y: (N, O, H', W').

    padding="same" puts as many zeros around x as make y as large as x; "valid" puts none.
    Raises ValueError when the shapes do not fit each other, a number is out of its range or the kernel does not fit
    into the padded image; TypeError when the arrays are not floating-point numbers of one dtype.
    """
    check_operands(x, weight, bias, groups)
    geometry = geometry_of(x, weight, stride, padding, dilation, groups)
    return correlate(x, weight, bias, geometry), Cache(x, weight, bias is not None, geometry)


def backward(dy: Array, cache: Cache, *, needed: Container[int] = (0, 1, 2)) -> tuple[Array | Any, ...]:
    """dy: (N, O, H', W') → dx: like x, dweight: like weight, dbias: (O,), or None where there was no bias.

    needed: the positions of the arguments whose gradients somebody waits for. The first layer's x is an image, which
    needs none, and that is a third of the work.
    """
    x, weight, has_bias, geometry = cache
    dx = input_gradient(dy, weight, geometry) if 0 in needed else None
    dweight = weight_gradient(dy, x, weight, geometry) if 1 in needed else None
    dbias = over_images(dy) if has_bias and 2 in needed else None
    return dx, dweight, dbias


def correlate(x: Array, weight: Array, bias: Array | None, geometry: Geometry) -> Array:
    """The kernel on every place: y = Σ_i weight_i @ matrix_i + bias."""
    groups, (rows, places) = geometry.groups, geometry.output
    stacked = better_stacked(weight, groups)
    grouped, weights = in_groups(x, groups), kernel_rows(weight, groups, stacked=stacked)
    columns = Columns(x, x.shape[1], geometry, stacked=stacked)
    y = np.empty_like(x, shape=(len(x), *weights.shape[1:3], rows * places), order="C")
    term = np.empty_like(y, shape=(columns.images, *y.shape[1:]))
    for block in columns.blocks(len(x)):
        sums = y[block]
        for i, matrix in enumerate(columns.load(grouped[block])):
            if i == 0:
                multiply(weights[i], matrix, out=sums)
            else:
                multiply(weights[i], matrix, out=term[: len(sums)])
                sums += term[: len(sums)]
        if bias is not None:
            sums += bias.reshape(groups, -1, 1)
    return y.reshape(len(x), len(weight), rows, places)


def weight_gradient(dy: Array, x: Array, weight: Array, geometry: Geometry) -> Array:
    """dweight_i = Σ_images dy @ matrix_iᵀ, for the kernel that took x to y."""
    groups, (rows, places) = geometry.groups, geometry.output
    stacked = better_stacked(weight, groups)
    columns, grouped = Columns(x, x.shape[1], geometry, stacked=stacked), in_groups(x, groups)
    dy = in_groups(dy.reshape(*dy.shape[:2], rows * places), groups)
    dweights = np.zeros_like(kernel_rows(weight, groups, stacked=stacked))
    for block in columns.blocks(len(x)):
        dy_transposed = transposed(dy[block], uses=weight[0].size)
        for i, matrix in enumerate(columns.load(grouped[block])):
            dweights[i] += multiply_over_images(dy_transposed, matrix)
    return from_kernel_rows(dweights, weight, stacked=stacked)


def input_gradient(dy: Array, weight: Array, geometry: Geometry) -> Array:
    """dx: every number of dy goes back, times the weight, to the places of x that it came from."""
    groups, (rows, places) = geometry.groups, geometry.output
    channels = weight.shape[1] * groups
    if geometry.stride == (1, 1):
        (top, bottom), (left, right) = geometry.margins
        down, along = (d * (k - 1) for d, k in zip(geometry.dilation, geometry.kernel, strict=True))
        margins = (down - top, down - bottom), (along - left, along - right)
        exchanged = weight.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2).reshape(channels, -1, *geometry.kernel)
        flipped = exchanged[:, :, ::-1, ::-1]
        back = geometry._replace(size=geometry.output, output=geometry.size, margins=margins)
        return correlate(dy, flipped, None, back)
    columns = Columns(dy, channels, geometry, stacked=False)
    dx = np.zeros_like(dy, shape=(len(dy), channels, *geometry.size), order="C")
    grouped, dy, weights = in_groups(dx, groups), in_groups(dy, groups), kernel_rows(weight, groups, stacked=False)
    weights = transposed(weights, uses=dy[:, 0].size)
    dy = dy.reshape(*dy.shape[:3], rows * places)
    for block in columns.blocks(len(dy)):
        columns.clear()
        for i, dmatrix in enumerate(columns.matrices(len(dy[block]))):
            dmatrix += multiply_back(weights[i], dy[block])
        columns.add_back(grouped[block])
    return dx
