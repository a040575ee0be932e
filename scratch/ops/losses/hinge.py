"""Hinge loss, binary: the loss of the support vector machine.

    lossᵢ = max(0, 1 − tᵢ sᵢ)        y = (1/N) Σᵢ lossᵢ        (reduction "mean")

The input s is a score, any real number; its sign is the prediction. The target t is the label, −1 or +1, so t·s, the
margin, is positive where the prediction is right. Right by at least 1 costs nothing; below that the cost grows
linearly. So only the examples near the boundary or beyond it, the support vectors, have any influence.

Backward. Forward was 1 − t·s where that is positive and the constant 0 elsewhere, so now

    dinputᵢ = −tᵢ · dy / N where tᵢ sᵢ < 1, else 0

Exactly at the corner, t·s = 1, both slopes would do; 0 is taken, as with ReLU. The label is a constant of the loss
and gets no gradient.

Source: Cortes & Vapnik 1995, "Support-vector networks". PyTorch has no such function (its hinge_embedding_loss is for
distances); the reference is relu(1 − t·s).
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    label: Array  # (...), in the dtype of the scores
    shortfall: Array  # (...): how much is missing to a margin of 1
    reduction: str


def forward(input: Array, target: Array, *, reduction: str = "mean") -> tuple[Array, Cache]:
    """input: (...), target: (...) of −1 and +1 → y: (), or (...) for "none".

    Raises ValueError for different shapes and for labels that are not −1 or +1 (0 and 1, for example).
    """
    if input.shape != target.shape:
        raise ValueError(
            f"target must have the shape of input, no broadcasting; got input {input.shape}, target {target.shape}"
        )
    if not np.all((target == 1) | (target == -1)):
        raise ValueError(f"target must hold labels −1 and +1; got {sorted(set(target.ravel().tolist()))}")
    label = target.astype(input.dtype)
    shortfall = 1 - label * input
    return reduce(np.maximum(shortfall, 0), reduction, input.size), Cache(label, shortfall, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, None]:
    """dy: shape of y → dinput: (...), None for the labels."""
    dloss = reduce_backward(dy, cache.reduction, cache.label.size)
    return np.where(cache.shortfall > 0, -cache.label * dloss, 0), None
