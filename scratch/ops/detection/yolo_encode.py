"""YOLO's targets: which cell of the grid, and which anchor there, is to find which object.

    column = ⌊centre x / stride⌋        row = ⌊centre y / stride⌋        the cell that the centre of the box lies in
    anchor = the one whose shape is most like that of the box:

        IoU of shapes = min(w, w') · min(h, h') / (w h + w' h' - min(w, w') · min(h, h'))

as if box and anchor had the same centre; of equals the first. One cell, one anchor, one object: everything else is to
say "nothing here". A centre exactly between two cells belongs to the one right of it or below; one exactly on the right
or lower border of the image would then lie in a cell that does not exist, and belongs to the last one. If two boxes
want the same cell and anchor, the first in the list has it, and the other is not learnt.

Images have different numbers of objects, so a batch is filled up: rows with label -1 are no boxes.

There is nothing to differentiate: the result is places in the list of boxes.

Source: Redmon et al. 2016, arXiv:1506.02640 (cells); Redmon & Farhadi 2017, arXiv:1612.08242 (anchors).
"""

import numpy as np

from ...types import Array
from ._checks import in_order, positive, require_anchors, require_floating, require_integers, same_dtype

NOBODY = -1


def forward(boxes: Array, labels: Array, anchors: Array, *, grid: tuple[int, int], stride: float) -> Array:
    """boxes: (N, M, 4), xyxy; labels: (N, M); anchors: (A, 2); grid: (rows, columns), with cells of stride pixels.

    → y: (N, A, rows, columns) int64: which of the M boxes is to be found there, or -1 for none.
    Raises ValueError for corners out of order or NaN, for a centre off the grid, and for labels below -1.
    """
    _check(boxes, labels, anchors)
    positive("stride", stride)
    if len(grid) != 2 or min(grid) < 1:
        raise ValueError(f"grid must be (rows, columns), one each at least; got {tuple(grid)}")
    rows, columns = grid
    images, members = np.nonzero(labels >= 0)  # (P,): only what is a box
    x1, y1, x2, y2 = boxes[images, members].T
    in_order("boxes", boxes[images, members])
    centre_x, centre_y = (x1 + x2) / 2, (y1 + y2) / 2
    outside = (centre_x < 0) | (centre_x > columns * stride) | (centre_y < 0) | (centre_y > rows * stride)
    if outside.any():
        raise ValueError(
            f"boxes must have their centres on the grid of {rows} × {columns} cells of {stride} pixels; "
            f"got {boxes[images, members][outside][0].tolist()}"
        )
    column = np.minimum(np.floor(centre_x / stride).astype(np.int64), columns - 1)
    row = np.minimum(np.floor(centre_y / stride).astype(np.int64), rows - 1)
    anchor = _most_alike(x2 - x1, y2 - y1, anchors)
    count = boxes.shape[1]
    owner = np.full_like(labels, count, dtype=np.int64, shape=(len(boxes), len(anchors), rows, columns))
    np.minimum.at(owner, (images, anchor, row, column), members)  # the first in the list
    return np.where(owner == count, NOBODY, owner)


def _most_alike(width: Array, height: Array, anchors: Array) -> Array:
    """width, height: (P,) → the number of the anchor whose shape has the largest IoU: (P,)."""
    common = np.minimum(width[:, None], anchors[:, 0]) * np.minimum(height[:, None], anchors[:, 1])  # (P, A)
    union = (width * height)[:, None] + anchors[:, 0] * anchors[:, 1] - common  # positive, as the anchors are
    best: Array = (common / union).argmax(axis=1)
    return best


def _check(boxes: Array, labels: Array, anchors: Array) -> None:
    require_anchors(anchors)
    require_floating("boxes", boxes)
    require_integers("labels", labels)
    same_dtype(boxes=boxes, anchors=anchors)
    if boxes.ndim != 3 or boxes.shape[2] != 4 or labels.shape != boxes.shape[:2]:
        raise ValueError(
            f"boxes must be (N, M, 4) and labels (N, M), M boxes for each image; "
            f"got boxes {boxes.shape}, labels {labels.shape}"
        )
    if (labels < NOBODY).any():
        raise ValueError(f"labels must be class numbers, or -1 where there is no box; got {int(labels.min())}")
