"""The area under the ROC curve: how likely a positive example has a higher score than a negative one.

    AUC = share of the pairs (positive, negative) in which the positive has the higher score; a tie counts a half

The curve (receiver operating characteristic) shows, for every threshold on the score, which share of the positives lies
above it, over which share of the negatives; the area under it is 1 for a perfect order, 1/2 for scores that know
nothing. It needs no threshold, and the sizes of the classes do not matter.

Counting pairs takes positives · negatives comparisons. Sorting is faster: in the order of the scores every example has
a rank, equal scores share their mean rank, and a positive of rank r has r - 1 examples below it. Summed over positives,
and with the pairs among them taken away,

    pairs won = Σ rank of positives - positives · (positives + 1) / 2

With one class only there are no pairs, and the area is NaN.

Source: Hanley & McNeil 1982, "The meaning and use of the area under a ROC curve". scikit-learn: roc_auc_score.
"""

import math

import numpy as np

from ...types import Array


def forward(scores: Array, target: Array) -> Array:
    """scores: (N,) floats, target: (N,) of 0 and 1 → (), float64.

    Raises ValueError for other shapes, other targets and scores that are NaN.
    """
    if scores.ndim != 1 or scores.shape != target.shape or not scores.size:
        raise ValueError(f"scores and target must both be (N,); got {scores.shape} and {target.shape}")
    if not ((target == 0) | (target == 1)).all():
        raise ValueError(f"target must be 0 or 1; got {target.min()} … {target.max()}")
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers, to be put in an order; got NaN")
    positive = target == 1
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return np.full_like(scores, math.nan, shape=(), dtype=np.float64)
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(count)  # the rank of the last of each group of equal scores
    mean_rank = last - (count - 1) / 2
    won = mean_rank[place][positive].sum() - positives * (positives + 1) / 2
    figure: Array = (won / (positives * negatives))[...]
    return figure
