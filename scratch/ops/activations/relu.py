"""Rectified linear unit: let the positive through, stop the negative.

    y = max(x, 0)

Backward. Forward was one of two straight lines, so the slope is one of two constants:

    dx = dy   where y > 0        (slope 1)
    dx = 0    where y = 0        (slope 0)

At x = 0 the two lines meet in a kink that has no derivative; any slope from 0 to 1 would do, and 0 is PyTorch's choice
and ours. On the positive side the slope is 1, so gradients cross many layers unshrunk, which is what made deep networks
trainable. The price: a neuron that is negative for every example gets no gradient and never recovers ("dead ReLU").

Source: Nair & Hinton 2010; Glorot, Bordes & Bengio 2011. PyTorch: torch.nn.functional.relu.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating


class Cache(NamedTuple):
    y: Array  # any shape


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, ≥ 0; NaN stays NaN.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y = np.maximum(x, 0)
    return y, Cache(y)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape.

    The slope is written y ≠ 0 rather than y > 0, so that a NaN lets the gradient through, as in PyTorch. And it is
    multiplied rather than chosen with np.where, which is many times slower where signs are random.
    """
    dx: Array = dy * (cache.y != 0)
    return dx
