"""Matrix products for many images and groups at once, each as NumPy does it fastest.

Shapes: weight (groups, O, K), matrix (n, groups, K, places), y (n, groups, O, places). O and K are those of a group.
"""

from __future__ import annotations

import numpy as np

from ...types import Array

SMALL = 1_000_000  # multiplications: below, OpenBLAS multiplies matrices where they lie, without packing them first


def multiply(weight: Array, matrix: Array, out: Array) -> None:
    """The product weight @ matrix, into out; in two halves, where these are small."""
    half = matrix.shape[3] // 2
    if weight[0].size * half <= SMALL < weight[0].size * matrix.shape[3]:
        np.matmul(weight, matrix[..., :half], out=out[..., :half])
        np.matmul(weight, matrix[..., half:], out=out[..., half:])
    else:
        np.matmul(weight, matrix, out=out)


def multiply_back(weight: Array, dy: Array) -> Array:
    """The product weightᵀ @ dy: dmatrix. A column times a row, where a group has one output, is no sum at all."""
    dmatrix: Array = weight.swapaxes(1, 2) * dy if dy.shape[2] == 1 else np.matmul(weight.swapaxes(1, 2), dy)
    return dmatrix


def multiply_over_images(dy: Array, matrix: Array) -> Array:
    """The sum over the images of dy @ matrixᵀ: dweight.

    OpenBLAS is faster at its transpose, matrix @ dyᵀ; and where a group has one output, at a dot product for each row.
    """
    if dy.shape[2] == 1:
        each = np.matmul(matrix[..., None, :], dy[..., None])[..., 0]
    else:
        each = np.matmul(matrix, dy.swapaxes(2, 3))
    dweight: Array = each.sum(axis=0).swapaxes(1, 2)
    return dweight
