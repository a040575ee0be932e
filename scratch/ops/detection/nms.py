"""Non-maximum suppression: of many boxes around one object, keep the most confident.

    while boxes are left:
        keep the one with the highest score (of equal scores, the first in the list)
        drop every other whose IoU with it is above iou_threshold

A detector has an opinion at every place, and several neighbouring places find the same digit. A box that is exactly at
the threshold stays; so does a box without area, whose IoU with anything is 0.

The loop is greedy and cannot be run all at once: whether a box is dropped depends on whether the box that would drop it
was dropped before. But each turn is a handful of operations on whole arrays. The boxes are put in order once, so that
those still in question are the tail of the list: slices, where picking them out would copy. After that there are four
contiguous arrays of edges, one of areas, and one array of marks. And one clamp is enough: where the boxes are apart
along y alone, a negative height makes a negative IoU, which is above no threshold.

There is nothing to differentiate: the result is places in a list.

torchvision: torchvision.ops.nms.
"""

import numpy as np

from ...types import Array
from ._checks import require_corners, require_scores, share


def forward(boxes: Array, scores: Array, *, iou_threshold: float) -> Array:
    """boxes: (N, 4), xyxy; scores: (N,) → y: (kept,), places of the boxes that stay, the highest score first, int64.

    Raises ValueError for corners out of order, NaN in boxes or scores, and a threshold outside [0, 1].
    """
    require_corners("boxes", boxes)
    require_scores(scores, boxes)
    share("iou_threshold", iou_threshold)
    order = (-scores).argsort(kind="stable")  # stable: equal scores stay in the order of the list
    x1, y1, x2, y2 = boxes[order].T.copy()  # four contiguous rows
    area = (x2 - x1) * (y2 - y1)
    dropped = np.zeros_like(order, dtype=bool)
    width, height = np.empty_like(area), np.empty_like(area)  # to compute in, for every turn anew
    with np.errstate(invalid="ignore"):  # 0 / 0: both without area
        for i in range(len(order)):
            if dropped[i]:
                continue
            rest = slice(i + 1, None)
            w, h = width[rest], height[rest]
            np.minimum(x2[rest], x2[i], out=w)
            w -= np.maximum(x1[rest], x1[i], out=h)
            np.maximum(w, 0, out=w)
            np.minimum(y2[rest], y2[i], out=h)
            h -= np.maximum(y1[rest], y1[i])
            w *= h  # the intersection
            np.add(area[rest], area[i], out=h)
            h -= w  # the union
            w /= h
            dropped[rest] |= w > iou_threshold
    kept: Array = order[~dropped].astype(np.int64, copy=False)
    return kept
