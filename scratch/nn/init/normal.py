"""Normal: numbers around a mean, two thirds of them within one standard deviation.

    tensor ← mean + std · z        z standard normal

What becomes of the signal depends only on the variance of the weights, so normal and uniform weights of the same
variance train alike. A normal distribution has no bound: one weight in 16,000 is larger than 4 std (see trunc_normal).

PyTorch: torch.nn.init.normal_.
"""

from ...autograd.tensor import Tensor
from ._draw import Generator, fill, normal_numbers


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill with normal numbers. Raises ValueError for a negative std."""
    if not std >= 0:
        raise ValueError(f"std must be 0 or more; got {std}")
    return fill(tensor, mean + std * normal_numbers(tensor, generator))
