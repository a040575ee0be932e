"""Mean average precision over classes, for each threshold of IoU."""

from collections.abc import Sequence

import torch
from torch import Tensor

from . import average_precision, match_detections
from ._checks import corners, labels_of, require, scores_of

COCO = tuple((50 + 5 * i) / 100 for i in range(10))


def forward(
    boxes: Tensor,
    scores: Tensor,
    labels: Tensor,
    images: Tensor,
    target_boxes: Tensor,
    target_labels: Tensor,
    target_images: Tensor,
    *,
    iou_thresholds: Sequence[float] = COCO,
    max_detections: int = 100,
) -> Tensor:
    """boxes: (D, 4) and three (D,); target_boxes: (G, 4) and two (G,) → (thresholds,)."""
    corners(boxes, target_boxes)
    scores_of(scores, boxes)
    for each, of in ((labels, boxes), (images, boxes), (target_labels, target_boxes), (target_images, target_boxes)):
        labels_of(each, of)
    require(all(0 <= threshold <= 1 for threshold in iou_thresholds), "thresholds lie in [0, 1]")
    require(max_detections > 0, "max_detections must be 1 or more")
    of_class = []
    for label in target_labels.unique():
        confidence, right = [scores[:0].double()], [torch.zeros(len(iou_thresholds), 0, dtype=torch.bool)]
        for image in images[labels == label].unique():
            chosen = torch.nonzero((labels == label) & (images == image))[:, 0]
            chosen = chosen[scores[chosen].argsort(descending=True, stable=True)[:max_detections]]
            there = target_boxes[(target_labels == label) & (target_images == image)]
            matches = match_detections.forward(boxes[chosen], scores[chosen], there, iou_thresholds=iou_thresholds)
            confidence.append(scores[chosen].double())
            right.append(matches >= 0)
        positives = int((target_labels == label).sum())
        ranking = torch.cat(confidence)
        rows = torch.cat(right, dim=1).unbind(0)
        of_class.append(torch.stack([average_precision.forward(ranking, row, positives=positives) for row in rows]))
    if not of_class:
        return scores.new_full((len(iou_thresholds),), torch.nan)
    return torch.stack(of_class).mean(dim=0).to(scores.dtype)
