"""Cut off what of a box lies outside the image.

    x = min(max(x, 0), image width)        y = min(max(y, 0), image height)        for both corners

A network may well say that a digit begins 2 pixels left of the image: half of it was cut off by the border. What lies
beyond cannot be seen, and cannot overlap with anything marked. A box wholly outside becomes one without area, on the
border.

Backward. Where a corner was inside, or exactly on the border, it passed unchanged: slope 1. Where it was moved to the
border it has no say any more: slope 0.

torchvision: torchvision.ops.clip_boxes_to_image, torch.clamp.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_boxes


class Cache(NamedTuple):
    inside: Array  # (N, 4): booleans


def forward(boxes: Array, *, size: tuple[int, int]) -> tuple[Array, Cache]:
    """boxes: (N, 4), xyxy; size: (height, width) of the image → y: (N, 4). NaN stays NaN."""
    require_boxes("boxes", boxes)
    if len(size) != 2 or min(size) < 0:
        raise ValueError(f"size must be (height, width) of the image, neither negative; got {tuple(size)}")
    height, width = size
    y = np.empty_like(boxes)
    inside = np.empty_like(boxes, dtype=bool)
    for axis, limit in ((0, width), (1, height)):
        given = boxes[:, axis::2]  # (N, 2): one coordinate of both corners
        y[:, axis::2] = np.clip(given, 0, limit)
        inside[:, axis::2] = (given >= 0) & (given <= limit)
    return y, Cache(inside)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, 4) → dboxes: (N, 4)."""
    return np.where(cache.inside, dy, 0)
