"""Matrix products for many images and groups at once, each as NumPy does it fastest.

Shapes: weight (groups, O, K), matrix (n, groups, K, places), y (n, groups, O, places). O and K are those of a group.
"""

from __future__ import annotations

import numpy as np

from ...types import Array

OFTEN = 200  # uses of a number, from which on a transposed copy pays
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
    """The product weightᵀ @ dy: dmatrix. The weight is transposed already. With one output it is no sum at all."""
    dmatrix: Array = weight * dy if dy.shape[2] == 1 else np.matmul(weight, dy)
    return dmatrix


def multiply_over_images(dy: Array, matrix: Array) -> Array:
    """The sum over the images of dy @ matrixᵀ: dweight, for a dy that is transposed already, (n, groups, places, O).

    It is computed as its transpose. Where a group has one output, NumPy is faster at a dot product for each row.
    """
    each = np.matmul(matrix[..., None, :], dy[:, :, None])[..., 0] if dy.shape[3] == 1 else np.matmul(matrix, dy)
    dweight: Array = each.sum(axis=0).swapaxes(1, 2)
    return dweight


def transposed(matrices: Array, *, uses: int) -> Array:
    """Rows and columns exchanged; as a copy where each number is used often enough, a view otherwise.

    OpenBLAS multiplies small matrices in half the time where neither is a transposed view.
    """
    exchanged = matrices.swapaxes(-1, -2)
    return exchanged.copy() if uses >= OFTEN else exchanged
