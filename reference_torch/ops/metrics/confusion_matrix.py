"""The confusion matrix: ones that are added up where they fall on the same place."""

import torch
from torch import Tensor

from ._checks import require_classes


def forward(predicted: Tensor, target: Tensor, *, num_classes: int | None = None) -> Tensor:
    """predicted, target: (N,) class numbers → (classes, classes)."""
    require_classes(predicted, target)
    classes = num_classes or int(torch.cat([predicted, target]).max()) + 1
    table = torch.zeros(classes, classes, dtype=torch.int64)
    return table.index_put_((target, predicted), torch.tensor(1), accumulate=True)
