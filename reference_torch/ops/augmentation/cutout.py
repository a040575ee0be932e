"""Images with a square hidden, by masked_fill."""

import torch
from torch import Tensor

from ._checks import one_per_image, require_images


def forward(x: Tensor, top: Tensor, left: Tensor, *, size: int) -> Tensor:
    """x: (N, C, H, W), top and left: (N,) whole numbers → y: like x."""
    require_images(x)
    one_per_image(x, top, left)
    if size < 0:
        raise ValueError("size must be at least 0")
    rows = torch.arange(x.shape[2]) - top[:, None]  # (N, H), counted from the square's first row
    columns = torch.arange(x.shape[3]) - left[:, None]
    hidden = ((rows >= 0) & (rows < size))[:, :, None] & ((columns >= 0) & (columns < size))[:, None, :]
    return x.masked_fill(hidden[:, None], 0.0)
