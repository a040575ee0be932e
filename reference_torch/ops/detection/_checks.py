"""What both sides refuse."""

import torch
from torch import Tensor


def require(condition: bool | Tensor, message: str) -> None:
    """Raise ValueError unless the condition holds."""
    if not condition:
        raise ValueError(message)


def boxes_like(*boxes: Tensor) -> None:
    """Raise unless all are (N, 4), floating-point, of one dtype."""
    for each in boxes:
        if not each.is_floating_point() or each.dtype != boxes[0].dtype:
            raise TypeError("boxes must be floating-point, of one dtype")
        require(each.ndim == 2 and each.shape[1] == 4, "boxes must be (N, 4)")


def corners(*boxes: Tensor) -> None:
    """Raise unless all are (N, 4) with x1 ≤ x2 and y1 ≤ y2."""
    boxes_like(*boxes)
    for each in boxes:
        require((each[:, :2] <= each[:, 2:]).all(), "boxes must have x1 ≤ x2 and y1 ≤ y2")


def scores_of(scores: Tensor, boxes: Tensor) -> None:
    """Raise unless there is one score a box, and none is NaN."""
    if not scores.is_floating_point():
        raise TypeError("scores must be floating-point")
    require(scores.shape == boxes.shape[:1] and not scores.isnan().any(), "one score a box, none NaN")


def labels_of(labels: Tensor, boxes: Tensor) -> None:
    """Raise unless there is one whole number a box."""
    if labels.dtype not in (torch.int64, torch.int32):
        raise TypeError("labels must be integers")
    require(labels.shape == boxes.shape[:1], "one label a box")


def sizes(anchors: Tensor) -> None:
    """Raise unless anchors is (A, 2), positive."""
    if not anchors.is_floating_point():
        raise TypeError("anchors must be floating-point")
    require(anchors.ndim == 2 and anchors.shape[1] == 2 and len(anchors) > 0, "anchors must be (A, 2)")
    require((anchors > 0).all(), "anchors must be positive")
