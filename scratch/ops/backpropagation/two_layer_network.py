"""Backpropagation through a whole classifier, every step written out.

    z      = x weight1ᵀ + bias1                    (N, hidden)
    hidden = max(z, 0)                             (N, hidden)    ReLU
    logits = hidden weight2ᵀ + bias2               (N, classes)
    p      = exp(logits) / Σ_classes exp(logits)   (N, classes)   softmax
    loss   = -mean_n log p[n, target[n]]           ()             cross-entropy

Forward is a chain of five functions, so by the chain rule the derivative of the loss is a product of five derivatives.
Backpropagation multiplies them from the loss end: what it carries is always a gradient of one number, the loss, hence
an array of the shape of the activation it belongs to, and never a Jacobian of activation by activation. One sweep, at
about twice the cost of forward, gives the gradient of every parameter there is.

Backward. Forward ended with loss, so start with dloss (1 in training), and undo the lines from the last to the first:

    loss from logits     With t = target[n], log p[t] = logits[t] - log Σ_c exp(logits[c]). The first term has slope one
                         at c = t; the second has slope exp(logits[c]) / Σ exp(logits) = p[c]. Hence
                         dlogits = (p - one_hot) · dloss / N: what the network believes minus what is true.
    logits from hidden   dhidden = dlogits weight2,  dweight2 = dlogitsᵀ hidden,  dbias2 = Σ_n dlogits
    hidden from z        dz = dhidden where z > 0, else 0: a neuron that was silent gets no gradient (at z = 0 itself
                         the slope is a choice, and PyTorch's is 0)
    z from x             dx = dz weight1,  dweight1 = dzᵀ x,  dbias1 = Σ_n dz

Forward subtracts the largest logit of each row before exp, which changes neither p nor the loss and keeps exp finite.

Source: Rumelhart, Hinton & Williams 1986. PyTorch: F.cross_entropy(F.linear(F.relu(F.linear(x, …)), …), target).
"""

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Array  # (N, in)
    weight1: Array  # (hidden, in)
    hidden: Array  # (N, hidden)
    weight2: Array  # (classes, hidden)
    probabilities: Array  # (N, classes)
    one_hot: Array  # (N, classes), True at the target


def forward(x: Array, weight1: Array, bias1: Array, weight2: Array, bias2: Array, target: Array) -> tuple[Array, Cache]:
    """x: (N, in), weight1: (hidden, in), bias1: (hidden,), weight2: (classes, hidden), bias2: (classes,), target: (N,)
    integers in 0 … classes - 1 → loss: (), NaN for an empty batch.

    Raises ValueError for shapes that do not fit and classes that do not exist, TypeError for a target that is not of
    integers.
    """
    _check(x, weight1, bias1, weight2, bias2, target)
    z = x @ weight1.T + bias1  # (N, hidden)
    hidden = np.maximum(z, 0)
    logits = hidden @ weight2.T + bias2  # (N, classes)

    shifted = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    totals = exponentials.sum(axis=1, keepdims=True)  # (N, 1)
    probabilities = exponentials / totals
    log_probabilities = shifted - np.log(totals)  # not log(p): p may have underflowed to 0
    one_hot = target[:, None] == np.arange(len(weight2), like=target)
    with np.errstate(invalid="ignore"):  # 0 / 0 for an empty batch
        loss: Array = -log_probabilities[one_hot].sum() / len(x)
    return loss, Cache(x, weight1, hidden, weight2, probabilities, one_hot)


def backward(dloss: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array, None]:
    """dloss: () → dx, dweight1, dbias1, dweight2, dbias2, each of the shape of its argument, and None for target."""
    x, weight1, hidden, weight2, probabilities, one_hot = cache

    dlogits = (probabilities - one_hot) * dloss  # (N, classes)
    dlogits /= len(x)  # an array operation, so that an empty batch divides nothing by 0

    dhidden = dlogits @ weight2  # (N, hidden)
    dweight2 = dlogits.T @ hidden  # (classes, hidden)
    dbias2 = dlogits.sum(axis=0)  # (classes,)

    dz = np.where(hidden > 0, dhidden, 0)  # (N, hidden)

    dx = dz @ weight1  # (N, in)
    dweight1 = dz.T @ x  # (hidden, in)
    dbias1 = dz.sum(axis=0)  # (hidden,)
    return dx, dweight1, dbias1, dweight2, dbias2, None


def _check(x: Array, weight1: Array, bias1: Array, weight2: Array, bias2: Array, target: Array) -> None:
    if x.ndim != 2 or weight1.ndim != 2 or x.shape[1] != weight1.shape[1]:
        raise ValueError(f"x must be (N, in) and weight1 (hidden, in); got x {x.shape} and weight1 {weight1.shape}")
    if weight2.ndim != 2 or weight2.shape[1] != len(weight1) or len(weight2) == 0:
        raise ValueError(
            f"weight2 must be (classes, hidden), one class or more, with hidden = {len(weight1)}; got {weight2.shape}"
        )
    if bias1.shape != weight1.shape[:1] or bias2.shape != weight2.shape[:1]:
        raise ValueError(
            f"bias1 must be (hidden,) = ({len(weight1)},) and bias2 (classes,) = ({len(weight2)},); "
            f"got bias1 {bias1.shape} and bias2 {bias2.shape}"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(f"target must hold integer class numbers; got dtype {target.dtype}")
    if target.shape != x.shape[:1]:
        raise ValueError(f"target must be (N,), one class per example; got target {target.shape} for x {x.shape}")
    if target.size and not 0 <= target.min() <= target.max() < len(weight2):
        raise ValueError(
            f"target must lie in 0 … {len(weight2) - 1}, one row of weight2 per class; "
            f"got values from {target.min()} to {target.max()}"
        )
