"""Greedy decoding."""

from torch import Tensor


def forward(logits: Tensor) -> Tensor:
    """logits: (..., V) → token numbers: (...)."""
    if not logits.is_floating_point() or not logits.ndim or not logits.shape[-1]:
        raise ValueError("logits must be floating-point numbers (..., V)")
    return logits.argmax(dim=-1)
