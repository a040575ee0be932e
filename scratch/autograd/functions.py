"""Functions of one number, applied to every element.

Where a derivative is easiest to say by the result (eˣ, √x, tanh x), the rule saves the result and not the operand.

Names, and the value at every edge, are those of PyTorch (torch.exp, torch.log …).
"""

from __future__ import annotations

from operator import mul, truediv
from typing import TYPE_CHECKING, Any

import numpy as np

from ._operands import as_tensor, floating, silent
from .tape import OUTPUT, record

if TYPE_CHECKING:
    from .tensor import Tensor


def exp(x: Any) -> Tensor:
    """eˣ, its own derivative."""
    x = floating("exp", x)
    return record("exp", np.exp(x.data), (x, mul, OUTPUT))


def log(x: Any) -> Tensor:
    """The natural logarithm; −inf at 0, NaN below."""
    x = floating("log", x)
    with silent():
        data = np.log(x.data)
    return record("log", data, (x, truediv, x))


def sqrt(x: Any) -> Tensor:
    """√x, with derivative 1 / (2√x): inf at 0."""
    x = floating("sqrt", x)
    with silent():
        data = np.sqrt(x.data)
    return record("sqrt", data, (x, lambda dy, y: dy / (2 * y), OUTPUT))


def tanh(x: Any) -> Tensor:
    """The hyperbolic tangent, with derivative 1 − tanh² x."""
    x = floating("tanh", x)
    return record("tanh", np.tanh(x.data), (x, lambda dy, y: dy * (1 - y * y), OUTPUT))


def abs(x: Any) -> Tensor:
    """|x|. At 0, where it has a kink, its derivative counts as 0."""
    x = as_tensor("abs", x)
    return record("abs", np.abs(x.data), (x, lambda dy, x: np.where(x > 0, dy, np.where(x < 0, -dy, 0.0)), x))
