"""The divergence of normal distributions from the standard one; torch.distributions has it, but cancels near 0."""

import torch
from torch import Tensor


def forward(mean: Tensor, log_variance: Tensor, *, reduction: str = "mean") -> Tensor:
    """mean, log_variance: (..., C) → kl: (), or (...) for "none"."""
    if mean.shape != log_variance.shape or mean.dim() == 0 or reduction not in ("mean", "sum", "none"):
        raise ValueError("mean and log_variance must have one shape, (..., C), and reduction be mean, sum or none")
    if not mean.is_floating_point() or mean.dtype != log_variance.dtype:
        raise TypeError("mean and log_variance must be floating-point of one dtype")
    codes = 0.5 * (mean.square() + (torch.expm1(log_variance) - log_variance)).sum(-1)
    return codes if reduction == "none" else getattr(codes, reduction)()
