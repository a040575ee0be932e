"""Cross-entropy. PyTorch refuses to differentiate the class weights (with class indices), so they are detached."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """input: (N, C, d1, …) or (C,); target: indices (N, d1, …) or (), or probabilities like input; weight: (C,)."""
    if label_smoothing < 0:
        raise ValueError(f"label_smoothing must lie in [0, 1]; got {label_smoothing}")
    return F.cross_entropy(
        input,
        target,
        weight=None if weight is None else weight.detach(),
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
