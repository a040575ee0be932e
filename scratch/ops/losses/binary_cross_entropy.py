"""Binary cross-entropy of probabilities: how surprised a forecaster who says "yes with probability p" is.

    lossᵢ = −wᵢ [ tᵢ log pᵢ + (1 − tᵢ) log(1 − pᵢ) ]        y = (1/N) Σᵢ lossᵢ        (reduction "mean")

p is the input, a probability; t the target, also one (usually 0 or 1); w an optional weight. A forecast of 0 for what
does happen would be infinitely surprising, so, as in PyTorch, no logarithm counts as less than −100.

Backward. Forward was t log p + (1 − t) log(1 − p), so now the two logarithms give t/p and −(1 − t)/(1 − p):

    dloss/dp = −t/p + (1 − t)/(1 − p) = (p − t) / (p (1 − p))        dloss/dt = −log p + log(1 − p) = −log(p / (1 − p))

both times w, times the gradient of the reduction. A confident forecast makes p (1 − p) tiny and the quotient huge;
PyTorch keeps the denominator at 1e-12 or more, so a certain and right forecast (p = t = 0) gets 0 / 1e-12 = 0 and a
certain and wrong one ±1e12. That explosion is why networks are trained on `binary_cross_entropy_with_logits`, where
the p (1 − p) of the sigmoid cancels it. The logarithms of dloss/dt are not clamped (PyTorch's are not either).
The weight is a constant of the loss and gets no gradient.

PyTorch: torch.nn.functional.binary_cross_entropy.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import all_within, broadcasts, same_shape
from ._reduction import reduce, reduce_backward

EPSILON = float(np.float32(1e-12))  # PyTorch's constant is a float32, in float64 too


class Cache(NamedTuple):
    probability: Array  # (...)
    target: Array  # (...)
    weight: Array | None  # broadcasts to (...)
    reduction: str


def forward(
    input: Array, target: Array, weight: Array | None = None, *, reduction: str = "mean"
) -> tuple[Array, Cache]:
    """input, target: (...), weight broadcasts to it → y: (), or (...) for "none".

    Raises ValueError for different shapes and for what is no probability, in input or target.
    """
    same_shape(input, target)
    broadcasts("weight", weight, input)
    all_within("input", input, 0, 1)
    all_within("target", target, 0, 1)
    with np.errstate(divide="ignore"):  # log 0 is −inf, and then clamped
        log_yes = np.maximum(np.log(input), -100)
        log_no = np.maximum(np.log1p(-input), -100)
    losses = (target - 1) * log_no - target * log_yes
    if weight is not None:
        losses = losses * weight
    return reduce(losses, reduction, input.size), Cache(input, target, weight, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, None]:
    """dy: shape of y → dinput: (...), dtarget: (...), None for the weight."""
    p, target, weight, reduction = cache
    dloss = reduce_backward(dy, reduction, p.size)
    if weight is not None:
        dloss = dloss * weight
    dinput = dloss * (p - target) / np.maximum((1 - p) * p, EPSILON)
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 is −inf, times a weight of 0 it is NaN
        dtarget = dloss * -np.log(p / (1 - p))
    return dinput, dtarget, None
