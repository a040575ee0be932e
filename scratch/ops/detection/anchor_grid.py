"""Anchors: boxes of a few given sizes at every place of a grid.

    the cell in row r and column c of a grid with cells of `stride` pixels has its centre at

        x = (c + ½) · stride        y = (r + ½) · stride

    and there lies a box of each size:  (x - width/2, y - height/2, x + width/2, y + height/2)

A network that looks at an image with stride 8 says something about every 8 × 8 pixels. It is easier to say how an
object differs from a box that is there already, of about the right place, size and proportions, than to make up four
numbers. Which anchor is to learn which object: see `assign_anchors`.

Backward. A width moved x1 with slope -½ and x2 with slope ½, at every place:

    dwidth = Σ_places (dx2 - dx1) / 2        and so for the height

Source: Ren, He, Girshick & Sun 2015, "Faster R-CNN", arXiv:1506.01497.
torchvision: torchvision.models.detection.anchor_utils.AnchorGenerator (another order, other rounding).
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import positive, require_anchors


class Cache(NamedTuple):
    kinds: int  # how many sizes


def forward(anchors: Array, *, grid: tuple[int, int], stride: float) -> tuple[Array, Cache]:
    """anchors: (A, 2), widths and heights; grid: (rows, columns) → y: (A · rows · columns, 4), xyxy.

    In this order: all places for the first size, row by row, then for the next.
    """
    require_anchors(anchors)
    positive("stride", stride)
    if len(grid) != 2 or min(grid) < 0:
        raise ValueError(f"grid must be (rows, columns), neither negative; got {tuple(grid)}")
    rows, columns = grid
    x = (np.arange(columns, dtype=anchors.dtype, like=anchors) + 0.5) * stride
    y = (np.arange(rows, dtype=anchors.dtype, like=anchors) + 0.5) * stride
    half = anchors[:, :, None, None] / 2  # (A, 2, 1, 1)
    boxes = np.empty_like(anchors, shape=(len(anchors), rows, columns, 4))
    boxes[..., 0] = x - half[:, 0]
    boxes[..., 1] = y[:, None] - half[:, 1]
    boxes[..., 2] = x + half[:, 0]
    boxes[..., 3] = y[:, None] + half[:, 1]
    return boxes.reshape(-1, 4), Cache(len(anchors))


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (A · rows · columns, 4) → danchors: (A, 2)."""
    dboxes = dy.reshape(cache.kinds, len(dy) // cache.kinds, 4)
    moved = (dboxes[..., 2:] - dboxes[..., :2]).swapaxes(1, 2)  # (A, 2, places)
    danchors: Array = moved.copy().sum(axis=-1) / 2  # neighbours in memory are summed pairwise: less rounding
    return danchors
