"""Sinusoidal positional encoding: a fixed vector for every position, added to the vector of the token.

    encoding[p, 2i]     = sin(p / base^(2i/C))
    encoding[p, 2i + 1] = cos(p / base^(2i/C))        y = x + encoding[positions]

Attention treats its tokens as a set: "dog bites man" and "man bites dog" would be the same to it. The encoding tells
each token where it stands, as a clock tells the time by several hands: pair 0 turns by one radian a position, the last
one takes almost base · 2π ≈ 63,000 positions a turn. Fast hands tell neighbours apart, slow ones say whereabouts in the
text we are. Because sine and cosine come in pairs, moving on by k positions is a rotation by the same angles wherever
one starts, a linear map that a layer can learn.

The angles are computed in float64 and the result is rounded to the dtype of x: in float32 the position 100,000 times
its rate would have lost half a percent of a radian already.

Backward. The encoding is a constant, added: dx = dy.

Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5. PyTorch has no function for it.
"""

import numpy as np

from ...types import Array
from ._checks import one_position_per_token, require_floating, require_whole


def forward(x: Array, positions: Array, *, base: float = 10000.0) -> tuple[Array, None]:
    """x: (..., T, C), positions: whole numbers (T,), or whatever broadcasts to (..., T) → y: like x.

    Raises ValueError when positions do not fit the tokens of x, or base is not positive; TypeError when x is not
    floating-point or positions are not whole.
    """
    require_floating("x", x)
    require_whole("positions", positions)
    one_position_per_token(x, positions)
    if not base > 0:
        raise ValueError(f"base must be positive; got {base}")
    channels = x.shape[-1]
    rates = base ** (-np.arange(0, channels, 2, like=positions) / max(channels, 1))  # radians a position
    angles = positions[..., None] * rates  # (..., T, pairs)
    encoding = np.empty_like(angles, shape=(*positions.shape, channels))
    encoding[..., 0::2] = np.sin(angles)
    encoding[..., 1::2] = np.cos(angles[..., : channels // 2])  # an odd last channel has no partner
    return x + encoding.astype(x.dtype), None


def backward(dy: Array, cache: None) -> tuple[Array, None]:
    """dy: like x → dx: like x, and None for the positions."""
    return dy.copy(), None
