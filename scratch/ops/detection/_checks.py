"""What the components of this folder demand of boxes, and how they say so.

A box that is (x, y, width, height) where corners are expected still has four numbers: the overlaps that come out look
like overlaps, and the training goes nowhere. What it mostly cannot do is keep its corners in order, so that is asked.
"""

import numpy as np

from ...types import Array


def require_boxes(name: str, boxes: Array) -> None:
    """Raise unless boxes is floating-point (N, 4)."""
    require_floating(name, boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{name} must be (N, 4), four numbers a box; got {name} {boxes.shape}")


def require_corners(name: str, boxes: Array) -> None:
    """Raise unless boxes is floating-point (N, 4) with x1 ≤ x2 and y1 ≤ y2 throughout, which NaN does not have."""
    require_boxes(name, boxes)
    in_order(name, boxes)


def in_order(name: str, boxes: Array) -> None:
    """Raise unless x1 ≤ x2 and y1 ≤ y2 in every box of boxes (..., 4)."""
    wrong = ~(boxes[..., :2] <= boxes[..., 2:]).all(axis=-1)
    if wrong.any():
        raise ValueError(
            f"{name} must be (x1, y1, x2, y2) with x1 ≤ x2 and y1 ≤ y2, and not NaN; got {boxes[wrong][0].tolist()}"
        )


def require_floating(name: str, array: Array) -> None:
    """Raise unless the array holds floating-point numbers."""
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must be floating-point; got {array.dtype}")


def same_dtype(**arrays: Array) -> None:
    """Raise unless all have one dtype."""
    if len({array.dtype for array in arrays.values()}) > 1:
        found = ", ".join(f"{name} {array.dtype}" for name, array in arrays.items())
        raise TypeError(f"{' and '.join(arrays)} must have one dtype; got {found}")


def one_per_box(name: str, array: Array, boxes_name: str, boxes: Array) -> None:
    """Raise unless the array holds one number for each box."""
    if array.shape != boxes.shape[:1]:
        raise ValueError(
            f"{name} must be ({len(boxes)},), one for each of {boxes_name}; "
            f"got {name} {array.shape} for {boxes_name} {boxes.shape}"
        )


def require_scores(scores: Array, boxes: Array) -> None:
    """Raise unless scores is floating-point, one for each box, and can be put in order: NaN cannot."""
    require_floating("scores", scores)
    one_per_box("scores", scores, "boxes", boxes)
    if np.isnan(scores).any():
        raise ValueError("scores must not be NaN: it is neither more nor less than another score")


def require_integers(name: str, array: Array) -> None:
    """Raise unless the array holds whole numbers: labels, places."""
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers; got {array.dtype}")


def share(name: str, value: float) -> None:
    """Raise unless a threshold of overlap lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie in [0, 1], as overlaps do; got {value}")


def positive(name: str, value: float) -> None:
    """Raise unless a length is one."""
    if not value > 0:
        raise ValueError(f"{name} must be positive; got {value}")


def require_anchors(anchors: Array) -> None:
    """Raise unless anchors is floating-point (A, 2): positive widths and heights, one pair at least."""
    require_floating("anchors", anchors)
    if anchors.ndim != 2 or anchors.shape[1] != 2 or not len(anchors):
        raise ValueError(f"anchors must be (A, 2), a width and a height each, one at least; got {anchors.shape}")
    if not (anchors > 0).all():
        raise ValueError(f"anchors must have positive widths and heights; got {anchors.tolist()}")
