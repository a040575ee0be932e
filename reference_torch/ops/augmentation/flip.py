"""Mirrored images, by torch.flip."""

import torch
from torch import Tensor

from ._checks import one_per_image, require_images


def forward(x: Tensor, mirrored: Tensor) -> Tensor:
    """x: (N, C, H, W), mirrored: (N,) booleans → y: like x."""
    require_images(x)
    one_per_image(x, mirrored, dtype=torch.bool)
    return torch.where(mirrored[:, None, None, None], x.flip(3), x)
