"""Recall: of the examples that belong to a class, the share that were found.

    recall = tp / (tp + fn)

How much is missed. Who calls everything has a recall of 1 and a miserable precision.
What tp, fp and fn are, and the averages over classes: _averages.py.

PyTorch has none; scikit-learn: recall_score.
"""

from ...types import Array
from ._averages import averaged, counts


def forward(
    predicted: Array,
    target: Array,
    *,
    average: str = "macro",
    num_classes: int | None = None,
    zero_division: float = 0.0,
) -> Array:
    """predicted, target: (N,) class numbers → (), or (classes,) for average="none"; float64."""
    right, _, missed = counts(predicted, target, num_classes)
    return averaged(right, right + missed, right + missed, average, zero_division)
