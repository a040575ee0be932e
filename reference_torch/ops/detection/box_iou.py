"""Intersection over union, of each box with each."""

from torch import Tensor

from ._checks import corners
from ._overlap import intersection_and_union, ratio


def forward(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """boxes1: (N, 4), boxes2: (M, 4) → (N, M)."""
    corners(boxes1, boxes2)
    return ratio(*intersection_and_union(boxes1[:, None], boxes2[None]))
