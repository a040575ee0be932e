"""Writing to a tensor in place: `x += y`, `x[index] = y`.

A write changes what earlier operations may have saved for backward. So every write is counted in the memory that the
tensor shares with its views, and a rule that needs an overwritten value refuses (`Node.saved`).

Inside `no_grad`, and between tensors that need no gradients, that is all. Otherwise the write is an operation like
any other: `x` becomes its result, and what was recorded with the old `x` goes on referring to the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _operands, arithmetic, indexing, tensor
from .shapes import sum_to
from .tape import Recording, record

if TYPE_CHECKING:
    from .tensor import Tensor


def add(x: Tensor, y: Any) -> Tensor:
    """Add in place: x += y."""
    return _become("x += y", x, arithmetic.add(x, y))


def subtract(x: Tensor, y: Any) -> Tensor:
    """Subtract in place: x -= y."""
    return _become("x -= y", x, arithmetic.subtract(x, y))


def multiply(x: Tensor, y: Any) -> Tensor:
    """Multiply in place: x *= y."""
    return _become("x *= y", x, arithmetic.multiply(x, y))


def divide(x: Tensor, y: Any) -> Tensor:
    """Divide in place: x /= y."""
    return _become("x /= y", x, arithmetic.divide(x, y))


def setitem(x: Tensor, index: Any, value: Any) -> None:
    """Write in place: x[index] = value. What was overwritten gets gradient 0, the value gets what is at the index."""
    value = _operands.as_tensor("x[index] = y", value, x.dtype)
    where = indexing.split(index, x.shape)
    if Recording.enabled and (x.requires_grad or value.requires_grad):
        _refuse_what_cannot_be_recorded("x[index] = y", x)
    indexing.write(x.data, where, value.data)
    shape = value.shape

    def rule_of_value(dy: Any) -> Any:
        dx = dy[where.view][where.arrays]
        return sum_to(dx.reshape((1,) * (len(shape) - dx.ndim) + dx.shape), shape)

    _adopt(x, record("x[index] = y", x.data, (x, lambda dy: _erase(dy, where)), (value, rule_of_value)))


def _erase(dy: Any, where: indexing.Places) -> Any:
    """Zero at the index, unchanged elsewhere; its own transpose. On arrays and tensors."""
    if isinstance(dy, tensor.Tensor):
        return record("erase", _erase(dy.data, where), (dy, lambda ddy: _erase(ddy, where)))
    dx = np.array(dy)
    indexing.write(dx, where, 0)
    return dx


def _become(sign: str, x: Tensor, result: Tensor) -> Tensor:
    """Let `x` hold the result of an operation on it."""
    if result.shape != x.shape:
        raise ValueError(f"{sign} must keep the shape of x, {x.shape}; the result has shape {result.shape}")
    if _operands.KINDS[result.dtype.kind] > _operands.KINDS[x.dtype.kind]:
        raise TypeError(f"{sign} must keep the dtype of x, {x.dtype}; the result has dtype {result.dtype}")
    if result.requires_grad:
        _refuse_what_cannot_be_recorded(sign, x)
    result = _operands.cast(result, x.dtype)
    x.data[...] = result.data
    _adopt(x, result)
    return x


def _adopt(x: Tensor, written: Tensor) -> None:
    """Count the write, and take over its history if it has one."""
    x.memory.write()
    if written.node is not None:
        x.become_result_of(written.node)


def _refuse_what_cannot_be_recorded(sign: str, x: Tensor) -> None:
    if x.requires_grad and x.is_leaf:
        raise RuntimeError(f"{sign} on a leaf that requires a gradient: the value it started from would be lost. "
                           f"Write inside no_grad(), or to a clone")  # fmt: skip
    if any(sharer() is not x for sharer in x.memory.sharers if sharer() is not None):
        raise RuntimeError(f"{sign} on a tensor of shape {x.shape} that is a view or has views: a write that changes "
                           f"several tensors cannot be recorded here (PyTorch can). Write x[index] = x[index] + y "
                           f"instead of x[index] += y, or write to a clone")  # fmt: skip
