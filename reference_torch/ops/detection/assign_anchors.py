"""Which anchor is to learn which object."""

import torch
from torch import Tensor

from . import box_iou
from ._checks import require


def forward(
    anchors: Tensor, boxes: Tensor, *, high: float = 0.7, low: float = 0.3, allow_low_quality: bool = True
) -> Tensor:
    """anchors: (N, 4), boxes: (M, 4) → (N,): the place of a box, -1 for background, -2 for neither."""
    overlap = box_iou.forward(anchors, boxes)
    require(0 <= low <= high <= 1, "0 <= low <= high <= 1")
    assigned = torch.full((len(anchors),), -1)
    if not overlap.numel():
        return assigned
    largest, best = overlap.max(dim=1)
    assigned[largest >= low] = -2
    assigned[largest >= high] = best[largest >= high]
    if allow_low_quality:
        for of_box in overlap.unbind(1):
            if of_box.max() > 0:
                closest = of_box == of_box.max()
                assigned[closest] = best[closest]
    return assigned
