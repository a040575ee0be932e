"""Heads: one wide sequence becomes several narrow ones, each with queries, keys and values of its own.

    x: (B, T, parts · H · E)  →  parts arrays (B, H, T, E)                     C = H · E features a part

One attention over all features can look at one thing at a time. H heads over E features each look at H things, for the
same price. Nothing is computed here, only counted differently:

    (B, T, parts · H · E)  =  (B, T, parts, H, E)        a row of features is cut: first into parts, then into heads
                           →  (parts, B, H, T, E)        the head moves in front of the position

The order matters twice. Cutting into (T, H) or (E, H) in the wrong order mixes features of different heads. And the
swap of H and T is a real transposition: reshaping (B, T, H · E) to (B, H, T, E) right away would have the right shape,
and make heads out of stretches of time.

The usual three parts are queries, keys and values, which one dense layer has computed side by side.

Backward. Every number went to one place, so every gradient comes back from there: the transposition is undone, and
then the cut.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.Tensor.unflatten and permute.
"""

from typing import Any

import numpy as np

from ...types import Array


def forward(x: Array, *, num_heads: int, parts: int = 3) -> tuple[tuple[Array, ...], tuple[int, ...]]:
    """x: (B, T, parts · H · E) → `parts` arrays (B, H, T, E), two or more. They are views: no number is copied.

    Raises ValueError when the last axis is not a multiple of parts · num_heads.
    """
    if x.ndim != 3 or num_heads < 1 or parts < 2 or x.shape[-1] % (parts * num_heads):
        raise ValueError(
            f"x must be (B, T, parts · heads · features); got x {x.shape} for parts={parts}, num_heads={num_heads}"
        )
    batch, length, features = x.shape
    cut = x.reshape(batch, length, parts, num_heads, features // (parts * num_heads))
    return tuple(cut.transpose(2, 0, 3, 1, 4)), x.shape


def backward(dy: tuple[Array, ...], shape: tuple[int, ...]) -> Any:
    """dy: `parts` arrays (B, H, T, E) → dx: (B, T, parts · H · E)."""
    batch, heads, length, features = dy[0].shape
    dx = np.empty_like(dy[0], shape=(batch, length, len(dy), heads, features), order="C")
    for i, part in enumerate(dy):
        dx[:, :, i] = part.transpose(0, 2, 1, 3)  # the head behind the position
    return dx.reshape(shape)
