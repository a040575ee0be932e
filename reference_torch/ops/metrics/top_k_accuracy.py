"""Top-k accuracy, by a stable sort: of equal scores the first comes first."""

from torch import Tensor


def forward(scores: Tensor, target: Tensor, *, k: int = 5) -> Tensor:
    """scores: (N, classes), target: (N,) class numbers → ()."""
    if scores.dim() != 2 or target.shape != scores.shape[:1] or not len(target) or not 1 <= k <= scores.shape[1]:
        raise ValueError("scores must be (N, classes), target (N,), k from 1 to classes")
    if target.is_floating_point() or target.min() < 0 or target.max() >= scores.shape[1]:
        raise ValueError("target must hold class numbers")
    if scores.isnan().any():
        raise ValueError("NaN")
    order = scores.argsort(dim=1, descending=True, stable=True)
    return (order[:, :k] == target[:, None]).any(dim=1).double().mean()
