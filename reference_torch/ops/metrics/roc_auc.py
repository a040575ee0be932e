"""The area under the ROC curve, by comparing every positive with every negative."""

import torch
from torch import Tensor


def forward(scores: Tensor, target: Tensor) -> Tensor:
    """scores: (N,), target: (N,) of 0 and 1 → ()."""
    if scores.dim() != 1 or scores.shape != target.shape or not len(target) or scores.isnan().any():
        raise ValueError("scores and target must be (N,), without NaN")
    if not torch.isin(target, torch.tensor([0, 1], dtype=target.dtype)).all():
        raise ValueError("target must be 0 or 1")
    positives, negatives = scores[target == 1, None], scores[None, target == 0]
    won = (positives > negatives).double() + (positives == negatives).double() / 2
    return won.mean()
