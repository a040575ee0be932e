"""Accuracy: the share of examples whose class was predicted.

    accuracy = (number of predicted = target) / N

It says little where classes are of very different sizes: who always says "healthy" is right for 99 of 100 patients. See
precision, recall and F1.

PyTorch has none; scikit-learn: accuracy_score.
"""

from ...types import Array
from ._checks import require_classes


def forward(predicted: Array, target: Array) -> Array:
    """predicted, target: (N,) class numbers → (), float64."""
    require_classes(predicted, target)
    figure: Array = (predicted == target).mean()[...]
    return figure
