"""Accuracy."""

import torch
from torch import Tensor

from ._checks import require_classes


def forward(predicted: Tensor, target: Tensor) -> Tensor:
    """predicted, target: (N,) class numbers → ()."""
    require_classes(predicted, target)
    return torch.eq(predicted, target).double().mean()
