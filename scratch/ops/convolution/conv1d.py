"""Convolution of signals: sound, measurements over time, sequences of characters.

    y[n, o, p] = bias[o] + Σ_c Σ_j weight[o, c, j] · padded x[n, c, p · stride + j · dilation]

A signal is an image of one row, and this is conv2d with a kernel of one row. What is new is only what a place means: a
moment, so the kernel looks for a pattern in time. A kernel of K reads K moments; dilated by 1, 2, 4, 8 … from layer to
layer, few layers read far into the past.

Backward. The axis that forward put in is taken out of the gradients again.

Source: Waibel et al. 1989, "Phoneme recognition using time-delay neural networks". PyTorch:
torch.nn.functional.conv1d.
"""

from __future__ import annotations

from typing import Any

from ...types import Array
from . import conv2d
from ._geometry import check_operands, geometry_of
from .conv2d import Cache


def forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int] = 1,
    padding: int | tuple[int] | str = 0,
    dilation: int | tuple[int] = 1,
    groups: int = 1,
) -> tuple[Array, Cache]:
    """x: (N, C, L), weight: (O, C / groups, K), bias: (O,) or None → y: (N, O, L').

    padding="same" puts as many zeros around x as make y as long as x; "valid" puts none.
    Raises ValueError when the shapes do not fit each other, a number is out of its range or the kernel does not fit
    into the padded signal; TypeError when the arrays are not floating-point numbers of one dtype.
    """
    check_operands(x, weight, bias, groups, axes=1)
    geometry = geometry_of(x, weight, stride, padding, dilation, groups)
    image, kernel = x[:, :, None], weight[:, :, None]  # (N, C, 1, L), (O, C / groups, 1, K)
    y = conv2d.correlate(image, kernel, bias, geometry)
    return y[:, :, 0], Cache(image, kernel, bias is not None, geometry)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array | Any]:
    """dy: (N, O, L') → dx: (N, C, L), dweight: (O, C / groups, K), dbias: (O,), or None where there was no bias."""
    dx, dweight, dbias = conv2d.backward(dy[:, :, None], cache)
    return dx[:, :, 0], dweight[:, :, 0], dbias
