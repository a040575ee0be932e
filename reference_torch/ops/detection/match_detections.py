"""Which detection has found which object, as COCO decides it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from . import box_iou
from ._checks import corners, require, scores_of


def forward(boxes: Tensor, scores: Tensor, targets: Tensor, *, iou_thresholds: Sequence[float] = (0.5,)) -> Tensor:
    """boxes: (D, 4), scores: (D,), targets: (G, 4) → (thresholds, D): the place of a target or -1."""
    corners(boxes, targets)
    scores_of(scores, boxes)
    require(all(0 <= threshold <= 1 for threshold in iou_thresholds), "thresholds lie in [0, 1]")
    overlap = box_iou.forward(boxes.double(), targets.double()).tolist()
    order = scores.argsort(descending=True, stable=True).tolist()
    found = torch.full((len(iou_thresholds), len(boxes)), -1)
    for row, threshold in zip(found, iou_thresholds, strict=True):
        left = set(range(len(targets)))
        for place in order:
            near = [(overlap[place][i], i) for i in left if overlap[place][i] >= min(threshold, 1 - 1e-10)]
            if near:
                _, row[place] = max(near)
                left.remove(int(row[place]))
    return found
