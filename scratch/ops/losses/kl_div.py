"""Kullback–Leibler divergence: what it costs to believe in q where t is true.

    lossᵢ = tᵢ (log tᵢ − log qᵢ)        KL(t ‖ q) = Σᵢ lossᵢ ≥ 0, and 0 only for q = t

The input holds log q (the output of a log-softmax); the target holds t, or log t with `log_target`. Where t is 0 the
term is 0 · log 0 = 0: what never happens costs nothing. A KL divergence is a sum over the outcomes, so over a batch of
distributions the right average is "batchmean", Σ / N with N the first axis; "mean" divides by all N · C elements.

Backward. Forward was t log t − t · input, so now the input receives −t. The target occurs twice: its own entropy
term t log t gives log t + t · (1/t), the other one −input:

    dinputᵢ = −tᵢ · dlossᵢ        dtargetᵢ = (log tᵢ + tᵢ/tᵢ − inputᵢ) · dlossᵢ

t/t is of course 1, except at 0, where t log t has no slope and 0/0 = NaN says so, as PyTorch does. With log_target
the variable is s = log t, forward was eˢ (s − input), and by the product rule

    dinputᵢ = −eˢ · dlossᵢ        dtargetᵢ = (eˢ (s − input) + eˢ) · dlossᵢ

Source: Kullback & Leibler 1951. PyTorch: torch.nn.functional.kl_div.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import same_shape
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    input: Array  # (...)
    target: Array  # (...)
    log_target: bool
    divisor: int  # of the mean
    reduction: str


def forward(input: Array, target: Array, *, reduction: str = "mean", log_target: bool = False) -> tuple[Array, Cache]:
    """input, target: (...) → y: (), or (...) for "none". Raises ValueError where the shapes differ."""
    same_shape(input, target)
    if reduction not in ("mean", "batchmean", "sum", "none"):
        raise ValueError(f'reduction must be "mean", "batchmean", "sum" or "none"; got {reduction!r}')
    divisor = input.size
    if reduction == "batchmean":
        reduction, divisor = "mean", input.shape[0] if input.ndim else 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if log_target:
            losses = np.exp(target) * (target - input)
        else:
            losses = np.where(target == 0, 0, target * np.log(target)) - target * input
    return reduce(losses, reduction, divisor), Cache(input, target, log_target, divisor, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of y → dinput: (...), dtarget: (...)."""
    input, target, log_target, divisor, reduction = cache
    dloss = reduce_backward(dy, reduction, divisor)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if log_target:
            true = np.exp(target)
            return -true * dloss, (true * (target - input) + true) * dloss
        return -target * dloss, (np.log(target) + target / target - input) * dloss
