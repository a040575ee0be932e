"""Average precision over 101 levels of recall."""

import torch
from torch import Tensor

from ._checks import require, scores_of


def forward(scores: Tensor, matched: Tensor, *, positives: int) -> Tensor:
    """scores: (D,), matched: (D,) booleans → ()."""
    if matched.dtype != torch.bool:
        raise TypeError("matched must be booleans")
    require(scores.ndim == 1, "scores must be (D,)")
    scores_of(scores, matched)
    require(positives >= matched.sum(), "more are matched than there are")
    if positives == 0:
        return scores.new_tensor(torch.nan)
    ranked = matched[scores.argsort(descending=True, stable=True)].double()
    right = ranked.cumsum(0)
    precision, recall = right / (torch.arange(len(scores)) + 1), right / positives
    levels = torch.arange(101, dtype=torch.float64) * 0.01
    enough = recall >= levels[:, None]  # (levels, D)
    best = torch.where(enough, precision, 0).amax(dim=1) if len(scores) else torch.zeros(101)
    return best.mean().to(scores.dtype)
