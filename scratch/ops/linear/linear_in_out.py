"""The dense layer with its weight the other way round: (in, out).

    y = x weight + bias        x: (..., in), weight: (in, out), bias: (out,) → y: (..., out)

The same layer as ops.linear.linear, whose weight is (out, in). GPT-2 was written in TensorFlow, which stores weights
like this, and a checkpoint of GPT-2 has them so to this day; its layer is called Conv1D, since a dense layer is a
convolution over the positions with a kernel of width 1.

Backward. Forward was one product (rows, in) × (in, out) and a sum:

    dx      = dy weightᵀ        (rows, out) × (out, in)
    dweight = xᵀ dy             (in, rows) × (rows, out): sums over the examples that share the weight
    dbias   = Σ_rows dy

PyTorch: torch.addmm.
"""

from typing import NamedTuple

from ...types import Array
from .._sums import over_rows
from .linear import fold


class Cache(NamedTuple):
    x: Array  # (..., in)
    weight: Array  # (in, out)


def forward(x: Array, weight: Array, bias: Array) -> tuple[Array, Cache]:
    """x: (..., in), weight: (in, out), bias: (out,) → y: (..., out).

    Raises ValueError when x has no axis, weight is not (in, out) with the in of x, or bias is not (out,).
    """
    if weight.ndim != 2 or x.shape[-1:] != weight.shape[:1]:
        raise ValueError(f"weight must be (in, out), in the last axis of x; got weight {weight.shape} for x {x.shape}")
    if bias.shape != weight.shape[1:]:
        raise ValueError(f"bias must be (out,), one a column of weight; got bias {bias.shape} for {weight.shape}")
    y = fold(x) @ weight  # (rows, out)
    y += bias
    return y.reshape(*x.shape[:-1], weight.shape[1]), Cache(x, weight)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dy: (..., out) → dx: (..., in), dweight: (in, out), dbias: (out,)."""
    x, weight = cache
    dy = fold(dy)  # (rows, out)
    dx = (dy @ weight.T).reshape(x.shape)
    dweight = fold(x).T @ dy
    return dx, dweight, over_rows(dy)
