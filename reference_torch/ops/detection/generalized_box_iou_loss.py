"""One minus the generalized intersection over union, row by row."""

from torch import Tensor

from ._checks import boxes_like, require
from .generalized_box_iou import compare


def forward(boxes1: Tensor, boxes2: Tensor, *, reduction: str = "none") -> Tensor:
    """boxes1, boxes2: (N, 4) → (N,), or () for "sum" and "mean"."""
    boxes_like(boxes1, boxes2)
    require(boxes1.shape == boxes2.shape, "boxes1 and boxes2 must have one shape")
    require(reduction in ("none", "sum", "mean"), "reduction must be none, sum or mean")
    losses = 1 - compare(boxes1, boxes2)
    return losses if reduction == "none" else getattr(losses, reduction)()
