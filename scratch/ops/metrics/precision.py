"""Precision: of the examples that were called a class, the share that belong to it.

    precision = tp / (tp + fp)

How far an alarm is to be trusted. Who calls only what is certain has a high precision and misses most.
What tp, fp and fn are, and the averages over classes: _averages.py.

PyTorch has none; scikit-learn: precision_score.
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
    right, wrong, missed = counts(predicted, target, num_classes)
    return averaged(right, right + wrong, right + missed, average, zero_division)
