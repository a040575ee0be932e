"""The L1 penalty: a price on the size of the weights, in absolute values.

    y = strength · Σ |weight|

It is added to the loss. Backward: |w| has the slope 1 right of 0 and -1 left of it, so

    dweight = strength · sign(weight) · dy          0 where the weight is 0

The pull toward 0 is as strong for a small weight as for a large one. A weight that does not lower the loss by more than
`strength` per unit is pulled all the way: L1 makes weights *sparse*, many of them 0, and so selects features. (Compare
l2_penalty, whose pull fades.) With plain gradient steps a weight then jitters around 0, by learning rate · strength.

At 0 itself the slope jumps from -1 to 1, and each number in between is a subgradient. 0 is taken, as PyTorch does, so a
weight that is exactly 0 stays there.

Source: Tibshirani 1996, "Regression shrinkage and selection via the lasso". PyTorch: strength * weight.abs().sum().
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_penalty


class Cache(NamedTuple):
    weight: Array  # (...)
    strength: float


def forward(weight: Array, *, strength: float) -> tuple[Array, Cache]:
    """weight: (...) → y: (). Raises ValueError for a negative strength, TypeError unless the weight holds floats."""
    require_penalty(weight, strength)
    total: Array = np.abs(weight).sum()
    return strength * total, Cache(weight, strength)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: () → dweight: (...)."""
    weight, strength = cache
    sign = (weight > 0).astype(weight.dtype) - (weight < 0)  # np.sign(NaN) is NaN, and the slope is 0 there in PyTorch
    dweight: Array = dy * strength * sign
    return dweight
