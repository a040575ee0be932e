"""Gaussian error linear unit: x, let through with the probability that a standard normal number is smaller than x.

    y = x · gate
    gate = Φ(x) = (1 + erf(x/√2)) / 2                      approximate="none"
    gate = (1 + tanh u) / 2                                approximate="tanh",
           with u = √(2/π) · (x + 0.044715 x³)

The second gate stays within 0.0005 of the first, and was made for machines on which erf is slow. Models differ in which
they were trained with (GPT-2: tanh, BERT: none), so both are needed.

Backward. Forward was a product of x and a gate that x opens, so each factor is differentiated in turn:

    dx = dy · (gate + x · gate')

and the slope of the gate is, for "none", the normal density: Φ' = φ = e^(-x²/2) / √(2π). For "tanh", the chain rule
gives

    gate' = (1 - tanh² u) / 2 · u'         u' = √(2/π) · (1 + 3 · 0.044715 x²)

Forward has at hand what the slope needs, so it computes both. At ±inf the formulas meet 0 · inf, and as in PyTorch the
NaN stands where it arises.

Source: Hendrycks & Gimpel 2016, arXiv:1606.08415. PyTorch: torch.nn.functional.gelu.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating
from ._normal import distribution


class Cache(NamedTuple):
    x: Array  # any shape
    gate: Array  # the same shape
    slope: Array  # the same shape: d gate / dx


def forward(x: Array, *, approximate: str = "none") -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point, ValueError when approximate is neither "none" nor "tanh".
    """
    require_floating(x)
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate must be 'none' or 'tanh'; got {approximate!r}")
    gate, slope = distribution(x) if approximate == "none" else _tanh_gate(x)
    with np.errstate(invalid="ignore"):
        y = x * gate
    return y, Cache(x, gate, slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    x, gate, slope = cache
    with np.errstate(invalid="ignore"):
        dx: Array = np.multiply(x, slope, out=np.empty_like(x))
        dx += gate
        dx *= dy
    return dx


def _tanh_gate(x: Array) -> tuple[Array, Array]:
    """x: any shape → gate, gate': both of the same shape.

    In place where it can be: for large arrays, finding memory for every intermediate result takes longer than tanh.
    """
    scale, cubic = math.sqrt(2 / math.pi), 0.044715
    with np.errstate(over="ignore", invalid="ignore"):
        square = np.multiply(x, x, out=np.empty_like(x))
        t = np.multiply(square, cubic, out=np.empty_like(x))
        t += 1
        t *= x
        t *= scale
        np.tanh(t, out=t)
        gate = np.multiply(t, 0.5, out=np.empty_like(x))
        gate += 0.5
        square *= 3 * cubic  # u' = scale · (1 + 3 cubic x²)
        square += 1
        square *= 0.5 * scale
        t *= t
        np.subtract(1, t, out=t)
        t *= square
    return gate, t
