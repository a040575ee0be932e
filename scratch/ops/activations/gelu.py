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

Forward has at hand what dy/dx needs, so it computes both, a piece at a time: first the gate and its slope, in the
arrays in which y and dy/dx will stand. At ±inf the formulas meet 0 · inf, and as in PyTorch the
NaN stands where it arises.

Source: Hendrycks & Gimpel 2016, arXiv:1606.08415. PyTorch: torch.nn.functional.gelu.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from .._pieces import elements
from ._checks import require_floating
from ._normal import distribution_of


class Cache(NamedTuple):
    slope: Array  # any shape: dy/dx


def forward(x: Array, *, approximate: str = "none") -> tuple[Array, Cache]:
    """x: any shape → y: the same shape.

    Raises TypeError when x is not floating-point, ValueError when approximate is neither "none" nor "tanh".
    """
    require_floating(x)
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate must be 'none' or 'tanh'; got {approximate!r}")
    gates = distribution_of(x.dtype) if approximate == "none" else _tanh_gate
    y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C")
    with np.errstate(over="ignore", invalid="ignore"):
        for x_, y_, slope_, square in elements(x, y, slope, spare=1):
            gates(x_, y_, slope_, square)  # gate and gate', where y and its slope will stand
            slope_ *= x_
            slope_ += y_
            y_ *= x_
    return y, Cache(slope)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: any shape → dx: the same shape."""
    return dy * cache.slope


def _tanh_gate(x: Array, gate: Array, slope: Array, square: Array) -> None:
    """x: (N,) → gate and gate', written into the next two arrays; the last one is to compute in."""
    scale, cubic = math.sqrt(2 / math.pi), 0.044715
    np.multiply(x, x, out=square)
    np.multiply(square, cubic * scale, out=gate)
    gate += scale
    gate *= x
    np.tanh(gate, out=gate)
    np.multiply(gate, gate, out=slope)
    np.subtract(1, slope, out=slope)
    square *= 3 * cubic * 0.5 * scale  # u' = scale · (1 + 3 cubic x²)
    square += 0.5 * scale
    slope *= square
    gate *= 0.5
    gate += 0.5
