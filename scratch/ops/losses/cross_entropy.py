"""Cross-entropy: softmax, logarithm and negative log-likelihood in one.

    log p = log_softmax(input)        lossₙ = −Σ_c s[n, c] · log p[n, c]        y = Σₙ lossₙ / divisor

The input holds logits, (N, C) or (N, C, d1, …) or unbatched (C,). All the options of this loss are a matter of what
*share* s[n, c] class c has in the loss of row n:

    target of class indices       s[n] is one-hot: 1 at the index, 0 elsewhere; 0 throughout where it is ignore_index
    target of probabilities       s[n] = target[n]
    label_smoothing = ε           s becomes (1 − ε) s + ε / C: some of it goes to every class, the true one included
    weight                        s[n, c] is multiplied by weight[c]

A mean over class indices divides by Σ weight[tₙ] over the rows that are not ignored (so by their number where there
is no weight); over probabilities, by the number of rows. A mean of no rows is 0 / 0 = NaN.

Stable. log softmax(x) = (x − m) − log Σ exp(x − m) with m = max x: the largest exponent is 0, so nothing overflows,
and the sum is at least 1, so its logarithm is finite. And 0 · log 0 counts as 0: a class with no share has no say.

Backward. Forward was a sum of −s · log p, so log p[c] receives −s[c]. Through log p[c] = x[c] − log Σ_k exp(x[k]),
where the slope of the last term is softmax(x), p, every logit receives its own −s and loses p times all of them:

    dinput[n, c] = (p[n, c] · Σ_k s[n, k] − s[n, c]) · dy / divisor        0 in ignored rows

With one class index Σ s = 1 and this is the famous "probabilities minus one-hot". Target probabilities receive
−log p, times what smoothing and weight have made of them. The weight is a constant of the loss and gets no gradient.

PyTorch: torch.nn.functional.cross_entropy. Label smoothing: Szegedy et al. 2015, arXiv:1512.00567.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import slices
from .._sums import over_middle
from ..activations import log_softmax
from ._checks import class_axis, class_indices, class_weight, same_shape
from ._reduction import reduce, reduce_backward


class Cache(NamedTuple):
    log_probability: Array  # (N, C, d1, …)
    share: Array  # (N, C, d1, …)
    kept: Array  # (N, d1, …): False in ignored rows
    target_slope: Array | float | None  # ∂share/∂target, (C, 1, …) or a number; None where target holds indices
    divisor: int | Array  # of the mean
    axis: int  # of the classes
    reduction: str


def forward(
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> tuple[Array, Cache]:
    """input: (N, C, d1, …) or (C,); target: indices (N, d1, …) or (), or probabilities like input; weight: (C,).

    → y: (), or (N, d1, …) for "none". Raises ValueError for a target of another shape or an index outside 0 … C − 1,
    for a weight of another width, and for label_smoothing outside [0, 1].
    """
    axis = class_axis(input)
    classes = input.shape[axis]
    class_weight(weight, input, axis)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must lie in [0, 1]; got {label_smoothing}")
    along_classes = (classes,) + (1,) * (input.ndim - axis - 1)  # so that it broadcasts against (N, C, d1, …)
    class_weights: Array | float = 1.0 if weight is None else weight.reshape(along_classes)

    target_slope: Array | float | None = None
    if target.dtype.kind == "f":
        share, kept = _probabilities(input, target, axis, ignore_index)
        divisor = kept.size
        target_slope = (1 - label_smoothing) * class_weights
    else:
        share, kept = _one_hot(input, target, axis, ignore_index)
        divisor = int(kept.sum()) if weight is None else (share * class_weights).sum()
    if label_smoothing > 0:
        smoothed = (1 - label_smoothing) * share + label_smoothing / classes
        share = np.where(np.expand_dims(kept, axis), smoothed, 0)
    if weight is not None:
        share = share * class_weights

    log_probability, _ = log_softmax.forward(input, dim=axis)
    losses = np.empty_like(input, shape=(*input.shape[:axis], 1, *input.shape[axis + 1 :]), order="C")
    with np.errstate(invalid="ignore"):  # 0 · log 0 is NaN before it is replaced
        for s, log_p, loss, surprise in slices(axis, share, log_probability, losses, spare=1):
            np.negative(over_middle(np.multiply(s, log_p, out=surprise)), out=loss)
            if np.isnan(loss).any():
                np.copyto(surprise, 0, where=s == 0)
                np.negative(over_middle(surprise), out=loss)
    y = reduce(losses.squeeze(axis), reduction, divisor)
    return y, Cache(log_probability, share, kept, target_slope, divisor, axis, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array | None, None]:
    """dy: shape of y → dinput: like input, dtarget: like target, or None for indices; None for the weight."""
    log_probability, share, kept, target_slope, divisor, axis, reduction = cache
    dloss = np.where(kept, reduce_backward(dy, reduction, divisor), 0)  # (N, d1, …)
    dloss = np.expand_dims(dloss, axis)  # (N, 1, d1, …)
    dinput = np.empty_like(share, order="C")
    with np.errstate(invalid="ignore"):  # 0 · inf is NaN
        for s, log_p, slope, dx in slices(axis, share, log_probability, dloss, dinput):
            np.exp(log_p, out=dx)
            dx *= over_middle(s)
            dx -= s
            dx *= slope
        dtarget = None if target_slope is None else dloss * (target_slope * -log_probability)
    return dinput, dtarget, None


def _one_hot(input: Array, target: Array, axis: int, ignore_index: int) -> tuple[Array, Array]:
    """(N, d1, …) indices → share of each class: (N, C, d1, …), which rows are kept: (N, d1, …)."""
    class_indices(input, target, axis, ignore_index)
    kept = target != ignore_index
    share, true_class = np.zeros_like(input, order="C"), np.where(kept, target, 0)
    np.put_along_axis(share, np.expand_dims(true_class, axis), np.expand_dims(kept, axis).astype(share.dtype), axis)
    return share, kept


def _probabilities(input: Array, target: Array, axis: int, ignore_index: int) -> tuple[Array, Array]:
    """(N, C, d1, …) probabilities → the same as shares, and every row is kept."""
    same_shape(input, target)
    if ignore_index >= 0:
        raise ValueError(f"ignore_index is for class indices, not for probabilities; got {ignore_index}")
    return target, np.ones_like(target.take(0, axis), dtype=bool)
