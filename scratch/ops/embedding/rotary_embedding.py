"""Rotary position embedding (RoPE): turn each pair of channels by an angle that grows with the position.

    angle[p, i] = p · base^(-2i/D)                      for the pair of channels (2i, 2i + 1) at position p

    y[2i]     = x[2i] · cos - x[2i + 1] · sin
    y[2i + 1] = x[2i] · sin + x[2i + 1] · cos           (x[2i] + i·x[2i + 1]) · e^(i·angle), in complex numbers

It is applied to queries and keys, not to tokens. What attention uses of a query at position m and a key at position n
is their dot product, and a dot product does not change when both are turned by the same angle: only the difference
counts, m - n. So "three words back" looks the same everywhere in a text, without a single learned parameter, and the
length of the vectors is left alone.

The pairs are neighbours, as in the paper. Some programs pair channel i with channel i + D/2 instead: the same map after
the channels are reordered, so weights must be reordered too when they come from there.

The angles are computed in float64, see sinusoidal_encoding.

Backward. Each pair went through a rotation matrix, so its gradient goes through the transposed one, which is the
rotation back, by the negative angle:

    dx[2i]     =  dy[2i] · cos + dy[2i + 1] · sin
    dx[2i + 1] = -dy[2i] · sin + dy[2i + 1] · cos

Source: Su et al. 2021, arXiv:2104.09864, section 3.4.2. PyTorch has no function for it; torchtune has a module.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import one_position_per_token, require_floating, require_whole


class Cache(NamedTuple):
    cos: Array  # broadcasts to (..., T, D/2)
    sin: Array


def forward(x: Array, positions: Array, *, base: float = 10000.0) -> tuple[Array, Cache]:
    """x: (..., T, D), positions: whole numbers (T,), or whatever broadcasts to (..., T) → y: like x.

    Raises ValueError when D is odd, positions do not fit x, or base is not positive; TypeError when x is not
    floating-point or positions are not whole.
    """
    require_floating("x", x)
    require_whole("positions", positions)
    one_position_per_token(x, positions)
    channels = x.shape[-1]
    if channels % 2:
        raise ValueError(f"x must have an even number of channels, to be turned in pairs; got x {x.shape}")
    if not base > 0:
        raise ValueError(f"base must be positive; got {base}")
    rates = base ** (-np.arange(0, channels, 2, like=positions) / max(channels, 1))  # radians a position
    angles = positions[..., None] * rates  # (..., T, D/2)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    return _turn(x, cos, sin), Cache(cos, sin)


def backward(dy: Array, cache: Cache) -> tuple[Array, None]:
    """dy: (..., T, D) → dx: like dy, and None for the positions."""
    return _turn(dy, cache.cos, -cache.sin), None


def _turn(x: Array, cos: Array, sin: Array) -> Array:
    """Every pair of channels, turned by its angle."""
    even, odd = x[..., 0::2], x[..., 1::2]
    y = np.empty_like(x)
    y[..., 0::2] = even * cos - odd * sin
    y[..., 1::2] = even * sin + odd * cos
    return y
