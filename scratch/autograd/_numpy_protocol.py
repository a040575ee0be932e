"""NumPy functions on tensors: `np.exp(x)`, `np.concatenate([x, y])`, `array * x`.

NumPy asks its arguments first whether they know better (NEP 13 for ufuncs, NEP 18 for the rest). Where an operation
of this package is meant, it is called, so nothing falls off the tape; everything else is refused with the name of
what to call instead. Without this, NumPy would turn the tensor into an array and its gradient into a silent zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import arithmetic, choices, functions, linear_algebra, reductions, shapes
from .einsum import einsum

UFUNCS: dict[Any, Callable[..., Any]] = {
    np.add: arithmetic.add,
    np.subtract: arithmetic.subtract,
    np.multiply: arithmetic.multiply,
    np.true_divide: arithmetic.divide,
    np.negative: arithmetic.negative,
    np.power: arithmetic.pow,
    np.exp: functions.exp,
    np.log: functions.log,
    np.sqrt: functions.sqrt,
    np.tanh: functions.tanh,
    np.absolute: functions.abs,
    np.maximum: choices.maximum,
    np.minimum: choices.minimum,
    np.equal: choices.equal,
    np.not_equal: choices.not_equal,
    np.less: choices.less,
    np.less_equal: choices.less_equal,
    np.greater: choices.greater,
    np.greater_equal: choices.greater_equal,
    np.matmul: linear_algebra.matmul,
    np.square: lambda x: x * x,
}

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.sum: reductions.sum,
    np.mean: reductions.mean,
    np.max: reductions.amax,
    np.min: reductions.amin,
    np.cumsum: lambda x, dim: reductions.cumsum(x, dim),
    np.where: choices.where,
    np.clip: choices.clip,
    np.reshape: shapes.reshape,
    np.transpose: lambda x, axes=None: shapes.permute(x, axes if axes is not None else range(x.ndim)[::-1]),
    np.swapaxes: shapes.transpose,
    np.broadcast_to: shapes.expand,
    np.concatenate: shapes.concatenate,
    np.stack: shapes.stack,
    np.einsum: lambda equation, *operands, optimize=False: einsum(equation, *operands),
    np.zeros_like: lambda x: type(x)(np.zeros_like(x.data)),
}

OPTIONS = {"axis": "dim", "keepdims": "keepdim", "a_min": "min", "a_max": "max"}  # NumPy's name: PyTorch's name


def array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    """Called by NumPy for `ufunc(*inputs)` when one of the inputs is a tensor."""
    if ufunc not in UFUNCS or method != "__call__" or options:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        raise _refusal(self, name, sorted(options))
    return UFUNCS[ufunc](*inputs)


def array_function(self: Any, function: Any, types: Any, inputs: Any, options: Any) -> Any:
    """Called by NumPy for `function(*inputs, **options)` when one of the arguments holds a tensor."""
    if function not in FUNCTIONS:
        raise _refusal(self, function.__name__, ())
    named = {OPTIONS.get(name, name): value for name, value in options.items()}
    try:
        return FUNCTIONS[function](*inputs, **named)
    except TypeError as error:
        raise TypeError(f"np.{function.__name__} on a tensor: {error}") from error


def _refusal(tensor: Any, name: str, options: Any) -> TypeError:
    what = f"np.{name} with {', '.join(options)}" if options else f"np.{name}"
    return TypeError(f"{what} has no gradient rule here, so it is refused on a tensor, of shape {tensor.shape}. Write "
                     f"it with the operations of autograd, or call .detach().numpy() first if no gradient is "
                     f"wanted")  # fmt: skip
