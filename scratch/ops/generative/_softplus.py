"""softplus(x) = log(1 + eˣ) and its slope, σ(x), in forms that never overflow: see ops.activations.softplus."""

import numpy as np

from ...types import Array
from .._pieces import elements
from ..activations import sigmoid as logistic


def softplus(x: Array) -> Array:
    """x: (...) → -log(1 - σ(x)) = max(x, 0) + log(1 + e^-|x|): (...)."""
    y: Array = np.empty_like(x, order="C")
    for x_, y_, tail in elements(x, y, spare=1):
        np.abs(x_, out=tail)
        np.negative(tail, out=tail)
        np.exp(tail, out=tail)
        np.log1p(tail, out=tail)
        np.maximum(x_, 0, out=y_)
        y_ += tail
    return y


def sigmoid(x: Array) -> Array:
    """x: (...) → σ(x): (...)."""
    y, _ = logistic.forward(x)
    return y
