"""softplus(x) = log(1 + eˣ) and its slope, σ(x), in forms that never overflow: see ops.activations.softplus."""

import numpy as np

from ...types import Array


def softplus(x: Array) -> Array:
    """x: (...) → -log(1 - σ(x)): (...)."""
    y: Array = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y


def sigmoid(x: Array) -> Array:
    """x: (...) → σ(x): (...)."""
    y: Array = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    return y
