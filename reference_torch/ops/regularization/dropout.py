"""Inverted dropout with a given mask. torch.nn.functional.dropout draws its own mask, and does the same with it."""

from torch import Tensor


def forward(x: Tensor, mask: Tensor, *, p: float = 0.5) -> Tensor:
    """x: (...), mask: booleans like x → y: like x."""
    if not 0 <= p <= 1 or mask.shape != x.shape or mask.is_floating_point() or not x.is_floating_point():
        raise ValueError("p must lie in [0, 1], mask hold booleans in the shape of x, and x floating-point numbers")
    return x * (mask.to(x.dtype) * (1 / (1 - p) if p < 1 else 0))
