"""Mean average precision: what detectors are compared by.

    for every class that occurs:
        in every image, at most max_detections of that class, the most confident, are matched to its objects
        all of them together, from all images, are one ranking: its average precision
    y = the mean over those classes, for every threshold of IoU

With thresholds 0.5, 0.55, …, 0.95, which are those of COCO, y[0] is mAP@0.5, and y.mean() is mAP@[.5:.95], "the" metric
of COCO. Detections of a class that occurs nowhere cannot be right, and are not counted: an average precision of nothing
is not 0, it does not exist. Where nothing occurs at all, y is NaN.

Confidences must mean the same in all images, as they all stand in one ranking: of equal ones the earlier image comes
first, and within an image the first in the list.

There is nothing to differentiate.

Source: Lin et al. 2014, "Microsoft COCO", arXiv:1405.0312. pycocotools: COCOeval, for objects that are not crowds.
"""

from collections.abc import Sequence

import numpy as np

from ...types import Array
from . import average_precision, match_detections
from ._checks import one_per_box, require_boxes, require_corners, require_integers, require_scores, share

COCO = tuple((50 + 5 * i) / 100 for i in range(10))


def forward(
    boxes: Array,
    scores: Array,
    labels: Array,
    images: Array,
    target_boxes: Array,
    target_labels: Array,
    target_images: Array,
    *,
    iou_thresholds: Sequence[float] = COCO,
    max_detections: int = 100,
) -> Array:
    """boxes: (D, 4), scores, labels, images: (D,); target_boxes: (G, 4), target_labels, target_images: (G,).

    → y: (thresholds,). `images` says which image each is in. Raises ValueError as `match_detections` does.
    """
    _check(boxes, scores, labels, images, target_boxes, target_labels, target_images)
    for threshold in iou_thresholds:
        share("iou_thresholds", threshold)
    if max_detections < 1:
        raise ValueError(f"max_detections must be 1 or more; got {max_detections}")
    sums = np.zeros_like(scores, shape=len(iou_thresholds), dtype=np.float64)
    classes = np.unique(target_labels)
    for label in classes:
        ours, theirs = np.flatnonzero(labels == label), np.flatnonzero(target_labels == label)
        ranked, found = _match(
            boxes[ours], scores[ours], images[ours], target_boxes[theirs], target_images[theirs],
            iou_thresholds, max_detections,
        )  # fmt: skip
        for i, matched in enumerate(found):
            sums[i] += average_precision.forward(ranked, matched, positives=len(theirs))
    if not len(classes):
        return np.full_like(scores, np.nan, shape=len(iou_thresholds))
    return (sums / len(classes)).astype(scores.dtype)


def _match(
    boxes: Array,
    scores: Array,
    images: Array,
    target_boxes: Array,
    target_images: Array,
    iou_thresholds: Sequence[float],
    max_detections: int,
) -> tuple[Array, Array]:
    """One class: the detections that count, image by image → scores: (K,), which are right: (thresholds, K)."""
    scores_of_image = [scores[:0].astype(np.float64)]
    found_of_image = [np.zeros_like(boxes, dtype=bool, shape=(len(iou_thresholds), 0))]
    for image in np.unique(images):
        members = np.flatnonzero(images == image)
        members = members[(-scores[members]).argsort(kind="stable")][:max_detections]
        targets = target_boxes[target_images == image]
        matches = match_detections.forward(boxes[members], scores[members], targets, iou_thresholds=iou_thresholds)
        scores_of_image.append(scores[members].astype(np.float64))
        found_of_image.append(matches != match_detections.MISSED)
    return np.concatenate(scores_of_image), np.concatenate(found_of_image, axis=1)


def _check(
    boxes: Array, scores: Array, labels: Array, images: Array, target_boxes: Array, target_labels: Array,
    target_images: Array,
) -> None:  # fmt: skip
    require_boxes("boxes", boxes)
    require_scores(scores, boxes)
    require_corners("boxes", boxes)
    require_corners("target_boxes", target_boxes)
    for name, array, of, which in (
        ("labels", labels, "boxes", boxes),
        ("images", images, "boxes", boxes),
        ("target_labels", target_labels, "target_boxes", target_boxes),
        ("target_images", target_images, "target_boxes", target_boxes),
    ):
        require_integers(name, array)
        one_per_box(name, array, of, which)
