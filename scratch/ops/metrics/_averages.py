"""From counts of each class to one figure: micro, macro and weighted averages.

Of the examples of a confusion matrix, for each class:

    true positives tp: called so, rightly      false positives fp: called so, wrongly      false negatives fn: missed

A figure such as precision is a quotient of sums of these.

    none       one figure for each class
    macro      their mean: every class counts the same, however rare
    weighted   their mean weighted by how many examples belong to the class
    micro      one quotient of the counts of all classes: every example counts the same

Where a quotient has nothing to divide by (a class that nobody predicted has no precision), `zero_division` stands in.
Averages are over the classes that occur in predicted or target; with num_classes given, over all of them.
"""

import numpy as np

from ...types import Array
from . import confusion_matrix


def counts(predicted: Array, target: Array, num_classes: int | None) -> tuple[Array, Array, Array]:
    """True positives, false positives and false negatives of each class."""
    table = confusion_matrix.forward(predicted, target, num_classes=num_classes)
    if num_classes is None:
        occurs = (table.sum(axis=0) + table.sum(axis=1)) > 0
        table = table[occurs][:, occurs]
    right = np.diagonal(table)
    return right, table.sum(axis=0) - right, table.sum(axis=1) - right


def averaged(above: Array, below: Array, support: Array, average: str, zero_division: float) -> Array:
    """Divide above by below, (classes,) each, and average; support: how many examples each class has."""
    if average not in ("micro", "macro", "weighted", "none"):
        raise ValueError(f"average must be micro, macro, weighted or none; got {average!r}")
    if average == "micro":
        above, below = above.sum(keepdims=True), below.sum(keepdims=True)
    figures = np.full_like(below, zero_division, dtype=np.float64)
    np.divide(above, below, out=figures, where=below > 0)
    if average == "none":
        return figures
    figure: Array = (figures * support).sum() / support.sum() if average == "weighted" else figures.mean()
    return figure[...]
