"""The three ways to write a box, and how to get from one to another.

    xyxy      x1 y1 x2 y2      two corners, the upper left and the lower right: for overlaps
    xywh      x1 y1 w  h       a corner and the size: in the files of COCO
    cxcywh    cx cy w  h       the centre and the size: for networks

Pixels count from the upper left corner, y downwards. The axes do not mix: along each, a box is a pair of numbers, and
going over to another way is a linear map of that pair:

    to corners      xywh:   low = first              cxcywh:   low = first - second / 2
                            high = first + second              high = first + second / 2
    from corners    xywh:   first = low              cxcywh:   first = (low + high) / 2
                            second = high - low                second = high - low

From any way to any other is one map to the corners and one from the corners: their product, a 2 × 2 matrix m with

    out[first]  = m₀₀ · in[first] + m₀₁ · in[second]
    out[second] = m₁₀ · in[first] + m₁₁ · in[second]

Backward. A linear map sends gradients back through its transpose: column 0 of m collects what became of in[first],
column 1 what became of in[second].

torchvision: torchvision.ops.box_convert.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_boxes

Matrix = tuple[tuple[float, float], tuple[float, float]]

TO_CORNERS: dict[str, Matrix] = {
    "xyxy": ((1.0, 0.0), (0.0, 1.0)),
    "xywh": ((1.0, 0.0), (1.0, 1.0)),
    "cxcywh": ((1.0, -0.5), (1.0, 0.5)),
}
FROM_CORNERS: dict[str, Matrix] = {
    "xyxy": ((1.0, 0.0), (0.0, 1.0)),
    "xywh": ((1.0, 0.0), (-1.0, 1.0)),
    "cxcywh": ((0.5, 0.5), (-1.0, 1.0)),
}


class Cache(NamedTuple):
    matrix: Matrix


def forward(boxes: Array, *, in_fmt: str, out_fmt: str) -> tuple[Array, Cache]:
    """boxes: (N, 4) as in_fmt says → y: (N, 4) as out_fmt says. Raises ValueError for a format that is unknown.

    Nothing is asked of the numbers: a negative width becomes corners out of order, and NaN stays where it is.
    """
    require_boxes("boxes", boxes)
    for name, given in (("in_fmt", in_fmt), ("out_fmt", out_fmt)):
        if given not in TO_CORNERS:
            raise ValueError(f"{name} must be xyxy, xywh or cxcywh; got {given!r}")
    matrix = _product(FROM_CORNERS[out_fmt], TO_CORNERS[in_fmt])
    return _apply(matrix, boxes), Cache(matrix)


def backward(dy: Array, cache: Cache) -> Array:
    """dy: (N, 4) → dboxes: (N, 4)."""
    (m00, m01), (m10, m11) = cache.matrix
    return _apply(((m00, m10), (m01, m11)), dy)


def _product(a: Matrix, b: Matrix) -> Matrix:
    (a00, a01), (a10, a11) = a
    (b00, b01), (b10, b11) = b
    return (
        (a00 * b00 + a01 * b10, a00 * b01 + a01 * b11),
        (a10 * b00 + a11 * b10, a10 * b01 + a11 * b11),
    )


def _apply(matrix: Matrix, boxes: Array) -> Array:
    """The matrix, applied to the pair of numbers that a box has along each axis."""
    first, second = boxes[:, :2], boxes[:, 2:]
    y = np.empty_like(boxes)
    with np.errstate(invalid="ignore"):  # inf - inf is NaN
        for (of_first, of_second), out in zip(matrix, (y[:, :2], y[:, 2:]), strict=True):
            if of_first == 0 or of_second == 0:  # 0 · NaN would be NaN, for a number that has no part in the sum
                out[...] = of_first * first if of_second == 0 else of_second * second
            else:
                out[...] = of_first * first + of_second * second
    return y
