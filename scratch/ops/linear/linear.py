"""The dense (fully connected, linear) layer.

    y = x weightᵀ + bias        x: (..., in), weight: (out, in), bias: (out,) → y: (..., out)

`weight` has one row per output neuron; the transpose makes every row of x meet every row of weight. Leading axes
(batch, time, …) only count examples, so they are folded into one: a single large matrix product is what hardware is
fastest at.

Backward. Forward was one matrix product (rows, in) × (in, out) and a sum. Each gradient is the one product of the right
shape, and it is what the loops of linear_loops add up to:

    dx      = dy weight         (rows, out) × (out, in): sums over the outputs that read the input
    dweight = dyᵀ x             (out, rows) × (rows, in): sums over the examples that share the weight
    dbias   = Σ_rows dy         the bias was broadcast over the rows; the reverse of a broadcast is a sum

A layer costs one product forward and two backward: why a training step takes about three times a prediction.

PyTorch: torch.nn.functional.linear.
"""

import math
from collections.abc import Container
from typing import Any, NamedTuple

from ...types import Array


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Array  # (..., in)
    weight: Array  # (out, in)
    has_bias: bool


def forward(x: Array, weight: Array, bias: Array | None = None) -> tuple[Array, Cache]:
    """x: (..., in), weight: (out, in), bias: (out,) or None → y: (..., out).

    Raises ValueError when x has no axis, weight is not (out, in) with the in of x, or bias is not (out,).
    """
    if weight.ndim != 2 or x.shape[-1:] != weight.shape[1:]:
        raise ValueError(f"weight must be (out, in), in the last axis of x; got weight {weight.shape} for x {x.shape}")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"bias must be (out,), one per row of weight; got bias {bias.shape} for weight {weight.shape}")
    y = fold(x) @ weight.T  # (rows, out)
    if bias is not None:
        y += bias
    return y.reshape(*x.shape[:-1], len(weight)), Cache(x, weight, bias is not None)


def backward(dy: Array, cache: Cache, *, needed: Container[int] = (0, 1, 2)) -> tuple[Array | Any, ...]:
    """dy: (..., out) → dx: (..., in), dweight: (out, in), dbias: (out,), or None where there was no bias.

    needed: the positions of the arguments whose gradients somebody waits for. The first layer's x is data, which needs
    none, and that is a third of the work.
    """
    x, weight, has_bias = cache
    dy = fold(dy)  # (rows, out)
    dx = (dy @ weight).reshape(x.shape) if 0 in needed else None
    dweight = dy.T @ fold(x) if 1 in needed else None  # (out, in)
    dbias = dy.sum(axis=0) if has_bias and 2 in needed else None
    return dx, dweight, dbias


def fold(x: Array) -> Array:
    """(..., features) → (rows, features). Not reshape(-1, features): with no features, -1 could be anything."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
