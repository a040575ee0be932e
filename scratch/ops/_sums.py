"""Sums along the rows or the columns of a matrix, as products with a vector of ones.

    sums over the rows: 1ᵀ x        sums over the columns: x 1        of the products of two matrices: their rows' dots

A matrix library multiplies by 1 and adds two to four times as fast as NumPy's `sum` adds alone, since it keeps many
sums going at the same time. That is no less accurate: each of them is short. And of products it need not make an array.
"""

import math

import numpy as np

from ..types import Array


def over_rows(x: Array) -> Array:
    """x: (N, C) → (C,)."""
    total: Array = np.ones_like(x, shape=x.shape[0]) @ x
    return total


def over_columns(x: Array) -> Array:
    """x: (..., C) → (..., 1), so that it broadcasts against x."""
    total: Array = x @ np.ones_like(x, shape=(x.shape[-1], 1))
    return total


def over_images(x: Array) -> Array:
    """x: (N, C, ...) → (C,), what a bias for each channel gets."""
    total: Array = over_columns(x.reshape(*x.shape[:2], math.prod(x.shape[2:]))).sum(axis=(0, 2))
    return total


def dots(x: Array, y: Array) -> Array:
    """x, y: (..., C) → (..., 1): over_columns(x * y)."""
    total: Array = np.matmul(x[..., None, :], y[..., None])[..., 0]
    return total


def over_middle(x: Array) -> Array:
    """x: (N, C, M) → (N, 1, M): the sums of `_pieces.slices`, fast where they are over the last axis of all."""
    return over_columns(x[:, :, 0])[:, :, None] if x.shape[2] == 1 else x.sum(axis=1, keepdims=True)
