"""The F1 score: the harmonic mean of precision and recall.

    F1 = 2 · precision · recall / (precision + recall) = 2 tp / (2 tp + fp + fn)

The harmonic mean is near the smaller of the two: neither calling everything nor calling almost nothing helps. The
second form has no trouble where only one of the two is defined.

What tp, fp and fn are, and the averages over classes: _averages.py. The macro average is the mean of the F1 of the
classes, not the F1 of their mean precision and recall.

Source: van Rijsbergen 1979, "Information retrieval". PyTorch has none; scikit-learn: f1_score.
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
    return averaged(2 * right, 2 * right + wrong + missed, right + missed, average, zero_division)
