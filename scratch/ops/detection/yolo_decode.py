"""From what a YOLO says at each cell to boxes in the image.

    centre x = (column + σ(tx)) · stride        width  = anchor width · e^tw
    centre y = (row    + σ(ty)) · stride        height = anchor height · e^th

The sigmoid keeps the centre within the cell, so that two cells cannot quarrel over one object; the exponential makes
every number a positive size, and 0 the size of the anchor itself. So all four are free to be any number at all.

Backward. Forward ended with the corners x1 = centre - width/2 and x2 = centre + width/2, so

    dcentre = dx1 + dx2        dwidth = (dx2 - dx1) / 2

then width = anchor · e^tw, whose slope in tw is the width itself, and in the anchor the factor e^tw = width / anchor;
and σ has the slope σ (1 - σ):

    dtx = dcentre · stride · σ (1 - σ)        dtw = dwidth · width        danchor = Σ_places dwidth · width / anchor

and so along y.

Source: Redmon & Farhadi 2017, "YOLO9000", arXiv:1612.08242, section 2.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ..activations import sigmoid
from ._checks import positive, require_anchors, require_floating, same_dtype


class Cache(NamedTuple):
    bend: sigmoid.Cache  # of (N, A, 2, rows, columns): tx, ty
    size: Array  # (N, A, 2, rows, columns): width, height
    factor: Array  # the same: e^tw, e^th
    stride: float


def forward(offsets: Array, anchors: Array, *, stride: float) -> tuple[Array, Cache]:
    """offsets: (N, A, 4, rows, columns), tx ty tw th; anchors: (A, 2) → y: (N, A, rows, columns, 4), xyxy."""
    require_floating("offsets", offsets)
    require_anchors(anchors)
    same_dtype(offsets=offsets, anchors=anchors)
    positive("stride", stride)
    if offsets.ndim != 5 or offsets.shape[1:3] != (len(anchors), 4):
        raise ValueError(
            f"offsets must be (N, A, 4, rows, columns) with one A for each of anchors; "
            f"got offsets {offsets.shape}, anchors {anchors.shape}"
        )
    rows, columns = offsets.shape[3:]
    within, bend = sigmoid.forward(offsets[:, :, :2])
    with np.errstate(over="ignore"):  # a size of inf: the loss will tell
        factor = np.exp(offsets[:, :, 2:])
    size = anchors[:, :, None, None] * factor
    centre = np.empty_like(within)
    centre[:, :, 0] = (np.arange(columns, dtype=within.dtype, like=within) + within[:, :, 0]) * stride
    centre[:, :, 1] = (np.arange(rows, dtype=within.dtype, like=within)[:, None] + within[:, :, 1]) * stride
    boxes = np.concatenate([centre - size / 2, centre + size / 2], axis=2)
    return np.moveaxis(boxes, 2, -1), Cache(bend, size, factor, stride)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: (N, A, rows, columns, 4) → doffsets: (N, A, 4, rows, columns), danchors: (A, 2)."""
    bend, size, factor, stride = cache
    dcorners = np.moveaxis(dy, -1, 2)
    low, high = dcorners[:, :, :2], dcorners[:, :, 2:]
    dwithin = (low + high) * stride
    dsize = (high - low) / 2
    doffsets = np.concatenate([sigmoid.backward(dwithin, bend), dsize * size], axis=2)
    danchors: Array = (dsize * factor).sum(axis=(0, 3, 4))
    return doffsets, danchors
