"""Products of matrices: `matmul`, and `einsum`, which writes out any product of axes.

The rule of a product is a product. For one entry of y = x @ w, yᵢₖ = Σⱼ xᵢⱼ wⱼₖ, so ∂L/∂xᵢⱼ = Σₖ dyᵢₖ wⱼₖ: dy @ wᵀ.
`einsum` shows the pattern in general: the gradient of one operand multiplies dy with all the others, and sums over
every letter that this operand does not have.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ._operands import as_tensor, common_dtype, common_shape, fit
from .tape import record

if TYPE_CHECKING:
    from .tensor import Tensor


def matmul(x: Any, y: Any) -> Tensor:
    """The matrix product over the last two axes, the axes before them broadcast, as in torch.matmul.

    x: (..., n, k), y: (..., k, m) → (..., n, m). A vector stands for a row on the left and a column on the right.
    """
    dtype = common_dtype("matmul", x, y)
    x, y = as_tensor("matmul", x, dtype), as_tensor("matmul", y, dtype)
    if x.ndim == 0 or y.ndim == 0 or x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise ValueError(f"matmul: the last axis of x must be as long as the last but one of y (its only one, for a "
                         f"vector); got shapes {x.shape} and {y.shape}")  # fmt: skip
    if y.ndim == 1:
        return matmul(x, y[:, None])[..., 0]
    if x.ndim == 1:
        return matmul(x[None, :], y)[..., 0, :]
    if x.ndim > 2 and y.ndim == 2:  # one large product instead of many small ones
        rows, width = x.shape[:-1], y.shape[1]
        return matmul(x.reshape(math.prod(rows), x.shape[-1]), y).reshape(*rows, width)
    batch = common_shape("matmul", x.shape[:-2], y.shape[:-2])
    x, y = fit(x, batch + x.shape[-2:]), fit(y, batch + y.shape[-2:])
    return record("matmul", x.data @ y.data,
                  (x, lambda dy, y: dy @ np.swapaxes(y, -2, -1), y),
                  (y, lambda dy, x: np.swapaxes(x, -2, -1) @ dy, x))  # fmt: skip
