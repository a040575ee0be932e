"""From one loss per element (or per row) to the number that is minimized.

    none: the losses themselves        sum: Σᵢ lossᵢ        mean: Σᵢ lossᵢ / divisor

The divisor is usually how many losses there are; a loss with class weights divides by the sum of the weights instead.
The mean of nothing is NaN, as in PyTorch: no losses, all rows ignored, all weights 0.

Backward. Every loss enters the sum with slope 1, so it receives the gradient dy of the total unchanged, and under the
mean dy / divisor. That one number is what the caller multiplies its own slopes with; NumPy broadcasts it.
"""

import math

import numpy as np

from ...types import Array


def reduce(losses: Array, reduction: str, divisor: int | Array) -> Array:
    """losses: any shape → the same shape for "none", () for "sum" and "mean"."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'reduction must be "mean", "sum" or "none"; got {reduction!r}')
    if reduction == "none":
        return losses
    with np.errstate(invalid="ignore"):  # inf − inf is NaN
        total: Array = losses.sum()
    return total / (divisor or math.nan) if reduction == "mean" else total


def reduce_backward(dy: Array, reduction: str, divisor: int | Array) -> Array:
    """dy: shape of the reduced loss → gradient of each single loss: dy's shape, to be broadcast over the losses."""
    return dy / (divisor or math.nan) if reduction == "mean" else dy
