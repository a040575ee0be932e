"""Writing to a tensor in place."""

from typing import Any

import torch


def add(x: torch.Tensor, y: Any) -> torch.Tensor:
    """Add in place: x += y."""
    return x.add_(y)


def subtract(x: torch.Tensor, y: Any) -> torch.Tensor:
    """Subtract in place: x -= y."""
    return x.sub_(y)


def multiply(x: torch.Tensor, y: Any) -> torch.Tensor:
    """Multiply in place: x *= y."""
    return x.mul_(y)


def divide(x: torch.Tensor, y: Any) -> torch.Tensor:
    """Divide in place: x /= y."""
    return x.div_(y)


def setitem(x: torch.Tensor, index: Any, value: Any) -> None:
    """x[index] = value."""
    x[index] = value
