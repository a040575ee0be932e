"""Heads: (B, T, parts · H · E) as `parts` tensors (B, H, T, E)."""

from torch import Tensor


def forward(x: Tensor, *, num_heads: int, parts: int = 3) -> tuple[Tensor, ...]:
    """x: (B, T, parts · H · E) → `parts` tensors (B, H, T, E)."""
    return x.unflatten(2, (parts, num_heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
