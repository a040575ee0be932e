"""Non-maximum suppression by tensor operations: one row of overlaps for each box that is kept."""

import torch
from torch import Tensor

from ._checks import corners, require, scores_of


def forward(boxes: Tensor, scores: Tensor, *, iou_threshold: float) -> Tensor:
    """boxes: (N, 4), scores: (N,) → places of the boxes that stay, the highest score first."""
    corners(boxes)
    scores_of(scores, boxes)
    require(0 <= iou_threshold <= 1, "iou_threshold must lie in [0, 1]")
    places = scores.argsort(descending=True, stable=True)
    left = boxes[places]
    area = (left[:, 2:] - left[:, :2]).prod(dim=1)
    kept = [places[:0]]
    while len(places):
        kept.append(places[:1])
        low = torch.maximum(left[1:, :2], left[0, :2])
        high = torch.minimum(left[1:, 2:], left[0, 2:])
        intersection = (high - low).clamp_(min=0).prod(dim=1)
        overlap = intersection / (area[1:] + area[0] - intersection)  # NaN between two without area
        stays = ~(overlap > iou_threshold)
        places, left, area = places[1:][stays], left[1:][stays], area[1:][stays]
    return torch.cat(kept)
