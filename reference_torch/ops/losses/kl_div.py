"""Kullback–Leibler divergence."""

import warnings

import torch.nn.functional as F
from torch import Tensor

from ._checks import same_shape


def forward(input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """input, target: (...) → (), or (...) for "none"."""
    same_shape(input, target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "mean" warns that "batchmean" is the mathematical definition
        return F.kl_div(input, target, reduction=reduction, log_target=log_target)
