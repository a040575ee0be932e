"""A layer of neurons for one example: a matrix times a vector.

    y = weight x + bias        y[o] = Σ_i weight[o, i] x[i] + bias[o]

Backward. The three lines of the loops, each as one array operation:

    dx      = weightᵀ dy       dx[i] = Σ_o weight[o, i] dy[o]: forward summed over the inputs, backward sums over the
                               outputs, so the matrix is read the other way round
    dweight = dy xᵀ            the outer product: dweight[o, i] = dy[o] x[i]
    dbias   = dy

The shapes leave no other choice: (in,) from (out, in) and (out,) needs the transpose, (out, in) from (out,) and (in,)
needs the outer product.

PyTorch: torch.nn.functional.linear on a vector.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Array  # (in,)
    weight: Array  # (out, in)


def forward(x: Array, weight: Array, bias: Array) -> tuple[Array, Cache]:
    """x: (in,), weight: (out, in), bias: (out,) → y: (out,).

    Raises ValueError when the shapes do not fit; a batch of examples is for ops.linear.
    """
    if x.ndim != 1 or weight.ndim != 2 or weight.shape[1] != len(x):
        raise ValueError(f"x must be (in,) and weight (out, in); got x {x.shape} and weight {weight.shape}")
    if bias.shape != weight.shape[:1]:
        raise ValueError(f"bias must be (out,), one per row of weight; got bias {bias.shape} for weight {weight.shape}")
    y = weight @ x + bias  # (out,)
    return y, Cache(x, weight)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (out,) → dx: (in,), dweight: (out, in), dbias: (out,)."""
    dx = cache.weight.T @ dy  # (in,)
    dweight = np.outer(dy, cache.x)  # (out, in)
    dbias = dy.copy()
    return dx, dweight, dbias
