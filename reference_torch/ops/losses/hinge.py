"""Binary hinge loss. PyTorch has none, so it is composed; the labels are constants."""

import torch.nn.functional as F
from torch import Tensor


def forward(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """input: (...), target: (...) of −1 and +1 → (), or (...) for "none"."""
    if input.shape != target.shape:
        raise ValueError(f"input and target must have one shape; got {tuple(input.shape)} and {tuple(target.shape)}")
    if not bool((target.abs() == 1).all()):
        raise ValueError("target must hold labels -1 and +1")
    losses = F.relu(1 - target.detach() * input)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    if reduction == "mean":
        return losses.mean()
    raise ValueError(f"{reduction} is not a valid value for reduction")
