"""Counting by one-hot vectors, and the averages."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ._checks import require_classes


def counts(predicted: Tensor, target: Tensor, num_classes: int | None) -> tuple[Tensor, Tensor, Tensor]:
    """True positives, predictions and examples of each class."""
    require_classes(predicted, target)
    classes = num_classes or int(torch.cat([predicted, target]).max()) + 1
    called, belongs = F.one_hot(predicted, classes), F.one_hot(target, classes)
    found = (called & belongs).sum(0), called.sum(0), belongs.sum(0)
    if num_classes is None:
        present = torch.cat([predicted, target]).unique()
        return found[0][present], found[1][present], found[2][present]
    return found


def averaged(above: Tensor, below: Tensor, support: Tensor, average: str, zero_division: float) -> Tensor:
    """The quotient, by the average that is asked for."""

    def quotient(a: Tensor, b: Tensor) -> Tensor:
        return torch.where(b > 0, a.double() / b.clamp(min=1), torch.tensor(zero_division, dtype=torch.float64))

    match average:
        case "micro":
            return quotient(above.sum(), below.sum())
        case "macro":
            return quotient(above, below).mean()
        case "weighted":
            return (quotient(above, below) * (support / support.sum(dtype=torch.float64))).sum()
        case "none":
            return quotient(above, below)
    raise ValueError(f"no average is called {average}")
