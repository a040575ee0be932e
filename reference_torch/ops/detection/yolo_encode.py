"""YOLO's targets: which cell and which anchor is to find which object."""

import torch
from torch import Tensor

from ._checks import require, sizes


def forward(boxes: Tensor, labels: Tensor, anchors: Tensor, *, grid: tuple[int, int], stride: float) -> Tensor:
    """boxes: (N, M, 4), labels: (N, M), anchors: (A, 2) → (N, A, rows, columns): which of the M boxes, or -1."""
    sizes(anchors)
    if not boxes.is_floating_point() or labels.is_floating_point() or boxes.dtype != anchors.dtype:
        raise TypeError("boxes and anchors must be floating-point, labels integers")
    require(boxes.ndim == 3 and boxes.shape[2] == 4 and labels.shape == boxes.shape[:2], "(N, M, 4) and (N, M)")
    require((labels >= -1).all() and stride > 0 and len(grid) == 2 and min(grid) > 0, "labels, stride or grid")
    rows, columns = grid
    image, place = torch.nonzero(labels >= 0, as_tuple=True)
    low, high = boxes[image, place].split(2, dim=1)
    cell = (low + high) / 2 / stride
    last = torch.tensor([columns, rows])
    require((low <= high).all() and (cell >= 0).all() and (cell <= last).all(), "corners in order, centres on the grid")
    column, row = torch.minimum(cell.long(), last - 1).unbind(1)

    common = torch.minimum((high - low)[:, None], anchors).prod(dim=2)
    alike = common / ((high - low).prod(dim=1)[:, None] + anchors.prod(dim=1) - common)
    kinds = len(anchors)
    where = ((image * kinds + alike.argmax(dim=1)) * rows + row) * columns + column
    nobody = boxes.shape[1]
    target = torch.full((len(boxes) * kinds * rows * columns,), nobody)
    target = target.scatter_reduce(0, where, place, "amin")  # the first in the list
    return torch.where(target == nobody, -1, target).reshape(len(boxes), kinds, rows, columns)
