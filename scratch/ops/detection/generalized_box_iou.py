"""Generalized intersection over union: IoU that also says how far apart two boxes are.

    enclosing = area of the smallest box around both        GIoU = IoU - (enclosing - union) / enclosing

Of what encloses both boxes, the share that belongs to neither is taken off. For boxes that overlap well there is
hardly any, and GIoU ≈ IoU; for boxes far apart nearly all is empty, and GIoU → -1. So where IoU is a flat 0, GIoU still
has a slope, which pulls the boxes towards each other. Where the enclosing box has no area, nothing is taken off.

Backward. Written with (enclosing - union) / enclosing = 1 - union / enclosing, forward was

    y = intersection / union - 1 + union / enclosing

    dintersection = dy / union
    dunion        = -dy · IoU / union + dy / enclosing
    denclosing    = -dy · (union / enclosing) / enclosing

The first two go back as in `box_iou`. The enclosing box takes the smaller x1 and the larger x2, just the edges that the
intersection did not take, and its width and height get denclosing times the other.

Source: Rezatofighi et al. 2019, arXiv:1902.09630. torchvision: torchvision.ops.generalized_box_iou.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_corners, same_dtype
from .box_iou import Overlap, divide, first_is_larger, fold, overlapping, overlapping_backward


class Pairs(NamedTuple):
    overlap: Overlap
    iou: Array  # (...)
    enclosing: Array  # (...)
    filled: Array  # (...): union / enclosing


class Cache(NamedTuple):
    pairs: Pairs  # of (N, 1) boxes with (1, M)


def forward(boxes1: Array, boxes2: Array) -> tuple[Array, Cache]:
    """boxes1: (N, 4), boxes2: (M, 4), xyxy → y: (N, M), from -1 to 1.

    Raises ValueError where corners are out of order, or NaN.
    """
    require_corners("boxes1", boxes1)
    require_corners("boxes2", boxes2)
    same_dtype(boxes1=boxes1, boxes2=boxes2)
    y, pairs = compare(boxes1[:, None], boxes2[None])
    return y, Cache(pairs)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: (N, M) → dboxes1: (N, 4), dboxes2: (M, 4)."""
    dboxes1, dboxes2 = compare_backward(dy, cache.pairs)
    return dboxes1[:, 0], dboxes2[0]


def compare(boxes1: Array, boxes2: Array) -> tuple[Array, Pairs]:
    """GIoU of each pair of boxes: (..., 4) and (..., 4), which broadcast."""
    overlap = overlapping(boxes1, boxes2)
    iou = divide(overlap.intersection, overlap.union)
    width, height = _around(boxes1, boxes2)
    enclosing = np.maximum(width, 0) * np.maximum(height, 0)
    y = iou - divide(enclosing - overlap.union, enclosing)
    return y, Pairs(overlap, iou, enclosing, divide(overlap.union, enclosing))


def compare_backward(dy: Array, cache: Pairs) -> tuple[Array, Array]:
    """dy: (...) → dboxes1 and dboxes2, like the boxes."""
    overlap, iou, enclosing, filled = cache
    boxes1, boxes2 = overlap.boxes1, overlap.boxes2
    dintersection = divide(dy, overlap.union)
    dfilled = divide(dy, enclosing)
    dunion = dfilled - dintersection * iou
    denclosing = -dfilled * filled
    dboxes1, dboxes2 = overlapping_backward(dintersection, dunion, overlap)
    size = _around(boxes1, boxes2)
    for axis in (0, 1):
        dlength = np.where(size[axis] >= 0, denclosing * np.maximum(size[1 - axis], 0), 0)
        low1, low2 = boxes1[..., axis], boxes2[..., axis]
        high1, high2 = boxes1[..., axis + 2], boxes2[..., axis + 2]
        of_first = dlength * first_is_larger(high1, high2)
        dboxes1[..., axis + 2] += fold(of_first, high1)
        dboxes2[..., axis + 2] += fold(dlength - of_first, high2)
        of_first = dlength * first_is_larger(low2, low1)
        dboxes1[..., axis] -= fold(of_first, low1)
        dboxes2[..., axis] -= fold(dlength - of_first, low2)
    return dboxes1, dboxes2


def _around(boxes1: Array, boxes2: Array) -> tuple[Array, Array]:
    """Width and height of the smallest box around both; negative only where the corners of both are out of order."""
    width, height = (
        np.maximum(boxes1[..., axis + 2], boxes2[..., axis + 2]) - np.minimum(boxes1[..., axis], boxes2[..., axis])
        for axis in (0, 1)
    )
    return width, height
