"""Convolution of images, by loops: the definition.

    y[n, o, h, w] = bias[o] + Σ weight[o] · window(n, h, w)        sum over channels, rows and columns of the kernel

    window(n, h, w) = padded x[n, :, h · stride : … : dilation, w · stride : … : dilation]        (C, kH, kW)

One neuron, with weights (C, kH, kW), looks at a small window of the image, and the same neuron is laid on every place:
it finds its pattern wherever that is. Steps of `stride` leave places out, `padding` puts zeros around the image so that
the kernel can be laid on its border, `dilation` spreads the kernel: it reads every dilation-th pixel only. With
`groups` each neuron reads its share of the channels only.

(The kernel is not flipped. What networks call convolution, mathematics calls correlation; weights that are learned do
not mind.)

Backward. Forward laid neuron o on a window and added up products. Backward goes to the same places with the same
windows, and each product pays both factors back, given dy[n, o, h, w] = ∂loss/∂y[n, o, h, w]:

    dwindow(n, h, w) += dy[n, o, h, w] · weight[o]        into padded dx: windows overlap, so it is a sum
    dweight[o]       += dy[n, o, h, w] · window(n, h, w)  the weight was used at every place of every image
    dbias[o]         += dy[n, o, h, w]

and what went to the padding is cut off: nobody reads it.

This is slow, and it is the definition: conv2d must give the same numbers.
Source: LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition". PyTorch:
torch.nn.functional.conv2d.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from ._geometry import Geometry, check_operands, geometry_of


class Cache(NamedTuple):
    padded: Array  # (N, C, H + above + below, W + left + right)
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
    padded = np.pad(x, ((0, 0), (0, 0), *geometry.margins))
    y = np.zeros_like(x, shape=(len(x), len(weight), *geometry.output))
    for n in range(len(x)):
        for o in range(len(weight)):
            for h, w, window in windows(o, weight, geometry):
                y[n, o, h, w] = (weight[o] * padded[n][window]).sum()
                if bias is not None:
                    y[n, o, h, w] += bias[o]
    return y, Cache(padded, weight, bias is not None, geometry)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array | Any]:
    """dy: (N, O, H', W') → dx: like x, dweight: like weight, dbias: (O,), or None where there was no bias."""
    padded, weight, has_bias, geometry = cache
    dpadded = np.zeros_like(padded)
    dweight = np.zeros_like(weight)
    dbias = np.zeros_like(weight, shape=len(weight))
    for n in range(len(dy)):
        for o in range(len(weight)):
            for h, w, window in windows(o, weight, geometry):
                dpadded[n][window] += dy[n, o, h, w] * weight[o]
                dweight[o] += dy[n, o, h, w] * padded[n][window]
                dbias[o] += dy[n, o, h, w]
    (top, _), (left, _) = geometry.margins
    height, width = geometry.size
    return dpadded[:, :, top : top + height, left : left + width], dweight, dbias if has_bias else None


def windows(o: int, weight: Array, geometry: Geometry) -> Iterator[tuple[int, int, tuple[slice, slice, slice]]]:
    """For neuron o: each place h, w of y, and the part of a padded image that it reads there, (C / groups, kH, kW)."""
    outputs, channels, height, width = weight.shape
    (rows, columns), (down, along) = geometry.output, geometry.dilation
    first = o // (outputs // geometry.groups) * channels
    for h in range(rows):
        for w in range(columns):
            top, left = h * geometry.stride[0], w * geometry.stride[1]
            of_rows, of_columns = slice(top, top + down * height, down), slice(left, left + along * width, along)
            yield h, w, (slice(first, first + channels), of_rows, of_columns)
