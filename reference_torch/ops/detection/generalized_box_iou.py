"""Generalized intersection over union, of each box with each."""

from torch import Tensor

from ._checks import corners
from ._overlap import enclosing_area, intersection_and_union, ratio


def forward(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """boxes1: (N, 4), boxes2: (M, 4) → (N, M)."""
    corners(boxes1, boxes2)
    return compare(boxes1[:, None], boxes2[None])


def compare(a: Tensor, b: Tensor) -> Tensor:
    """(..., 4) and (..., 4), which broadcast → (...)."""
    intersection, union = intersection_and_union(a, b)
    enclosing = enclosing_area(a, b)
    return ratio(intersection, union) - ratio(enclosing - union, enclosing)
