"""What two operands must be before an operation can take them: tensors of one dtype, of shapes that broadcast.

Conversion and broadcasting are operations of their own on the tape (`cast`, `expand`), with rules of their own (cast
back, sum). So every rule in `arithmetic` may assume that its operands have the shape and the dtype of the result.
An operand that needs no gradient is not expanded: NumPy broadcasts it on the fly.

PyTorch's promotion, `torch.result_type`: boolean < integer < float; the widest dtype wins among tensors with axes;
a tensor without axes counts only if it is of a higher kind, and a Python number only if it is of a higher kind still.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from . import shapes, tensor
from .tape import record

if TYPE_CHECKING:
    from .tensor import Tensor

KINDS = {"b": 0, "i": 1, "u": 1, "f": 2}
DTYPE_OF_NUMBER = {bool: np.dtype(np.bool_), int: np.dtype(np.int64), float: np.dtype(np.float32)}


def silent() -> np.errstate:
    """For operations with an answer to x / 0, log 0 and the like, ±inf or NaN: given without a warning."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")


def cast(x: Tensor, dtype: Any) -> Tensor:
    """The same numbers in another dtype. The gradient is cast back."""
    before, dtype = x.dtype, np.dtype(dtype)
    if before == dtype:
        return x
    if dtype.kind != "f":
        return tensor.Tensor(x.data.astype(dtype))
    return record("cast", x.data.astype(dtype), (x, lambda dy: dy.astype(before)))


def plain(x: Any) -> Any:
    """The array of a tensor, for what a rule computes without a gradient of its own."""
    return x.data if isinstance(x, tensor.Tensor) else x


def owner(array: Any) -> Any:
    """The array whose memory this one looks at: two arrays with the same owner may share elements."""
    return array if array.base is None else array.base


def floating(operation: str, x: Any) -> Tensor:
    """A floating-point operand; whole numbers become float32, as in PyTorch."""
    x = as_tensor(operation, x)
    return x if x.data.dtype.kind == "f" else cast(x, np.float32)


def operands(operation: str, x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Both operands in the dtype of the result, and of its shape wherever a gradient has to find its way back.

    Raises TypeError for what is no operand, ValueError for shapes that do not broadcast.
    """
    if isinstance(x, tensor.Tensor):
        if isinstance(y, tensor.Tensor):
            if x.data.shape == y.data.shape and x.data.dtype == y.data.dtype:
                return x, y
        elif isinstance(y, (int, float)) and x.data.dtype.kind == "f":
            return x, tensor.Tensor(np.asarray(y, x.data.dtype))
    elif isinstance(x, (int, float)) and isinstance(y, tensor.Tensor) and y.data.dtype.kind == "f":
        return tensor.Tensor(np.asarray(x, y.data.dtype)), y
    dtype = common_dtype(operation, x, y)
    x, y = as_tensor(operation, x, dtype), as_tensor(operation, y, dtype)
    if x.data.shape == y.data.shape:
        return x, y
    shape = common_shape(operation, x.shape, y.shape)
    return fit(x, shape), fit(y, shape)


def fit(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """`x` expanded to `shape` if its gradient will have to be summed back."""
    return shapes.expand(x, shape) if x.tracked and x.data.shape != shape else x


def as_tensor(operation: str, x: Any, dtype: Any = None) -> Tensor:
    """A tensor made of an operand: a tensor itself, an array (shared, not copied) or a number."""
    if isinstance(x, tensor.Tensor):
        return x if dtype is None else cast(x, dtype)
    if type(x) is np.ndarray and x.dtype == dtype:
        return tensor.Tensor(x)
    if isinstance(x, np.generic):
        x = x.item()
    if isinstance(x, (bool, int, float)):
        return tensor.Tensor(np.asarray(x, dtype or DTYPE_OF_NUMBER[type(x)]))
    if not hasattr(x, "dtype") or x.dtype.kind not in KINDS:
        kind = x.dtype if hasattr(x, "dtype") else type(x).__name__
        raise TypeError(f"{operation} takes tensors, arrays of real numbers and Python numbers, not {kind}")
    return tensor.Tensor(x if dtype is None else x.astype(dtype, copy=False))


def common_dtype(operation: str, *values: Any) -> np.dtype[Any]:
    """The dtype that PyTorch computes in."""
    ranked: tuple[list[Any], list[Any], list[Any]] = ([], [], [])  # with axes, without axes, numbers
    for value in values:
        if hasattr(value, "ndim") and not isinstance(value, np.generic):
            ranked[0 if value.ndim else 1].append(as_tensor(operation, value).dtype)
        else:
            ranked[2].append(as_tensor(operation, value).dtype)
    present = [functools.reduce(_wider, dtypes) for dtypes in ranked if dtypes]
    return functools.reduce(lambda first, later: later if _kind(later) > _kind(first) else first, present)


def _wider(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    if _kind(a) != _kind(b):
        return a if _kind(a) > _kind(b) else b
    return np.promote_types(a, b)


def _kind(dtype: np.dtype[Any]) -> int:
    return KINDS[dtype.kind]


def common_shape(operation: str, *shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that all of these broadcast to."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"{operation}: shapes {' and '.join(map(str, shapes))} do not broadcast. Aligned at the right, two "
            f"lengths must be equal, or one of them 1"
        ) from None
