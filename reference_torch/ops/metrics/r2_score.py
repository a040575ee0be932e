"""R²."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(predicted: Tensor, target: Tensor) -> Tensor:
    """predicted, target: (N,) or (N, outputs) → ()."""
    if predicted.dim() not in (1, 2) or predicted.shape != target.shape or len(target) < 2 or not target.numel():
        raise ValueError("predicted and target must be (N,) or (N, outputs), N at least 2")
    if not (predicted.is_floating_point() and target.is_floating_point()):
        raise TypeError("floats")
    predicted, target = predicted.reshape(len(target), -1), target.reshape(len(target), -1)
    missed = F.mse_loss(predicted, target, reduction="none").mean(0)
    variance = target.var(0, correction=0)
    constant = torch.where(missed == 0, 1.0, 0.0).to(target.dtype)
    return torch.where(variance > 0, 1 - missed / variance, constant).mean()
