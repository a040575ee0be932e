"""Which anchor is to learn which object.

    IoU with its best object ≥ high        the anchor is to find that object
    IoU with its best object < low         background: the anchor is to say that there is nothing      -1
    between the two                        it neither learns nor is punished                           -2

    and, so that no object is left out:    the anchors that overlap most with some object are to find their own best
                                           object, however little that is, as long as it is not nothing

Of several objects with the same overlap an anchor takes the first. The last rule matters for objects that no anchor
fits well; several anchors may share the largest overlap, and all of them count.

There is nothing to differentiate.

Source: Ren, He, Girshick & Sun 2015, "Faster R-CNN", arXiv:1506.01497, section 3.1.2.
torchvision: torchvision.models.detection._utils.Matcher, where an overlap of nothing may count as the largest.
"""

import numpy as np

from ...types import Array
from . import box_iou
from ._checks import share

BACKGROUND, BETWEEN = -1, -2


def forward(
    anchors: Array, boxes: Array, *, high: float = 0.7, low: float = 0.3, allow_low_quality: bool = True
) -> Array:
    """anchors: (N, 4), boxes: (M, 4), xyxy → y: (N,) int64: the place of a box, or -1, or -2.

    Without boxes, all is background. Raises ValueError for corners out of order or NaN, and unless 0 ≤ low ≤ high ≤ 1.
    """
    iou, _ = box_iou.forward(anchors, boxes)  # (N, M)
    share("high", high)
    share("low", low)
    if low > high:
        raise ValueError(f"low must not lie above high; got low {low}, high {high}")
    if not len(anchors) or not len(boxes):
        return np.full_like(anchors, BACKGROUND, dtype=np.int64, shape=len(anchors))
    best = iou.argmax(axis=1)
    largest = iou.max(axis=1)
    assigned = np.where(largest >= high, best, np.where(largest < low, BACKGROUND, BETWEEN))
    if allow_low_quality:
        of_box = iou.max(axis=0)  # (M,): what the best anchor of each box has
        rescued = ((iou == of_box) & (of_box > 0)).any(axis=1)
        assigned = np.where(rescued, best, assigned)
    return assigned.astype(np.int64, copy=False)
