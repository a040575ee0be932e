"""Gradient descent: full batch, mini-batch and stochastic are one loop with another batch size.

    θ ← θ - learning_rate · ∂loss/∂θ

The gradient points to where the loss grows fastest, so a small step against it makes the loss smaller. Here θ are the
weight and the bias of a linear regression with the mean squared error over a batch of B examples:

    prediction = x weight + bias        loss = mean (prediction - y)²

    dprediction = 2 (prediction - y) / B        the square brings down the 2, the mean the 1/B
    dweight     = xᵀ dprediction
    dbias       = Σ dprediction

How many examples to average before taking a step?

    batch_size = all of them    full batch: the exact gradient, one expensive step an epoch
    batch_size = 1              stochastic: a step per example, cheap and noisy
    in between                  mini-batch: the mean over a random batch equals the full gradient on average, its noise
                                shrinks as 1/√B, and hardware computes B examples at once; what everybody uses

Because the loss is a *mean*, the length of a step does not depend on the batch size, and the short batch that is left
over at the end of an epoch counts as a batch like any other.

Source: Cauchy 1847; Robbins & Monro 1951 (stochastic). PyTorch: torch.optim.SGD on F.mse_loss.
"""

import numpy as np

from ..types import Array


def forward(
    x: Array, y: Array, weight: Array, bias: Array, order: Array, *, batch_size: int, learning_rate: float
) -> tuple[Array, Array]:
    """x: (N, in), y: (N,), weight: (in,), bias: (), order: (epochs, N) integers, the examples as each epoch takes them
    → weights: (updates, in), biases: (updates,), after every update.

    Raises ValueError when the shapes do not fit, order names an example that is not there or batch_size is below 1;
    TypeError when order is not of integers.
    """
    _check(x, y, weight, bias, order, batch_size)
    epochs, examples = order.shape
    updates_per_epoch = -(-examples // batch_size)  # rounded up: the last batch may be short
    weights = np.empty_like(weight, shape=(epochs * updates_per_epoch, len(weight)))
    biases = np.empty_like(weight, shape=len(weights))
    current_weight, current_bias = weight, bias
    for update in range(len(weights)):
        epoch, start = update // updates_per_epoch, update % updates_per_epoch * batch_size
        batch = order[epoch, start : start + batch_size]  # (B,)
        prediction = x[batch] @ current_weight + current_bias  # (B,)
        dprediction = 2 * (prediction - y[batch]) / len(batch)
        current_weight = current_weight - learning_rate * (x[batch].T @ dprediction)
        current_bias = current_bias - learning_rate * dprediction.sum()
        weights[update], biases[update] = current_weight, current_bias
    return weights, biases


def _check(x: Array, y: Array, weight: Array, bias: Array, order: Array, batch_size: int) -> None:
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"x must be (N, in) and y (N,); got x {x.shape} and y {y.shape}")
    if weight.shape != x.shape[1:] or bias.shape != ():
        raise ValueError(
            f"weight must be (in,) = {x.shape[1:]} and bias (); got weight {weight.shape} and bias {bias.shape}"
        )
    if order.dtype.kind not in "iu":
        raise TypeError(f"order must hold integer indices of examples; got dtype {order.dtype}")
    if order.ndim != 2:
        raise ValueError(f"order must be (epochs, N), one row per epoch; got order {order.shape}")
    if order.size and not 0 <= order.min() <= order.max() < len(x):
        raise ValueError(
            f"order must hold indices of examples, 0 … {len(x) - 1}; got values from {order.min()} to {order.max()}"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1; got {batch_size}")
