"""Gradient accumulation: a large batch in small pieces, one after another, for one update.

    optimizer.zero_grad()
    for each micro-batch of the batch:
        loss = Σ over the micro-batch of (prediction - y)² / B          B: examples in the whole batch
        loss.backward()                                                 adds to the gradients that are there
    optimizer.step()

What a layer must remember for its backward grows with the batch, and soon fills the memory. But the loss of a batch is
a mean, and the gradient of a sum is the sum of the gradients. Since `backward` *adds* to `grad`, the gradients of the
pieces come to the gradient of the whole, as long as each is weighed by its share:

    mean over the batch  =  Σ over micro-batches of (their size / B) · (their mean)

For pieces of equal size that is the familiar `loss / number of pieces`; the last piece may be shorter, and then that
is wrong. Forget the division, and the learning rate is in effect as many times larger as there are pieces. And what
looks at a whole batch, as BatchNorm does, sees the pieces only.

Here with a linear regression, trained for one epoch. The PyTorch side takes each batch as a whole: same weights.

PyTorch: the loop above, or a single torch.nn.functional.mse_loss over the batch.
"""

from __future__ import annotations

import numpy as np

from ..autograd.tensor import Tensor
from ..types import Array
from .sgd import SGD


def forward(
    x: Array, y: Array, weight: Array, bias: Array, *, batch_size: int, micro_batch_size: int, lr: float
) -> tuple[Array, Array]:
    """x: (N, in), y: (N,), weight: (in,), bias: () → weights: (updates, in), biases: (updates,), after every update.

    Raises ValueError when the shapes do not fit or a batch size is below 1.
    """
    if x.ndim != 2 or y.shape != x.shape[:1] or weight.shape != x.shape[1:] or bias.shape != ():
        raise ValueError(
            "x must be (N, in), y (N,), weight (in,) and bias (); "
            f"got x {x.shape}, y {y.shape}, weight {weight.shape} and bias {bias.shape}"
        )
    if batch_size < 1 or micro_batch_size < 1:
        raise ValueError(f"batch_size and micro_batch_size must be at least 1; got {batch_size} and {micro_batch_size}")
    w, b = Tensor(weight.copy(), requires_grad=True), Tensor(bias.copy(), requires_grad=True)
    optimizer = SGD([w, b], lr=lr)
    starts = range(0, len(x), batch_size)
    weights, biases = np.empty_like(weight, shape=(len(starts), *weight.shape)), np.empty_like(bias, shape=len(starts))
    for update, start in enumerate(starts):
        end = min(start + batch_size, len(x))
        optimizer.zero_grad()
        for first in range(start, end, micro_batch_size):
            micro = slice(first, min(first + micro_batch_size, end))
            prediction = Tensor(x[micro]) @ w + b
            loss = ((prediction - Tensor(y[micro])) ** 2).sum() / (end - start)
            loss.backward()
        optimizer.step()
        weights[update], biases[update] = w.data, b.data
    return weights, biases
