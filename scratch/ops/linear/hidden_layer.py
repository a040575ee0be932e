"""A network with one hidden layer: linear, tanh, linear.

    hidden = tanh(x weight1ᵀ + bias1)        y = hidden weight2ᵀ + bias2

Why the tanh? Leave it out, and

    y = (x weight1ᵀ + bias1) weight2ᵀ + bias2 = x (weight2 weight1)ᵀ + (bias1 weight2ᵀ + bias2)

which is one linear layer again: any stack of linear layers collapses into a single one, and no straight line separates
XOR. Bent by a nonlinearity, the hidden neurons become features of their own, and with enough of them the sum of their
bends comes as close to any continuous function as one likes.

Backward. Forward was linear → tanh → linear, each with its own rule; backward applies the rules in reverse, and the
gradient that leaves one is the upstream gradient of the next:

    dhidden, dweight2, dbias2 = linear.backward(dy)
    dz                        = dhidden · (1 - hidden²)      tanh' = 1 - tanh², known from the output alone
    dx, dweight1, dbias1      = linear.backward(dz)

Source: Cybenko 1989, Hornik et al. 1989 (universal approximation). PyTorch: F.linear(torch.tanh(F.linear(x, …)), …).
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from . import linear


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    first: linear.Cache
    hidden: Array  # (..., hidden)
    second: linear.Cache


def forward(x: Array, weight1: Array, bias1: Array, weight2: Array, bias2: Array) -> tuple[Array, Cache]:
    """x: (..., in), weight1: (hidden, in), bias1: (hidden,), weight2: (out, hidden), bias2: (out,) → y: (..., out).

    Raises ValueError, as ops.linear.linear does, when the shapes do not fit.
    """
    z, first = linear.forward(x, weight1, bias1)  # (..., hidden)
    hidden = np.tanh(z)
    y, second = linear.forward(hidden, weight2, bias2)  # (..., out)
    return y, Cache(first, hidden, second)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array, Array, Array]:
    """dy: (..., out) → dx, dweight1, dbias1, dweight2, dbias2, each of the shape of its argument."""
    first, hidden, second = cache
    dhidden, dweight2, dbias2 = linear.backward(dy, second)
    dz = dhidden * (1 - hidden**2)  # (..., hidden)
    dx, dweight1, dbias1 = linear.backward(dz, first)
    return dx, dweight1, dbias1, dweight2, dbias2
