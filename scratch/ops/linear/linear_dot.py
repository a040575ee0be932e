"""The dense layer on a batch, one dot product for every number it computes.

    y[n, o] = weight[o] · x[n] + bias[o]        row o of the weights with row n of the examples

The innermost of the three loops was a dot product all along; handing it to np.dot moves it into compiled code.

Backward. The sums of the loops are dot products too, and it pays to see of what with what:

    dx[n, i]      = Σ_o dy[n, o] weight[o, i] = dy[n] · weight[:, i]       a row with a column
    dweight[o, i] = Σ_n dy[n, o] x[n, i]      = dy[:, o] · x[:, i]         a column with a column
    dbias[o]      = Σ_n dy[n, o]              = sum of column dy[:, o]

All dot products of rows with columns: that is the definition of a matrix product, and the next step.

PyTorch: torch.nn.functional.linear.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Array  # (N, in)
    weight: Array  # (out, in)


def forward(x: Array, weight: Array, bias: Array) -> tuple[Array, Cache]:
    """x: (N, in), weight: (out, in), bias: (out,) → y: (N, out).

    Raises ValueError when the shapes do not fit.
    """
    if x.ndim != 2 or weight.ndim != 2 or x.shape[1] != weight.shape[1] or bias.shape != weight.shape[:1]:
        raise ValueError(
            "x must be (N, in), weight (out, in) and bias (out,); "
            f"got x {x.shape}, weight {weight.shape}, bias {bias.shape}"
        )
    y = np.empty_like(x, shape=(len(x), len(weight)))
    for n, o in np.ndindex(y.shape):
        y[n, o] = np.dot(weight[o], x[n]) + bias[o]
    return y, Cache(x, weight)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (N, out) → dx: (N, in), dweight: (out, in), dbias: (out,)."""
    x, weight = cache
    dx = np.empty_like(x)
    for n, i in np.ndindex(x.shape):
        dx[n, i] = np.dot(dy[n], weight[:, i])
    dweight = np.empty_like(weight)
    for o, i in np.ndindex(weight.shape):
        dweight[o, i] = np.dot(dy[:, o], x[:, i])
    dbias = dy.sum(axis=0)
    return dx, dweight, dbias
