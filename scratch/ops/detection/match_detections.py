"""Which detection has found which object: one image, one class, as COCO decides it.

    from the most confident detection to the least (of equal scores the first comes first):
        it finds, of the objects that nobody has found yet, the one it overlaps most (of equals the last),
        if their IoU is at least the threshold

So an object is found once: a second detection of it has found nothing, and counts as a false alarm. And a detection may
take an object away from a later one that would have fitted it better: the order is greedy, by confidence.

What counts as found depends on the threshold, so there is an answer for each: at 0.5 a box in the right place will do,
at 0.95 it must fit to the pixel. Everything is computed in float64, whatever is given: these are judgements.

There is nothing to differentiate.

Source: Lin et al. 2014, "Microsoft COCO", arXiv:1405.0312. pycocotools: COCOeval.evaluateImg, for objects that are not
crowds, of any size.
"""

from collections.abc import Sequence

import numpy as np

from ...types import Array
from . import box_iou
from ._checks import require_corners, require_scores, same_dtype, share

MISSED = -1
SAME = 1 - 1e-10  # a threshold of 1 asks for the same box, but not for the same rounding


def forward(boxes: Array, scores: Array, targets: Array, *, iou_thresholds: Sequence[float] = (0.5,)) -> Array:
    """boxes: (D, 4), scores: (D,), targets: (G, 4) → y: (thresholds, D) int64, the place of a target or -1.

    Raises ValueError for corners out of order, NaN in boxes or scores, and thresholds outside [0, 1].
    """
    require_corners("boxes", boxes)
    require_corners("targets", targets)
    same_dtype(boxes=boxes, targets=targets)
    require_scores(scores, boxes)
    for threshold in iou_thresholds:
        share("iou_thresholds", threshold)
    at_least = np.minimum(np.array(iou_thresholds, np.float64, like=boxes), SAME)
    every = np.arange(len(at_least), like=boxes)
    found = np.full_like(boxes, MISSED, dtype=np.int64, shape=(len(at_least), len(boxes)))
    count = len(targets)
    if not count:
        return found
    iou, _ = box_iou.forward(boxes.astype(np.float64), targets.astype(np.float64))
    taken = np.zeros_like(found, dtype=bool, shape=(len(at_least), count))
    for i in (-scores).argsort(kind="stable").tolist():
        free = np.where(taken, -1, iou[i])  # (thresholds, G)
        best = count - 1 - free[:, ::-1].argmax(axis=1)  # from behind: of equals the last
        hit = free[every, best] >= at_least
        taken[every[hit], best[hit]] = True
        found[hit, i] = best[hit]
    return found
