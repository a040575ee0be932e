"""Matrix products for many images and groups at once, each as NumPy does it fastest.

Shapes: weight (groups, O, K), matrix (n, groups, K, places), y (n, groups, O, places). O and K are those of a group.
"""

from __future__ import annotations

import numpy as np

from ...types import Array

TINY = 32  # numbers in the weight of a group: below, calling a matrix product for each costs more than it does
SMALL = 1_000_000  # multiplications: below, OpenBLAS multiplies matrices where they lie, without packing them first


def multiply(weight: Array, matrix: Array, out: Array) -> None:
    """The product weight @ matrix, into out."""
    if weight[0].size < TINY:
        np.einsum("gok,ngkp->ngop", weight, matrix, out=out)
        return
    places = matrix.shape[3]
    parts = next(b for b in range(1, places + 1) if places % b == 0 and weight[0].size * places <= SMALL * b)
    matrix, out = (a.reshape(*a.shape[:3], parts, places // parts).swapaxes(2, 3) for a in (matrix, out))
    np.matmul(weight[:, None], matrix, out=out)


def multiply_back(weight: Array, dy: Array) -> Array:
    """The product weightᵀ @ dy: dmatrix."""
    tiny = weight[0].size < TINY
    dmatrix: Array = np.einsum("gok,ngop->ngkp", weight, dy) if tiny else np.matmul(weight.swapaxes(1, 2), dy)
    return dmatrix


def multiply_over_images(dy: Array, matrix: Array) -> Array:
    """The sum over the images of dy @ matrixᵀ: dweight."""
    tiny = dy.shape[2] * matrix.shape[2] < TINY  # then OpenBLAS is fastest with the flatter one on the right
    each = np.matmul(matrix, dy.swapaxes(2, 3)).swapaxes(2, 3) if tiny else np.matmul(dy, matrix.swapaxes(2, 3))
    dweight: Array = each.sum(axis=0)
    return dweight
