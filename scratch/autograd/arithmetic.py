"""Sums, products and powers of elements.

Each function computes with NumPy and records one branch per operand: `(operand, rule, *what the rule needs)`. A rule
turns `dy`, the gradient of the result, into the gradient of the operand; it is written so that it works on arrays and
on tensors alike (see `tape`), and may assume that both operands have the shape and dtype of the result (`_operands`).

Names, dtypes, and the value at every edge are those of PyTorch (torch.add, torch.pow …).
"""

from __future__ import annotations

from operator import mul, neg, truediv
from typing import TYPE_CHECKING, Any

import numpy as np

from . import tensor
from ._operands import as_tensor, cast, common_dtype, floating, operands, silent
from .tape import OUTPUT, record

if TYPE_CHECKING:
    from .tensor import Tensor


def _same(dy: Any) -> Any:
    return dy


def add(x: Any, y: Any) -> Tensor:
    """The sum x + y. Its gradient goes to both operands unchanged."""
    x, y = operands("add", x, y)
    return record("add", x.data + y.data, (x, _same), (y, _same))


def subtract(x: Any, y: Any) -> Tensor:
    """The difference x − y."""
    x, y = operands("subtract", x, y)
    return record("subtract", x.data - y.data, (x, _same), (y, neg))


def multiply(x: Any, y: Any) -> Tensor:
    """The product x · y. Each factor scales the gradient of the other."""
    x, y = operands("multiply", x, y)
    return record("multiply", x.data * y.data, (x, mul, y), (y, mul, x))


def divide(x: Any, y: Any) -> Tensor:
    """The quotient x / y, with ∂/∂y = −x / y². Whole numbers are divided as float32."""
    x, y = operands("divide", x, y)
    x, y = floating("divide", x), floating("divide", y)
    with silent():
        data = x.data / y.data
    return record("divide", data, (x, truediv, y), (y, lambda dy, x, y: -dy * (x / y / y), x, y))


def negative(x: Any) -> Tensor:
    """−x."""
    x = as_tensor("negative", x)
    return record("negative", -x.data, (x, neg))


def pow(x: Any, y: Any) -> Tensor:
    """The power xʸ, with ∂/∂x = y · xʸ⁻¹ and ∂/∂y = xʸ · log x.

    The limits are PyTorch's: x⁰ has slope 0 in x everywhere, and 0ʸ has slope 0 in y for y ≥ 0.
    """
    if isinstance(x, tensor.Tensor) and isinstance(y, (int, float)):
        return _power_of_number(x, y)
    x, y = operands("pow", x, y)
    with silent():
        data = np.power(x.data, y.data)
    return record("pow", data, (x, _rule_of_base, x, y), (y, _rule_of_exponent, x, y, OUTPUT))


def _power_of_number(x: Tensor, n: float) -> Tensor:
    if x.data.dtype.kind != "f":
        x = cast(x, common_dtype("pow", x, n))
    n = n.item() if isinstance(n, np.generic) else n
    with silent():
        data = _raise(x.data, n)
    return record("pow", data, (x, lambda dy, x: dy * (n * _raise(x, n - 1)) if n else np.zeros_like(dy), x))


def _raise(x: Any, n: float) -> Any:
    """The power xⁿ of an array or a tensor. NumPy multiplies for n = 2 and takes the root for ½, as PyTorch does."""
    return 1 / np.sqrt(x) if n == -0.5 else x**n


def _rule_of_base(dy: Any, x: Any, y: Any) -> Any:
    return np.where(y == 0, 0.0, dy * (y * x ** (y - 1)))


def _rule_of_exponent(dy: Any, x: Any, y: Any, power: Any) -> Any:
    slope = dy * (power * np.log(x))
    return np.where(x == 0, np.where(y >= 0, 0.0, slope), slope)
