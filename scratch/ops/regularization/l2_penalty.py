"""The L2 penalty: a price on the size of the weights, in squares.

    y = strength / 2 · Σ weight²

It is added to the loss. Backward: the square brings down a 2, which the half takes away:

    dweight = strength · weight · dy

The pull toward 0 grows with the weight: large weights pay most, and one that gets small is soon left alone. L2 makes
weights *small* and spreads a task over many of them. (Compare l1_penalty.) Small weights make a smooth function, one
that does not bend to meet every single example.

Is this weight decay? With plain gradient descent, yes. A step on loss + y is

    weight ← weight - lr · (gradient + strength · weight) = (1 - lr · strength) · weight - lr · gradient

so each step first shrinks the weight by a factor: the weight decays. That is `weight_decay` of optim.sgd. With Adam,
no. Adam divides each weight's gradient by the size that its gradients usually have, and the share strength · weight is
divided along with the rest: a weight with large gradients hardly decays. optim.adamw shrinks the weight beside the
division, by the same factor for all; it *decouples* the decay from the gradient.

Source: Hoerl & Kennard 1970, "Ridge regression"; Loshchilov & Hutter 2019, arXiv:1711.05101, on weight decay.
PyTorch: strength / 2 * weight.square().sum().
"""

from typing import NamedTuple

from ...types import Array
from ._checks import require_penalty


class Cache(NamedTuple):
    weight: Array  # (...)
    strength: float


def forward(weight: Array, *, strength: float) -> tuple[Array, Cache]:
    """weight: (...) → y: (). Raises ValueError for a negative strength, TypeError unless the weight holds floats."""
    require_penalty(weight, strength)
    total: Array = (weight * weight).sum()
    return strength / 2 * total, Cache(weight, strength)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: () → dweight: (...)."""
    return dy * cache.strength * cache.weight
