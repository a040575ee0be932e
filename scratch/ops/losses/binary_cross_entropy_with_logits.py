"""Binary cross-entropy of logits: sigmoid and cross-entropy in one, without ever computing log of a probability.

    p = σ(x) = 1 / (1 + e⁻ˣ)        lossᵢ = −wᵢ [ q tᵢ log pᵢ + (1 − tᵢ) log(1 − pᵢ) ]

x is the input, any real number; t the target in [0, 1]; w an optional weight; q an optional `pos_weight`, which
counts the positive examples q times (usually negatives per positive, where the positives are rare).

Stable. In float32 σ(20) is 1, log(1 − σ(20)) is −inf, and training is over. But both logarithms are one function:

    −log σ(x) = log(1 + e⁻ˣ) = softplus(−x)        −log(1 − σ(x)) = log(1 + eˣ) = softplus(x)
    softplus(x) = max(x, 0) + log(1 + e^−|x|)      the exponent is never positive: nothing can overflow
    σ(x) = e^min(x, 0) / (1 + e^−|x|)              for the same reason, on the way back

so lossᵢ = wᵢ [ q t softplus(−x) + (1 − t) softplus(x) ], a sum of terms that are never negative: nothing cancels.

Backward. The slope of softplus(x) is σ(x), that of softplus(−x) is −σ(−x), so now

    dloss/dx = (1 − t) σ(x) − q t σ(−x)            which is just σ(x) − t without pos_weight
    dloss/dt = q softplus(−x) − softplus(x)        which is just −x without pos_weight

times w, times the gradient of the reduction. Compare the p (1 − p) in the denominator of `binary_cross_entropy`: the
slope of the sigmoid has cancelled it, and a confident mistake learns at full speed. Both weights are constants of the
loss and get no gradient.

PyTorch: torch.nn.functional.binary_cross_entropy_with_logits.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import broadcasts, same_shape
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    input: Array  # (...)
    target: Array  # (...)
    weight: Array | None  # broadcasts to (...)
    pos_weight: Array | None  # broadcasts to (...)
    decay: Array  # (...): e^−|x|
    reduction: str


def forward(
    input: Array,
    target: Array,
    weight: Array | None = None,
    pos_weight: Array | None = None,
    *,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """input, target: (...), weight and pos_weight broadcast to it → y: (), or (...) for "none"."""
    same_shape(input, target)
    broadcasts("weight", weight, input)
    broadcasts("pos_weight", pos_weight, input)
    positive = target if pos_weight is None else target * pos_weight
    losses, decay = (np.empty_like(input, order="C") for _ in range(2))
    with np.errstate(invalid="ignore"):  # 0 · inf is NaN: target 1 at x = inf, target 0 at x = −inf
        for x, t, positive_, decay_, loss in elements(input, target, positive, decay, losses):
            np.exp(-np.abs(x), out=decay_)
            if_yes, if_no = _surprises(x, decay_)
            np.add(positive_ * if_yes, (1 - t) * if_no, out=loss)
        if weight is not None:
            losses = losses * weight
    return reduce(losses, reduction, input.size), Cache(input, target, weight, pos_weight, decay, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, None, None]:
    """dy: shape of y → dinput: (...), dtarget: (...), None for both weights."""
    input, target, weight, pos_weight, decay, reduction = cache
    dloss = reduce_backward(dy, reduction, input.size)
    if weight is not None:
        dloss = dloss * weight
    positive = target if pos_weight is None else target * pos_weight
    dinput = np.empty_like(input, order="C")
    for x, t, positive_, decay_, slope in elements(input, target, positive, decay, dinput):
        yes = np.exp(np.minimum(x, 0)) / (1 + decay_)  # σ(x)
        no = np.exp(np.minimum(-x, 0)) / (1 + decay_)  # σ(−x)
        np.subtract((1 - t) * yes, positive_ * no, out=slope)
    dinput *= dloss
    with np.errstate(invalid="ignore"):  # 0 · inf is NaN
        dtarget = dloss * _target_slope(input, pos_weight, decay)
    return dinput, dtarget, None, None


def _surprises(x: Array, decay: Array) -> tuple[Array, Array]:
    """−log σ(x) = softplus(−x) and −log(1 − σ(x)) = softplus(x), given e^−|x|."""
    tail = np.log1p(decay)
    return np.maximum(-x, 0) + tail, np.maximum(x, 0) + tail


def _target_slope(x: Array, pos_weight: Array | None, decay: Array) -> Array:
    if pos_weight is None:
        return -x
    if_yes, if_no = _surprises(x, decay)
    return pos_weight * if_yes - if_no
