"""The gradient of a function by central differences: no chain rule, only two evaluations per number.

    gradient[i] = (f(x + ε e_i) - f(x - ε e_i)) / 2ε        e_i: one at index i, zero elsewhere

Why both sides? By Taylor, f(x ± ε) = f ± ε f' + ε²/2 f'' ± ε³/6 f''' + …. The difference of the two cancels f and f''
and leaves 2ε f' + ε³/3 f''', so the error is ε²/6 f''', and none at all for a quadratic. The one-sided difference
(f(x + ε) - f(x)) / ε keeps ε/2 f''.

Why not ε tiny? Each f is rounded by about eps |f|, and the division by ε magnifies that to eps |f| / ε. The two errors
balance near ε = ∛eps: 6e-6 in float64, where about ten digits are right, and 5e-3 in float32, where only four are.
Check gradients in float64.

It costs two forward passes for every parameter, backpropagation about two for all of them: this is how to test a
backward, not how to train.

PyTorch: torch.autograd.grad, which is exact; the same differences are inside torch.autograd.gradcheck.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...types import Array


def forward(x: Array, *, function: Callable[[Array], Any], epsilon: float = 1e-6) -> Array:
    """x: any shape, function: from an array like x to one number → gradient: the shape of x.

    Raises TypeError when x is not floating-point, ValueError when epsilon is not positive or function(x) is not a
    single number.
    """
    if x.dtype.kind != "f":
        raise TypeError(f"x must be floating-point, so that it can move a little; got dtype {x.dtype}")
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive; got {epsilon}")
    if (shape := np.shape(function(x))) != ():
        raise ValueError(f"function must return a single number; got shape {shape} for x {x.shape}")
    probe = x.copy()  # moved one element at a time; x itself stays
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        probe[index] = x[index] + epsilon
        above = function(probe)
        probe[index] = x[index] - epsilon
        below = function(probe)
        probe[index] = x[index]
        gradient[index] = (above - below) / (2 * epsilon)
    return gradient
