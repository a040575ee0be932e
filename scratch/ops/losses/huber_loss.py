"""Huber loss: squared error near the target, absolute error far from it.

    d = input − target        lossᵢ = ½ dᵢ²                   where |dᵢ| < delta
                              lossᵢ = delta (|dᵢ| − ½ delta)  elsewhere

Near 0 it is smooth, as the squared error is, so training settles; far away it grows like the absolute error, so an
outlier does not dominate. The term −½ delta makes the two pieces meet: both give ½ delta² at |d| = delta.

Let c be d clipped to [−delta, delta]: d itself near the target, delta · sign(d) far from it. Then both are one formula:

    lossᵢ = cᵢ (dᵢ − ½ cᵢ)

Backward. The slope of the first piece is d, that of the second delta · sign(d): together they are c. So that is all
the Huber loss does: it is least squares with its gradient clipped.

    dinputᵢ = cᵢ · dy / N        dtargetᵢ = −dinputᵢ        (reduction "mean")

Source: Huber 1964, "Robust estimation of a location parameter". PyTorch: torch.nn.functional.huber_loss.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import same_shape
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    clipped: Array  # (...): the difference, at most delta in size
    reduction: str


def forward(input: Array, target: Array, *, reduction: str = "mean", delta: float = 1.0) -> tuple[Array, Cache]:
    """input, target: (...) → y: (), or (...) for "none". Raises ValueError for different shapes or delta ≤ 0."""
    same_shape(input, target)
    if not delta > 0:
        raise ValueError(f"delta must be positive; got {delta}")
    with np.errstate(invalid="ignore"):  # inf − inf is NaN
        difference = input - target
    clipped = np.clip(difference, -delta, delta)
    losses = clipped * (difference - 0.5 * clipped)
    return reduce(losses, reduction, losses.size), Cache(clipped, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of y → dinput: (...), dtarget: (...)."""
    dinput = cache.clipped * reduce_backward(dy, cache.reduction, cache.clipped.size)
    return dinput, -dinput
