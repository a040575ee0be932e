"""Uniform: every number between a and b is as likely as any other.

    tensor ← a + (b - a) · u        u from [0, 1)

The mean is (a + b) / 2 and the variance (b - a)² / 12, so that U(-bound, bound) has the standard deviation bound / √3:
where an initializer asks for a standard deviation, bound = √3 · std.

PyTorch: torch.nn.init.uniform_.
"""

from ...autograd.tensor import Tensor
from ._draw import Generator, fill, uniform_numbers


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill with numbers from [a, b). Raises ValueError unless a ≤ b."""
    if not a <= b:
        raise ValueError(f"uniform_ needs a ≤ b, the ends of an interval; got a {a}, b {b}")
    return fill(tensor, a + (b - a) * uniform_numbers(tensor, generator))
