"""Intersection over union: how much two boxes overlap, from 0 (not at all) to 1 (they are the same).

    along x:  width  = max(min(x2, x2') - max(x1, x1'), 0)        along y likewise: height
    intersection = width · height
    union = area + area' - intersection        what both hold is in both areas, so it was counted twice
    IoU = intersection / union                 0 where the union is 0: two boxes without area

of every box of the first list with every box of the second. The max with 0 matters: boxes that are apart along both
axes would have a negative width and a negative height, whose product looks like an overlap.

Backward. Forward ended with intersection / union, and the union held the intersection again:

    dunion = -dy · IoU / union
    dintersection = dy / union - dunion
    darea = darea' = dunion

The intersection was width · height, so each gets dintersection times the other, where the max let it through. A width
was right edge minus left edge: the gradient belongs to the box whose edge was taken, the smaller x2 and the larger x1;
where both are equal each gets half. The areas send theirs as in `box_area`. A box met every box of the other list, so
its gradient is a sum over them.

Where two boxes do not overlap the gradient is 0: IoU does not say which way to go. See `generalized_box_iou`.

Source: Jaccard 1901. torchvision: torchvision.ops.box_iou.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_corners, same_dtype


class Overlap(NamedTuple):
    boxes1: Array  # (..., 4)
    boxes2: Array  # (..., 4), broadcasts with boxes1
    intersection: Array  # (...)
    union: Array  # (...)


class Cache(NamedTuple):
    overlap: Overlap
    iou: Array  # (N, M)


def forward(boxes1: Array, boxes2: Array) -> tuple[Array, Cache]:
    """boxes1: (N, 4), boxes2: (M, 4), xyxy → y: (N, M). Raises ValueError where corners are out of order, or NaN."""
    require_corners("boxes1", boxes1)
    require_corners("boxes2", boxes2)
    same_dtype(boxes1=boxes1, boxes2=boxes2)
    overlap = overlapping(boxes1[:, None], boxes2[None])
    iou = divide(overlap.intersection, overlap.union)
    return iou, Cache(overlap, iou)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: (N, M) → dboxes1: (N, 4), dboxes2: (M, 4)."""
    overlap, iou = cache
    dintersection = divide(dy, overlap.union)
    dunion = -dintersection * iou
    dboxes1, dboxes2 = overlapping_backward(dintersection, dunion, overlap)
    return dboxes1[:, 0], dboxes2[0]


def overlapping(boxes1: Array, boxes2: Array) -> Overlap:
    """Intersection and union of each pair of boxes: (..., 4) and (..., 4), which broadcast."""
    width, height = _common(boxes1, boxes2, 0), _common(boxes1, boxes2, 1)
    intersection = np.maximum(width, 0) * np.maximum(height, 0)
    union = _area(boxes1) + _area(boxes2) - intersection
    return Overlap(boxes1, boxes2, intersection, union)


def overlapping_backward(dintersection: Array, dunion: Array, cache: Overlap) -> tuple[Array, Array]:
    """The gradients of both: (...) → those of the boxes, like them."""
    boxes1, boxes2, *_ = cache
    dintersection = dintersection - dunion
    common = [_common(boxes1, boxes2, axis) for axis in (0, 1)]
    dboxes1, dboxes2 = np.zeros_like(boxes1), np.zeros_like(boxes2)
    for axis in (0, 1):
        across = np.maximum(common[1 - axis], 0)
        dlength = np.where(common[axis] >= 0, dintersection * across, 0)
        low1, low2 = boxes1[..., axis], boxes2[..., axis]
        high1, high2 = boxes1[..., axis + 2], boxes2[..., axis + 2]
        of_first = dlength * first_is_larger(high2, high1)
        dboxes1[..., axis + 2] += fold(of_first, high1)
        dboxes2[..., axis + 2] += fold(dlength - of_first, high2)
        of_first = dlength * first_is_larger(low1, low2)
        dboxes1[..., axis] -= fold(of_first, low1)
        dboxes2[..., axis] -= fold(dlength - of_first, low2)
    for boxes, dboxes in ((boxes1, dboxes1), (boxes2, dboxes2)):
        darea = fold(dunion, boxes[..., 0])
        size = boxes[..., 2:] - boxes[..., :2]
        dsize = np.where(size >= 0, darea[..., None] * np.maximum(size, 0)[..., ::-1], 0)
        dboxes[..., :2] -= dsize
        dboxes[..., 2:] += dsize
    return dboxes1, dboxes2


def divide(a: Array, b: Array) -> Array:
    """The ratio of a to b, and 0 where b is 0: nothing has no share of nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(b == 0, 0, a / b)


def first_is_larger(a: Array, b: Array) -> Array:
    """1 where a > b, 0 where a < b, and ½ where they are equal: the share that a has in max(a, b)."""
    share: Array = (a > b).astype(a.dtype)
    share += (a >= b).astype(a.dtype)
    return share * 0.5


def fold(gradient: Array, like: Array) -> Array:
    """Sum over the axes along which `like` was broadcast."""
    axes = tuple(i for i, (n, m) in enumerate(zip(gradient.shape, like.shape, strict=True)) if m == 1 and n != 1)
    return gradient.sum(axis=axes, keepdims=True) if axes else gradient


def _common(boxes1: Array, boxes2: Array, axis: int) -> Array:
    """How long the boxes run side by side along an axis; negative where there is a gap."""
    low = np.maximum(boxes1[..., axis], boxes2[..., axis])
    high = np.minimum(boxes1[..., axis + 2], boxes2[..., axis + 2])
    length: Array = high - low
    return length


def _area(boxes: Array) -> Array:
    """(..., 4) → (...)."""
    size = np.maximum(boxes[..., 2:] - boxes[..., :2], 0)
    area: Array = size[..., 0] * size[..., 1]
    return area
