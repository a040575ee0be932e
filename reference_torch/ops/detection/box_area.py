"""The area of a box."""

from torch import Tensor

from ...autograd.choices import clip
from ._checks import boxes_like


def forward(boxes: Tensor) -> Tensor:
    """boxes: (N, 4), xyxy → (N,)."""
    boxes_like(boxes)
    width, height = clip(boxes[:, 2:] - boxes[:, :2], 0).unbind(1)
    return width * height
