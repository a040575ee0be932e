"""The hyperbolic tangent: a sigmoid from -1 to 1, with 0 in the middle.

    y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ) = 2 · sigmoid(2x) - 1

NumPy has it, and computes it from neither form: both lose their digits near 0, where y ≈ x, and the first overflows.

Backward. Forward was a quotient p / q with p = eˣ - e⁻ˣ and q = eˣ + e⁻ˣ, and each is the other's derivative:

    dy/dx = (q · q - p · p) / q² = 1 - y²

    dx = dy · (1 - y²)

so the output alone is enough. Around 0 the slope is 1, not the sigmoid's 1/4, and the outputs are centred, which makes
the next layer easier to train; far from 0 the gradient still vanishes.

Source: LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp". PyTorch: torch.tanh.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating


class Cache(NamedTuple):
    y: Array  # any shape


def forward(x: Array) -> tuple[Array, Cache]:
    """x: any shape → y: the same shape, between -1 and 1.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    y = np.tanh(x)
    return y, Cache(y)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    dx = np.empty_like(dy, order="C")
    for dy_, y, dx_ in elements(dy, cache.y, dx):
        np.multiply(dy_, 1 - y * y, out=dx_)
    return dx
