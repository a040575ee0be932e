"""The dense layer on a batch, by three loops.

    y[n, o] = Σ_i weight[o, i] x[n, i] + bias[o]        for every example n and every output o

Backward. Forward added weight[o, i] · x[n, i] to y[n, o], once for every n, o, i. Backward runs the same three loops
and lets each of these products pay back what it owes, given dy[n, o] = ∂loss/∂y[n, o]:

    dx[n, i]      += dy[n, o] · weight[o, i]      summed over the outputs o that read x[n, i]
    dweight[o, i] += dy[n, o] · x[n, i]           summed over the examples n that share weight[o, i]
    dbias[o]      += dy[n, o]                     summed over the examples n that share bias[o]

New against a single example: the parameters serve every example, so their gradients add up over the batch.

This is slow, and it is the definition: every faster version must give the same numbers.
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
    examples, inputs = x.shape
    outputs = len(weight)
    y = np.zeros_like(x, shape=(examples, outputs))
    for n in range(examples):
        for o in range(outputs):
            for i in range(inputs):
                y[n, o] += weight[o, i] * x[n, i]
            y[n, o] += bias[o]
    return y, Cache(x, weight)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (N, out) → dx: (N, in), dweight: (out, in), dbias: (out,)."""
    x, weight = cache
    dx = np.zeros_like(x)
    dweight = np.zeros_like(weight)
    dbias = np.zeros_like(weight, shape=len(weight))
    for n in range(len(x)):
        for o in range(len(weight)):
            for i in range(x.shape[1]):
                dx[n, i] += dy[n, o] * weight[o, i]
                dweight[o, i] += dy[n, o] * x[n, i]
            dbias[o] += dy[n, o]
    return dx, dweight, dbias
