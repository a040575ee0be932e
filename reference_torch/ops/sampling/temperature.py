"""Temperature."""

from torch import Tensor


def forward(logits: Tensor, *, temperature: float) -> Tensor:
    """logits: (..., V) → (..., V)."""
    if not temperature > 0:
        raise ValueError("temperature must be above 0")
    return logits / temperature
