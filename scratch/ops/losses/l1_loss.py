"""Mean absolute error.

    lossᵢ = |inputᵢ − targetᵢ|        y = (1/N) Σᵢ lossᵢ        (reduction "mean", over all N elements)

Its minimum is the median of the targets: an outlier pulls no harder than any other element.

Backward. Forward took differences, their absolute values, and averaged. The slope of |d| is the sign of d, so every
element receives the same amount dy / N, upward where it lies too high and downward where it lies too low:

    dinputᵢ = sign(inputᵢ − targetᵢ) · dy / N        dtargetᵢ = −dinputᵢ

|d| has no slope at 0; any number from −1 to 1 is a subgradient, and 0, the one in the middle, leaves a perfect
prediction alone. A NaN is neither above nor below and gets 0 too, as in PyTorch.

PyTorch: torch.nn.functional.l1_loss, which also broadcasts different shapes, with a warning. Here they are refused.
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
    y = reduce(np.abs(difference), reduction, difference.size)
    return y, Cache(difference, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of y → dinput: (...), dtarget: (...)."""
    dloss = reduce_backward(dy, cache.reduction, cache.difference.size)
    above, below = cache.difference > 0, cache.difference < 0
    sign = above.astype(cache.difference.dtype) - below
    dinput = sign * dloss
    return dinput, -dinput
