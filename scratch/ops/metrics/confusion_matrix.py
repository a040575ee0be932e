"""The confusion matrix: how often examples of class i were taken for class j.

    table[i, j] = number of examples with target i and prediction j

The diagonal is what was right. A row adds up to the examples of a class, a column to how often it was predicted, so
that all the other figures of a classifier can be computed from it.

Each pair (i, j) is the one number i · classes + j, and counting those is counting the pairs.

PyTorch has none; scikit-learn: confusion_matrix.
"""

import numpy as np

from ...types import Array
from ._checks import require_classes


def forward(predicted: Array, target: Array, *, num_classes: int | None = None) -> Array:
    """predicted, target: (N,) class numbers → (classes, classes), integers. num_classes: the largest number + 1.

    Raises ValueError for class numbers outside, and TypeError for what are no integers.
    """
    require_classes(predicted, target)
    found = int(max(predicted.max(), target.max())) + 1
    classes = found if num_classes is None else num_classes
    if found > classes:
        raise ValueError(f"class numbers must be below num_classes, {classes}; got {found - 1}")
    pairs = target.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)
