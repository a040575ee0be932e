"""Layer normalization."""

import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    normalized_shape: tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """x: (..., *normalized_shape), weight and bias: normalized_shape or None → y: like x."""
    if normalized_shape is None:
        if weight is None:
            raise ValueError("normalized_shape must be given where there is no weight that has it")
        normalized_shape = tuple(weight.shape)
    return F.layer_norm(x, normalized_shape, weight, bias, eps)
