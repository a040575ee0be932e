"""The area of a box."""

from torch import Tensor

from ._checks import boxes_like
from ._clamp import clamp


def forward(boxes: Tensor) -> Tensor:
    """boxes: (N, 4), xyxy → (N,)."""
    boxes_like(boxes)
    width, height = clamp(boxes[:, 2:] - boxes[:, :2], 0).unbind(1)
    return width * height
