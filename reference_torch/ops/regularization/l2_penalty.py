"""The L2 penalty."""

from torch import Tensor


def forward(weight: Tensor, *, strength: float) -> Tensor:
    """weight: (...) → y: ()."""
    if not strength >= 0 or not weight.is_floating_point():
        raise ValueError(f"strength must be 0 or more and weight floating-point; got {strength} and {weight.dtype}")
    return strength / 2 * weight.square().sum()
