"""Inverted dropout: each number is dropped with probability p, and those that are left are made larger.

    y = x · mask / (1 - p)        mask: True where x is kept

A network that loses half of its hidden neurons at random in every step cannot rely on any one of them, nor on a fixed
team. It has to learn features that are useful with many different partners.

Why divide by 1 - p? A share of 1 - p is kept, so on average the next layer would receive that much less in training
than in inference, when nothing is dropped. Dividing makes the expectation the same, E[y] = (1 - p) · x / (1 - p) = x,
and it does so in training, hence *inverted*: inference is the identity and costs nothing. (The paper multiplied by
1 - p in inference instead.) With p = 1 nothing is kept, and y = 0.

The mask is an argument: an op has no random numbers of its own, and so both sides of a comparison drop the same. Who
draws it is the layer, nn.dropout, and it does so only in training.

Backward. Forward multiplied every element by a constant, mask / (1 - p), so the gradient is multiplied by it too:

    dx = dy · mask / (1 - p)

What was dropped had no influence and gets no gradient. The very same mask: another one would be the gradient of another
network.

Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
PyTorch: torch.nn.functional.dropout, which draws the mask itself.
"""

import numpy as np

from ...types import Array


def forward(x: Array, mask: Array, *, p: float = 0.5) -> tuple[Array, Array]:
    """x: (...), mask: booleans like x → y: like x. The cache is what x was multiplied by.

    Raises ValueError when the mask has another shape or p lies outside [0, 1], TypeError when x does not hold
    floating-point numbers or the mask no booleans.
    """
    if x.dtype.kind != "f" or mask.dtype.kind != "b":
        raise TypeError(f"x must hold floating-point numbers and mask booleans; got x {x.dtype}, mask {mask.dtype}")
    if mask.shape != x.shape:
        raise ValueError(f"mask must have the shape of x; got mask {mask.shape} for x {x.shape}")
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a probability, from 0 to 1; got {p}")
    factor = mask.astype(x.dtype) * (1 / (1 - p) if p < 1 else 0.0)
    with np.errstate(invalid="ignore"):  # inf · 0 is NaN
        y = x * factor
    return y, factor


def backward(dy: Array, factor: Array) -> tuple[Array, None]:
    """dy: like y → dx: like x, and no gradient of the mask."""
    return dy * factor, None
