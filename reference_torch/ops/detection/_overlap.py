"""Intersection, union and the smallest enclosing box, elementwise over boxes that broadcast."""

import torch
from torch import Tensor

from ...autograd.choices import clip


def intersection_and_union(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """(..., 4) and (..., 4) → (...) and (...)."""
    intersection = _area(torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:]))
    return intersection, _area(a[..., :2], a[..., 2:]) + _area(b[..., :2], b[..., 2:]) - intersection


def enclosing_area(a: Tensor, b: Tensor) -> Tensor:
    """The area of the smallest box around both."""
    return _area(torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:]))


def ratio(a: Tensor, b: Tensor) -> Tensor:
    """The ratio of a to b, and 0 where b is 0, with the gradient of a constant there."""
    empty = b == 0
    return torch.where(empty, 0, a / b.masked_fill(empty, 1))


def _area(low: Tensor, high: Tensor) -> Tensor:
    width, height = clip(high - low, 0).unbind(-1)
    return width * height
