"""A sample of a normal distribution, from a given sample of the standard one."""

import torch
from torch import Tensor


def forward(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """mean, log_variance, noise: (...) → z: (...)."""
    if not mean.shape == log_variance.shape == noise.shape or not mean.dtype == log_variance.dtype == noise.dtype:
        raise ValueError("mean, log_variance and noise must have one shape and one dtype")
    if not mean.is_floating_point():
        raise TypeError("mean, log_variance and noise must be floating-point")
    return torch.addcmul(mean, torch.exp(0.5 * log_variance), noise)
