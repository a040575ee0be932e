"""Batch normalization. PyTorch updates the running statistics in place, so it gets copies."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    *,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor | tuple[Tensor, Tensor, Tensor]:
    """x: (N, C, *); the others: (C,) or None → y: like x; with running statistics y, running_mean, running_var."""
    if running_mean is None or running_var is None:
        return F.batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps)
    running_mean, running_var = running_mean.detach().clone(), running_var.detach().clone()
    y = F.batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps)
    return y, running_mean, running_var
