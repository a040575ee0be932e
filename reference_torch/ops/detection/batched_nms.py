"""Non-maximum suppression within groups: a box counts as kept if nms over its own group keeps it."""

import torch
from torch import Tensor

from . import nms
from ._checks import boxes_like, labels_of, scores_of


def forward(boxes: Tensor, scores: Tensor, idxs: Tensor, *, iou_threshold: float) -> Tensor:
    """boxes: (N, 4), scores: (N,), idxs: (N,) → places of the boxes that stay, the highest score first."""
    boxes_like(boxes)
    scores_of(scores, boxes)
    labels_of(idxs, boxes)
    stays = torch.zeros(len(boxes), dtype=torch.bool)
    for group in [*idxs.unique(), -1]:
        of_group = torch.nonzero(idxs == group)[:, 0]
        stays[of_group[nms.forward(boxes[of_group], scores[of_group], iou_threshold=iou_threshold)]] = True
    ordered = scores.argsort(descending=True, stable=True)
    return ordered[stays[ordered]]
