"""Non-maximum suppression of several groups at once: only boxes of the same group suppress each other.

    groups are classes (a 3 may lie across a 5), or images, or both: group = image · classes + class

A box of another group is no rival, however much it overlaps. So each group goes through `nms` by itself, and what stays
is put in the order of the scores again.

(A trick that is often seen moves the boxes of group g by g times the largest coordinate, so that groups cannot overlap,
and runs one nms over all. It costs accuracy: in float32 a box at 1,000,000 has sixteenths of a pixel left.)

torchvision: torchvision.ops.batched_nms.
"""

import numpy as np

from ...types import Array
from . import nms
from ._checks import one_per_box, require_boxes, require_integers, require_scores


def forward(boxes: Array, scores: Array, idxs: Array, *, iou_threshold: float) -> Array:
    """boxes: (N, 4), xyxy; scores: (N,); idxs: (N,), the group of each → y: (kept,), int64, highest score first.

    Raises ValueError as `nms` does, and for another number of groups than boxes.
    """
    require_boxes("boxes", boxes)
    require_integers("idxs", idxs)
    one_per_box("idxs", idxs, "boxes", boxes)
    require_scores(scores, boxes)
    kept = [nms.forward(boxes[:0], scores[:0], iou_threshold=iou_threshold)]  # where there is no group at all
    for group in np.unique(idxs):
        members = np.flatnonzero(idxs == group)
        kept.append(members[nms.forward(boxes[members], scores[members], iou_threshold=iou_threshold)])
    places = np.sort(np.concatenate(kept))  # of equal scores the first in the list comes first
    ranked: Array = places[(-scores[places]).argsort(kind="stable")]
    return ranked
