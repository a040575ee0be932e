"""The logistic sigmoid, by torch.sigmoid."""

import torch
from torch import Tensor

from ._checks import require_floating


def forward(x: Tensor) -> Tensor:
    """x: any shape → y: the same shape."""
    require_floating(x)
    return torch.sigmoid(x)
