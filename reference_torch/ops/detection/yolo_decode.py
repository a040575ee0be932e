"""From what a YOLO says at each cell to boxes in the image."""

import torch
from torch import Tensor

from ._checks import require, sizes


def forward(offsets: Tensor, anchors: Tensor, *, stride: float) -> Tensor:
    """offsets: (N, A, 4, rows, columns), anchors: (A, 2) → (N, A, rows, columns, 4)."""
    sizes(anchors)
    if not offsets.is_floating_point() or offsets.dtype != anchors.dtype:
        raise TypeError("offsets and anchors must be floating-point, of one dtype")
    require(offsets.ndim == 5 and offsets.shape[1:3] == (len(anchors), 4), "offsets: (N, A, 4, rows, columns)")
    require(stride > 0, "stride must be positive")
    rows, columns = offsets.shape[3:]
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    where, size = offsets.split(2, dim=2)  # (N, A, 2, rows, columns)
    centre = (torch.stack((x, y)) + where.sigmoid()) * stride
    half = anchors[:, :, None, None] * size.exp() / 2
    return torch.cat((centre - half, centre + half), dim=2).movedim(2, -1)
