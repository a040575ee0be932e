"""The loss of boxes: how far each predicted box is from the one it should be.

    lossᵢ = 1 - GIoU(boxes1ᵢ, boxes2ᵢ)        0 for the same box, up to 2 for boxes far apart

Row i of the predictions against row i of the targets, unlike `generalized_box_iou`, which compares all with all.
Squared differences of the four corners would call an error of 3 pixels equally bad for a digit of 8 pixels and for one
of 80, and would treat edges as if they were unrelated. IoU has neither fault, and is what detectors are judged by.

A network may say anything, so nothing is refused but shapes: a box whose corners are out of order has no area (and the
enclosing box still pulls its edges), and NaN makes a loss of NaN, which tells that a training has diverged.

Backward. lossᵢ = 1 - yᵢ, so yᵢ gets -dlossᵢ, and then as in `generalized_box_iou`, without sums over pairs.

Source: Rezatofighi et al. 2019, arXiv:1902.09630. torchvision: torchvision.ops.generalized_box_iou_loss, which adds
a small eps to both denominators where this one asks whether they are 0.
"""

from typing import NamedTuple

from ...types import Array
from ..losses._reduction import reduce, reduce_backward
from ._checks import require_boxes, same_dtype
from .generalized_box_iou import Pairs, compare, compare_backward


class Cache(NamedTuple):
    pairs: Pairs
    boxes: int  # how many
    reduction: str


def forward(boxes1: Array, boxes2: Array, *, reduction: str = "none") -> tuple[Array, Cache]:
    """boxes1, boxes2: (N, 4), xyxy → y: (N,) for "none", () for "sum" and "mean"; the mean of no boxes is NaN."""
    require_boxes("boxes1", boxes1)
    require_boxes("boxes2", boxes2)
    same_dtype(boxes1=boxes1, boxes2=boxes2)
    if boxes1.shape != boxes2.shape:
        raise ValueError(
            f"boxes2 must have one box for each of boxes1, no broadcasting; got {boxes1.shape} and {boxes2.shape}"
        )
    similarity, pairs = compare(boxes1, boxes2)
    losses = 1 - similarity
    return reduce(losses, reduction, len(boxes1)), Cache(pairs, len(boxes1), reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of y → dboxes1, dboxes2: (N, 4)."""
    dloss = reduce_backward(dy, cache.reduction, cache.boxes)
    return compare_backward(-dloss, cache.pairs)
