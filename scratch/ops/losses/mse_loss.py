"""Mean squared error.

    lossᵢ = (inputᵢ − targetᵢ)²        y = (1/N) Σᵢ lossᵢ        (reduction "mean", over all N elements)

The least-squares loss: its minimum is the mean of the targets, and a target twice as far away pulls twice as hard.

Backward. Forward took differences, squared and averaged them, so now the gradient dy of the average goes to each
loss as dy / N, through the square as 2 · difference, and to the two ends of the difference with opposite signs:

    dinputᵢ = 2 (inputᵢ − targetᵢ) · dy / N        dtargetᵢ = −dinputᵢ

PyTorch: torch.nn.functional.mse_loss, which also broadcasts different shapes, with a warning. Here they are refused.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import same_shape
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    difference: Array  # (...)
    reduction: str


def forward(input: Array, target: Array, *, reduction: str = "mean") -> tuple[Array, Cache]:
    """input, target: (...) → y: (), or (...) for "none". Raises ValueError where the shapes differ."""
    same_shape(input, target)
    with np.errstate(invalid="ignore"):  # inf − inf is NaN
        difference = input - target
    y = reduce(difference * difference, reduction, difference.size)
    return y, Cache(difference, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of y → dinput: (...), dtarget: (...)."""
    dloss = reduce_backward(dy, cache.reduction, cache.difference.size)
    dinput = 2 * cache.difference * dloss
    return dinput, -dinput
