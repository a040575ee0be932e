"""What metrics refuse."""

import torch
from torch import Tensor


def require_classes(predicted: Tensor, target: Tensor) -> None:
    """Class numbers, one for each example."""
    if predicted.is_floating_point() or target.is_floating_point() or torch.bool in (predicted.dtype, target.dtype):
        raise TypeError("class numbers are integers")
    if predicted.dim() != 1 or predicted.shape != target.shape or not len(target):
        raise ValueError("predicted and target must be (N,)")
    if min(predicted.min(), target.min()) < 0:
        raise ValueError("class numbers begin with 0")
