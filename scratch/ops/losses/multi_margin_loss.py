"""Multi-class hinge loss: the true class should beat every other one by a margin.

    lossₙ = (1/C) Σ_{c ≠ tₙ} w[tₙ] · max(0, margin − x[n, tₙ] + x[n, c])ᵖ        y = (1/N) Σₙ lossₙ

x is the input, one score per class; t the index of the true class; p is 1 or 2; w an optional weight per class. A rival
that stays behind by the margin costs nothing, whatever its score. p = 2 has no corner at 0 and punishes large
violations more than many small ones.

Backward. Let v[c] be the violation max(0, margin − x[t] + x[c]), 0 for c = t itself. Its p-th power has slope 1 (p = 1)
or 2 v[c] (p = 2) where v[c] > 0, else 0. Each violation contains x[c] with a plus and x[t] with a minus, so now

    dx[n, c] = w[t] / C · slope(v[c]) · dy / N        for c ≠ t
    dx[n, t] = −Σ_{c ≠ t} dx[n, c]                    the true class is pushed up by what pushes all rivals down

As in PyTorch a violation of exactly 0, or NaN, has slope 0. The weight, a constant of the loss, gets no gradient.

Source: Weston & Watkins 1999; Crammer & Singer 2001 take the worst rival only, not the sum over all of them.
PyTorch: torch.nn.functional.multi_margin_loss.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import class_axis, class_indices, class_weight
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    violation: Array  # (N, C), 0 for the true class
    true_class: Array  # (N, 1)
    factor: Array | float  # (N, 1): weight of the true class / C
    p: int
    reduction: str


def forward(
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    p: int = 1,
    margin: float = 1.0,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """input: (N, C) or (C,), target: (N,) or (), weight: (C,) → y: (), or target's shape for "none".

    Raises ValueError for other shapes, an index outside 0 … C − 1, a weight of another width, and p other than 1 or 2.
    """
    axis = class_axis(input)
    if input.ndim > 2:
        raise ValueError(f"input must be (N, C) or (C,); got input {input.shape}")
    class_indices(input, target, axis)
    class_weight(weight, input, axis)
    if p not in (1, 2):
        raise ValueError(f"p must be 1 or 2; got {p}")
    classes = input.shape[axis]
    true_class = np.expand_dims(target, axis)
    with np.errstate(invalid="ignore"):  # inf − inf is NaN, and NaN > 0 is False
        violation = margin - np.take_along_axis(input, true_class, axis) + input
    violation = np.where(violation > 0, violation, 0)
    np.put_along_axis(violation, true_class, 0, axis)
    factor = 1 / classes if weight is None else weight[true_class] / classes
    losses = (factor * (violation if p == 1 else violation * violation)).sum(axis)
    return reduce(losses, reduction, target.size), Cache(violation, true_class, factor, p, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, None, None]:
    """dy: shape of y → dinput: (N, C), None for target and weight."""
    violation, true_class, factor, p, reduction = cache
    dloss = np.expand_dims(reduce_backward(dy, reduction, true_class.size), -1)  # (N, 1)
    slope = (violation > 0).astype(violation.dtype) if p == 1 else 2 * violation
    dinput = factor * slope * dloss
    np.put_along_axis(dinput, true_class, -dinput.sum(-1, keepdims=True), -1)
    return dinput, None, None
