"""Truncated normal: normal numbers, of which those outside [a, b] do not occur.

    u uniform between Φ((a - mean) / std) and Φ((b - mean) / std)        Φ: the normal distribution function
    tensor ← mean + std · Φ⁻¹(u)

Why that works: if z is normal, then Φ(z) is uniform on [0, 1], since Φ(z) says how many would be smaller. Backwards,
Φ⁻¹ of a uniform number is normal; and where u is kept between Φ(a) and Φ(b), the result is kept between a and b, in
the same proportions as before. (One may also draw again whatever lies outside, as PyTorch does: the same law.)

Transformers are initialized so, with std = 0.02: a stray large weight would act before training can correct it. Note
that a and b are values, not multiples of std, and that cutting at ±2 std leaves a standard deviation of 0.88 std.

PyTorch: torch.nn.init.trunc_normal_.
"""

import numpy as np

from ...autograd.tensor import Tensor
from ._draw import Generator, fill, uniform_numbers
from ._quantile import STANDARD, quantile

SMALLEST, LARGEST = 2.0**-1022, 1 - 2.0**-53  # shares of which Φ⁻¹ is finite


def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Generator = None
) -> Tensor:
    """Fill with normal numbers between a and b. Raises ValueError unless std > 0 and a < b."""
    if not (std > 0 and a < b):
        raise ValueError(f"trunc_normal_ needs std > 0 and a < b; got std {std}, a {a}, b {b}")
    low, high = STANDARD.cdf((a - mean) / std), STANDARD.cdf((b - mean) / std)
    shares = low + (high - low) * uniform_numbers(tensor, generator).astype(np.float64)
    shares = np.clip(shares, SMALLEST, LARGEST)
    numbers = mean + std * quantile(shares)
    return fill(tensor, np.clip(numbers, a, b).astype(tensor.dtype))  # Φ⁻¹ may be off by a rounding
