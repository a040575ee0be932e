"""One neuron: weigh the inputs, add a bias, squash the result into (0, 1).

    z = weight · x + bias        y = σ(z) = 1 / (1 + e⁻ᶻ)

The formula as written overflows: e⁻ᶻ is infinite in float32 from z = -89 on. Multiplying above and below by eᶻ gives
the same number as eᶻ / (1 + eᶻ), which overflows on the other side. So take e = e^(-|z|), which never exceeds one, and
choose by the sign of z:

    y = 1 / (1 + e)  for z ≥ 0        y = e / (1 + e)  for z < 0

Backward. Forward was x, weight → z → y; backward walks the same chain from the end.

    dz      = dy · y (1 - y)    since σ' = e⁻ᶻ / (1 + e⁻ᶻ)² = σ (1 - σ): the slope is known from the output alone. It is
                                at most 1/4, and close to 0 once the neuron is sure of itself: a saturated neuron learns
                                slowly
    dx      = dz · weight       as in the dot product
    dweight = dz · x
    dbias   = dz

Source: McCulloch & Pitts 1943, Rosenblatt 1958 (both with a step for σ).
PyTorch: torch.sigmoid(torch.dot(weight, x) + bias).
"""

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Array  # (in,)
    weight: Array  # (in,)
    y: Array  # ()


def forward(x: Array, weight: Array, bias: Array) -> tuple[Array, Cache]:
    """x, weight: (in,), bias: () → y: (), between 0 and 1.

    Raises ValueError unless x and weight are vectors of the same length and bias is a single number.
    """
    if x.ndim != 1 or x.shape != weight.shape:
        raise ValueError(f"x and weight must be vectors of the same length; got x {x.shape} and weight {weight.shape}")
    if bias.shape != ():
        raise ValueError(f"bias must be a single number, of shape (); got bias {bias.shape}")
    z = np.dot(weight, x) + bias  # ()
    e = np.exp(-abs(z))
    y: Array = np.where(z >= 0, 1, e) / (1 + e)
    return y, Cache(x, weight, y)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: () → dx, dweight: (in,), dbias: ()."""
    x, weight, y = cache
    dz = dy * y * (1 - y)
    dx = dz * weight
    dweight = dz * x
    dbias = dz
    return dx, dweight, dbias
