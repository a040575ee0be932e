"""R², the coefficient of determination: the share of the variance of the targets that the predictions explain.

    R² = 1 - Σ (target - predicted)² / Σ (target - mean target)²

1 is perfect; 0 is as good as always answering the mean; worse than that is below 0, without end. Unlike the squared
error it has no unit, so that 0.5 means the same for metres and for dollars.

Of several outputs it is the mean of their R². Targets that are all the same have no variance to explain: 1 where they
are met exactly, else 0.

PyTorch has none; scikit-learn: r2_score.
"""

import numpy as np

from ...types import Array


def forward(predicted: Array, target: Array) -> Array:
    """predicted, target: (N,) or (N, outputs) → ().

    Raises ValueError for other shapes and for less than two examples, TypeError for what are no floats.
    """
    if predicted.ndim not in (1, 2) or predicted.shape != target.shape or not predicted[:1].size:
        raise ValueError(f"predicted and target must be (N,) or (N, outputs); got {predicted.shape} and {target.shape}")
    if len(target) < 2:
        raise ValueError(f"one example has no variance: N must be at least 2; got {target.shape}")
    if predicted.dtype.kind != "f" or target.dtype.kind != "f":
        raise TypeError(f"predicted and target must be floating-point; got {predicted.dtype} and {target.dtype}")
    missed = ((target - predicted) ** 2).sum(axis=0)
    variation = ((target - target.mean(axis=0)) ** 2).sum(axis=0)
    varies = variation > 0
    figures = 1 - missed / np.where(varies, variation, 1)
    figure: Array = np.where(varies, figures, np.where(missed == 0, 1, 0)).mean(dtype=target.dtype)[...]
    return figure
