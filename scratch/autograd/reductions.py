"""Operations that make one number of many, along some axes or all of them.

`dim` is an axis, several, or None for all; with `keepdim` a reduced axis stays, with length 1. In backward the
gradient of the one number goes back to the many: unchanged (`sum`), in proportion (`var`), to the winners (`amax`).

Names, defaults and ties are PyTorch's: `amax` and `max()` share the gradient evenly among equal elements, `max(dim)`
gives it all to the one whose index it returns.
"""

from __future__ import annotations

import builtins
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..types import Array
from . import indexing, tensor
from ._operands import as_tensor, plain, silent
from .shapes import Dims, normalize_dims, reshape
from .tape import OUTPUT, record

if TYPE_CHECKING:
    from .tensor import Tensor


def sum(x: Tensor, dim: Dims = None, *, keepdim: bool = False) -> Tensor:
    """Σ x. Every element gets the gradient of the sum."""
    x = as_tensor("sum", x)
    dims, shape = normalize_dims("sum", dim, x.ndim), x.shape
    kept = _kept(shape, dims)
    return record("sum", x.data.sum(axis=dims, keepdims=keepdim),
                  (x, lambda dy: np.broadcast_to(dy.reshape(kept), shape)))  # fmt: skip


def mean(x: Tensor, dim: Dims = None, *, keepdim: bool = False) -> Tensor:
    """Σ x / n; NaN for no elements."""
    x = as_tensor("mean", x)
    dims = normalize_dims("mean", dim, x.ndim)
    _must_float("mean", x)
    count, kept, shape = _count(x.shape, dims), _kept(x.shape, dims), x.shape
    with silent():
        data = x.data.sum(axis=dims, keepdims=keepdim) / count
    return record("mean", data, (x, lambda dy: np.broadcast_to(dy.reshape(kept) / count, shape)))


def var(x: Tensor, dim: Dims = None, *, correction: float = 1, keepdim: bool = False) -> Tensor:
    """Σ (x − mean)² / (n − correction). ∂/∂xᵢ = 2 (xᵢ − mean) / (n − correction).

    The mean depends on xᵢ too, but Σ (x − mean) = 0 makes that share vanish.
    """
    x = as_tensor("var", x)
    dims, shape = normalize_dims("var", dim, x.ndim), x.shape
    kept = _kept(shape, dims)
    _must_float("var", x)
    count = _count(shape, dims)
    freedom = count - correction
    with silent():
        centered = x.data - x.data.sum(axis=dims, keepdims=True) / count
        data = (centered * centered).sum(axis=dims, keepdims=keepdim) / builtins.max(freedom, 0)

    def rule(dy: Any, x: Any) -> Any:
        return dy.reshape(kept) * 2 / freedom * (x - np.mean(x, axis=dims, keepdims=True))

    return record("var", data, (x, rule, x))


def amax(x: Tensor, dim: Dims = None, *, keepdim: bool = False) -> Tensor:
    """The largest element. Several equal ones share the gradient evenly."""
    x = as_tensor("amax", x)
    dims = normalize_dims("amax", dim, x.ndim)
    _must_have_elements("amax", x, dims)
    return record("amax", x.data.max(axis=dims, keepdims=keepdim),
                  (x, lambda dy, x, y: _share(dy, x, y, dims), x, OUTPUT))  # fmt: skip


def amin(x: Tensor, dim: Dims = None, *, keepdim: bool = False) -> Tensor:
    """The smallest element. Several equal ones share the gradient evenly."""
    x = as_tensor("amin", x)
    dims = normalize_dims("amin", dim, x.ndim)
    _must_have_elements("amin", x, dims)
    return record("amin", x.data.min(axis=dims, keepdims=keepdim),
                  (x, lambda dy, x, y: _share(dy, x, y, dims), x, OUTPUT))  # fmt: skip


def _share(dy: Any, x: Any, y: Any, dims: tuple[int, ...]) -> Any:
    shape = _kept(x.shape, dims)
    winners = (plain(x) == plain(y).reshape(shape)).astype(dy.dtype)
    return dy.reshape(shape) * (winners / winners.sum(axis=dims, keepdims=True))


class Extremes(NamedTuple):
    """The largest (or smallest) elements along an axis, and where they stand."""

    values: Tensor
    indices: Tensor


def max(x: Tensor, dim: int | None = None, *, keepdim: bool = False) -> Any:
    """Without `dim`: the largest element of all, equal ones sharing the gradient. With `dim`: `(values, indices)`,
    the first of equal elements along the axis, which gets the whole gradient.
    """
    return _extreme("max", x, dim, keepdim)


def min(x: Tensor, dim: int | None = None, *, keepdim: bool = False) -> Any:
    """As `max`, for the smallest."""
    return _extreme("min", x, dim, keepdim)


def _extreme(operation: str, x: Tensor, dim: int | None, keepdim: bool) -> Any:
    x = as_tensor(operation, x)
    dims = normalize_dims(operation, dim, x.ndim)
    _must_have_elements(operation, x, dims)
    if dim is None:
        return record(operation, getattr(x.data, operation)(), (x, _share_of_all, x, OUTPUT))
    if x.ndim == 0:
        return Extremes(x.clone(), tensor.Tensor(np.zeros((), np.int64)))
    (axis,) = dims
    found: Array = getattr(x.data, f"arg{operation}")(axis=axis, keepdims=True)
    values = indexing.getitem(x, _one_per_row(found, axis))
    shape = found.shape if keepdim else found.shape[:axis] + found.shape[axis + 1 :]
    return Extremes(reshape(values, shape), tensor.Tensor(found.reshape(shape)))


def _share_of_all(dy: Any, x: Any, y: Any) -> Any:
    winners = np.isnan(plain(x)) if np.isnan(plain(y)) else plain(x) == plain(y)
    return np.where(winners, dy / winners.sum().item(), 0.0)


def _one_per_row(found: Array, axis: int) -> tuple[Array, ...]:
    """The index that reads `found[...]` along the axis, and every place of the other axes."""
    index = list(np.ogrid[tuple(slice(n) for n in found.shape)])
    index[axis] = found
    return tuple(index)


def cumsum(x: Tensor, dim: int) -> Tensor:
    """Running sums. An element counts in every later sum, so its gradient is the running sum from the other end."""
    x = as_tensor("cumsum", x)
    dims = normalize_dims("cumsum", dim, x.ndim)
    if x.ndim == 0:
        return x.clone()
    (axis,) = dims
    backwards = (slice(None),) * axis + (slice(None, None, -1),)
    return record(
        "cumsum", np.cumsum(x.data, axis=axis), (x, lambda dy: np.cumsum(dy[backwards], axis=axis)[backwards])
    )


def _kept(shape: tuple[int, ...], dims: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(1 if axis in dims else n for axis, n in enumerate(shape))


def _count(shape: tuple[int, ...], dims: tuple[int, ...]) -> int:
    return math.prod(shape[axis] for axis in dims)


def _must_float(operation: str, x: Tensor) -> None:
    if x.dtype.kind != "f":
        raise TypeError(f"{operation} needs a floating-point tensor; got {x.dtype}")


def _must_have_elements(operation: str, x: Tensor, dims: tuple[int, ...]) -> None:
    if any(x.shape[axis] == 0 for axis in dims):
        raise ValueError(f"{operation} of no elements: the reduced axes {dims} of shape {x.shape} must not be empty")
