"""Top-k accuracy: the share of examples whose class is among the k with the highest scores.

    rank  = number of classes with a higher score than the target's, and of those before it with the same score
    right   where rank < k

For many classes that are hard to tell apart, such as breeds of dogs, the first guess is a harsh measure. k = 1 is the
accuracy of the argmax, which takes the first of equal scores; so do ties here.

Source: Russakovsky et al. 2015, arXiv:1409.0575 (ImageNet's top-5). PyTorch: torch.topk; scikit-learn:
top_k_accuracy_score, which takes the last of equal scores.
"""

import numpy as np

from ...types import Array


def forward(scores: Array, target: Array, *, k: int = 5) -> Array:
    """scores: (N, classes), target: (N,) class numbers → (), float64.

    Raises ValueError for other shapes, k outside 1 … classes, class numbers outside, and scores that are NaN.
    """
    if scores.ndim != 2 or target.shape != scores.shape[:1] or not target.size:
        raise ValueError(f"scores must be (N, classes) and target (N,); got {scores.shape} and {target.shape}")
    classes = scores.shape[1]
    if not 1 <= k <= classes:
        raise ValueError(f"k must be from 1 to the {classes} classes; got {k}")
    if target.dtype.kind not in "iu" or target.min() < 0 or target.max() >= classes:
        raise ValueError(
            f"target must hold class numbers below {classes}; got {target.dtype} {target.min()} … {target.max()}"
        )
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers, to be put in an order; got NaN")
    own = np.take_along_axis(scores, target[:, None], axis=1)  # (N, 1)
    before = np.arange(classes, like=scores) < target[:, None]
    rank = ((scores > own) | (scores == own) & before).sum(axis=1)
    figure: Array = (rank < k).mean()[...]
    return figure
