"""Cut off what of a box lies outside the image."""

import torch
from torch import Tensor

from ...autograd.choices import clip
from ._checks import boxes_like, require


def forward(boxes: Tensor, *, size: tuple[int, int]) -> Tensor:
    """boxes: (N, 4), size: (height, width) → (N, 4)."""
    boxes_like(boxes)
    require(len(size) == 2 and min(size) >= 0, "size must be (height, width)")
    height, width = size
    x, y = clip(boxes[:, 0::2], 0, width), clip(boxes[:, 1::2], 0, height)
    return torch.stack((x, y), dim=2).flatten(1)
