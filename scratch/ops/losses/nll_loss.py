"""Negative log-likelihood: minus the log-probability that was given to the class that is true.

    lossₙ = −w[tₙ] · input[n, tₙ]        y = Σₙ lossₙ / Σₙ w[tₙ]        (reduction "mean")

The input holds log-probabilities (the output of a log-softmax), t the index of the true class of each row. A row may
have further axes: an image has one class a pixel, input (N, C, H, W) and target (N, H, W). `weight` makes some classes
count more, and the mean is the weighted one: with weights, it divides by their sum and not by the number of rows.
A row whose target is `ignore_index` (padding, a pixel without a label) counts nowhere, in the sum or in the divisor;
where all rows are ignored the mean is 0 / 0 = NaN.

Backward. Forward picked one number a row and multiplied it by −w, so now one number a row gets a gradient:

    dinput[n, tₙ] = −w[tₙ] · dy / Σₙ w[tₙ]        0 for all other classes, and for ignored rows

The target is an index and the weight a constant of the loss: neither gets a gradient.

PyTorch: torch.nn.functional.nll_loss.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import class_axis, class_indices, class_weight
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    input: Array  # (N, C, d1, …), for its shape and dtype
    true_class: Array  # (N, d1, …), 0 in ignored rows
    share: Array  # (N, d1, …): the weight of the true class, 0 in ignored rows
    kept: Array  # (N, d1, …): False in ignored rows
    axis: int  # of the classes
    reduction: str


def forward(
    input: Array, target: Array, weight: Array | None = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> tuple[Array, Cache]:
    """input: (N, C, d1, …) or (C,), target: (N, d1, …) or (), weight: (C,) → y: (), or target's shape for "none".

    Raises ValueError for a target of another shape or outside 0 … C − 1, and for a weight of another width.
    """
    axis = class_axis(input)
    class_indices(input, target, axis, ignore_index)
    class_weight(weight, input, axis)
    kept = target != ignore_index
    true_class = np.where(kept, target, 0)
    share = kept.astype(input.dtype) if weight is None else np.where(kept, weight[true_class], 0)
    picked = np.take_along_axis(input, np.expand_dims(true_class, axis), axis).squeeze(axis)
    with np.errstate(invalid="ignore"):  # a weight of 0 on an impossible class: 0 · inf is NaN
        losses = np.where(kept, -share * picked, 0)
    return reduce(losses, reduction, share.sum()), Cache(input, true_class, share, kept, axis, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, None, None]:
    """dy: shape of y → dinput: (N, C, d1, …), None for target and weight."""
    input, true_class, share, kept, axis, reduction = cache
    with np.errstate(invalid="ignore"):  # 0 · inf is NaN
        dpicked = np.where(kept, -share * reduce_backward(dy, reduction, share.sum()), 0)
    dinput = np.zeros_like(input)
    np.put_along_axis(dinput, np.expand_dims(true_class, axis), np.expand_dims(dpicked, axis), axis)
    return dinput, None, None
