"""Anchors: boxes of a few sizes at every place of a grid."""

import torch
from torch import Tensor

from ._checks import require, sizes


def forward(anchors: Tensor, *, grid: tuple[int, int], stride: float) -> Tensor:
    """anchors: (A, 2), grid: (rows, columns) → (A · rows · columns, 4)."""
    sizes(anchors)
    require(stride > 0 and len(grid) == 2 and min(grid) >= 0, "stride must be positive, grid (rows, columns)")
    rows, columns = (torch.arange(n, dtype=anchors.dtype) for n in grid)
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    centre = (torch.stack((x, y), dim=-1).flatten(0, 1) + 0.5) * stride
    size = anchors[:, None]
    return torch.cat((centre - size / 2, centre + size / 2), dim=-1).flatten(0, 1)
