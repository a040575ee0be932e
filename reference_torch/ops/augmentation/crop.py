"""Shifted images, by padding and cropping."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ._checks import one_per_image, require_images


def forward(x: Tensor, top: Tensor, left: Tensor, *, padding: int = 4) -> Tensor:
    """x: (N, C, H, W), top and left: (N,) whole numbers from 0 to 2 · padding → y: like x."""
    require_images(x)
    one_per_image(x, top, left)
    if padding < 0 or any(((places < 0) | (places > 2 * padding)).any() for places in (top, left)):
        raise ValueError("a window must lie in the padded image")
    _, _, height, width = x.shape
    padded = F.pad(x, (padding,) * 4)
    rows, columns = top[:, None] + torch.arange(height), left[:, None] + torch.arange(width)  # (N, H), (N, W)
    images = torch.arange(len(x))[:, None, None]
    return padded[images, :, rows[:, :, None], columns[:, None, :]].movedim(3, 1)
