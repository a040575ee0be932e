"""Choosing between elements, and the comparisons to choose by.

The gradient goes to the element that was chosen. That leaves ties and bounds, where two are chosen at once: there
PyTorch's convention holds (torch.maximum, torch.clip …).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import tensor
from ._operands import as_tensor, common_dtype, common_shape, fit, operands
from .tape import record

if TYPE_CHECKING:
    from .tensor import Tensor


def maximum(x: Any, y: Any) -> Tensor:
    """The larger of two. It gets the gradient; two equal ones get half each. NaN wins."""
    x, y = operands("maximum", x, y)
    return record("maximum", np.maximum(x.data, y.data),
                  (x, lambda dy, x, y: np.where(x < y, 0.0, np.where(x == y, dy / 2, dy)), x, y),
                  (y, lambda dy, x, y: np.where(y < x, 0.0, np.where(x == y, dy / 2, dy)), x, y))  # fmt: skip


def minimum(x: Any, y: Any) -> Tensor:
    """The smaller of two. It gets the gradient; two equal ones get half each. NaN wins."""
    x, y = operands("minimum", x, y)
    return record("minimum", np.minimum(x.data, y.data),
                  (x, lambda dy, x, y: np.where(x > y, 0.0, np.where(x == y, dy / 2, dy)), x, y),
                  (y, lambda dy, x, y: np.where(y > x, 0.0, np.where(x == y, dy / 2, dy)), x, y))  # fmt: skip


def clip(x: Any, min: float | None = None, max: float | None = None) -> Tensor:
    """Bring x up to `min` and down to `max`. The gradient passes where x stays what it was, at a bound too."""
    bounds = [bound for bound in (min, max) if bound is not None]
    if not bounds:
        raise ValueError("clip needs min, max or both")
    x = as_tensor("clip", x, common_dtype("clip", x, *bounds))
    low, high = -np.inf if min is None else min, np.inf if max is None else max
    return record("clip", np.clip(x.data, min, max),
                  (x, lambda dy, x: np.where(x >= low, np.where(x <= high, dy, 0.0), 0.0), x))  # fmt: skip


def where(condition: Any, x: Any, y: Any) -> Tensor:
    """Choose x where the boolean condition holds, y elsewhere; the gradient goes the same way."""
    condition = as_tensor("where", condition)
    if condition.dtype.kind != "b":
        raise TypeError(f"where needs a boolean condition; got dtype {condition.dtype}")
    dtype = common_dtype("where", x, y)
    x, y = as_tensor("where", x, dtype), as_tensor("where", y, dtype)
    shape = common_shape("where", condition.shape, x.shape, y.shape)
    x, y = fit(x, shape), fit(y, shape)
    return record("where", np.where(condition.data, x.data, y.data),
                  (x, lambda dy, condition: np.where(condition, dy, 0.0), condition),
                  (y, lambda dy, condition: np.where(condition, 0.0, dy), condition))  # fmt: skip


# Comparisons have no gradient: their result is a boolean tensor.


def equal(x: Any, y: Any) -> Tensor:
    """Whether x = y, element by element."""
    x, y = operands("equal", x, y)
    return tensor.Tensor(x.data == y.data)


def not_equal(x: Any, y: Any) -> Tensor:
    """Whether x ≠ y, element by element."""
    x, y = operands("not_equal", x, y)
    return tensor.Tensor(x.data != y.data)


def less(x: Any, y: Any) -> Tensor:
    """Whether x < y, element by element."""
    x, y = operands("less", x, y)
    return tensor.Tensor(x.data < y.data)


def less_equal(x: Any, y: Any) -> Tensor:
    """Whether x ≤ y, element by element."""
    x, y = operands("less_equal", x, y)
    return tensor.Tensor(x.data <= y.data)


def greater(x: Any, y: Any) -> Tensor:
    """Whether x > y, element by element."""
    return less(y, x)


def greater_equal(x: Any, y: Any) -> Tensor:
    """Whether x ≥ y, element by element."""
    return less_equal(y, x)
