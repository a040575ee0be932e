"""The whole idea on single numbers.

A `Value` is a number that knows what it was computed from. Each operation notes, beside its result, how fast the
result changes when an operand does: the local slope. For y = a · b these are ∂y/∂a = b and ∂y/∂b = a.

`backward` multiplies slopes along every path and adds up over paths, which is the chain rule:

    ∂L/∂a = Σ over results y of a:  ∂L/∂y · ∂y/∂a

walking from the last result to the first operands, so that ∂L/∂y is complete before it is used.

`Tensor` is this on arrays; micrograd (Karpathy 2020) is the classic of this size. PyTorch: a tensor of one element.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


class Value:
    """A number, the numbers it was computed from, and the slope along each of them."""

    __slots__ = ("data", "grad", "operands", "operation", "slopes")

    def __init__(
        self, data: float, operands: Sequence[Value] = (), slopes: Sequence[float] = (), operation: str = ""
    ) -> None:
        self.data = data
        self.grad = 0.0  # ∂L/∂self, once somebody calls L.backward()
        self.operands = operands
        self.slopes = slopes
        self.operation = operation

    def __repr__(self) -> str:
        return f"Value(data={self.data:.6g}, grad={self.grad:.6g})"

    def __add__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, n: float) -> Value:
        if isinstance(n, Value):
            raise TypeError("the exponent must be a number: its own slope is not known here")
        slope = n * self.data ** (n - 1) if n else 0.0
        return Value(self.data**n, (self,), (slope,), f"^{n:g}")

    def exp(self) -> Value:
        """E to the power of self, its own slope."""
        y = math.exp(self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self) -> Value:
        """The natural logarithm, with slope 1 / self."""
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self) -> Value:
        """The hyperbolic tangent, with slope 1 − tanh²."""
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def relu(self) -> Value:
        """max(0, self), with slope 0 or 1; 0 at the kink."""
        active = self.data > 0
        return Value(self.data if active else 0.0, (self,), (1.0 if active else 0.0,), "relu")

    # The rest is made of these.

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -_as_value(other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * _as_value(other) ** -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Value:
        return _as_value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return _as_value(other) / self

    def backward(self) -> None:
        """Add ∂self/∂v to `v.grad` for every value v that self was computed from."""
        order = self.ancestors()
        flowing = dict.fromkeys(order, 0.0)
        flowing[self] = 1.0
        for value in order:
            for operand, slope in zip(value.operands, value.slopes, strict=True):
                flowing[operand] += slope * flowing[value]
            value.grad += flowing[value]

    def ancestors(self) -> list[Value]:
        """Self and all it depends on, every value before its operands. Depth first, without recursion."""
        finished: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]
        while stack:
            value, operands_done = stack.pop()
            if operands_done:
                finished.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack += [(operand, False) for operand in value.operands]
        return finished[::-1]


def _as_value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)
