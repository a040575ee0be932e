"""The area of a box: width times height.

    width = max(x2 - x1, 0)        height = max(y2 - y1, 0)        y = width · height

x2 and y2 are the far edges themselves, not the last pixels inside: from 3 to 5 is a width of 2. A box whose corners
are out of order holds nothing: its area is 0. Without the maximum, two wrong signs would make a right-looking area.

Backward. Forward ended with width · height, so each gets dy times the other; and a width came from x2 with slope 1,
from x1 with slope -1, as long as the maximum let it through:

    dx2 = dy · height    dx1 = -dx2        where x1 ≤ x2, else 0
    dy2 = dy · width     dy1 = -dy2        where y1 ≤ y2, else 0

torchvision: torchvision.ops.box_area, which leaves out the maximum.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_boxes


class Cache(NamedTuple):
    size: Array  # (N, 2): x2 - x1 and y2 - y1, of either sign


def forward(boxes: Array) -> tuple[Array, Cache]:
    """boxes: (N, 4), xyxy → y: (N,). NaN among the corners makes the area NaN."""
    require_boxes("boxes", boxes)
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf is NaN
        size = boxes[:, 2:] - boxes[:, :2]
        kept = np.maximum(size, 0)
        y = kept[:, 0] * kept[:, 1]
    return y, Cache(size)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N,) → dboxes: (N, 4)."""
    size = cache.size
    with np.errstate(invalid="ignore", over="ignore"):
        across = np.maximum(size, 0)[:, ::-1]  # (N, 2): the height for x, the width for y
        dsize = np.where(size >= 0, dy[:, None] * across, 0)  # (N, 2)
    dboxes = np.empty_like(size, shape=(len(size), 4))
    dboxes[:, :2] = -dsize
    dboxes[:, 2:] = dsize
    return dboxes
