"""The F1 score."""

from torch import Tensor

from ._averages import averaged, counts


def forward(
    predicted: Tensor,
    target: Tensor,
    *,
    average: str = "macro",
    num_classes: int | None = None,
    zero_division: float = 0.0,
) -> Tensor:
    """predicted, target: (N,) class numbers → (), or (classes,)."""
    right, called, support = counts(predicted, target, num_classes)
    return averaged(2 * right, called + support, support, average, zero_division)
