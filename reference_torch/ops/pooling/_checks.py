"""What PyTorch itself would let pass."""

from torch import Tensor


def require_floating(x: Tensor) -> None:
    """Raise TypeError unless x holds floating-point numbers."""
    if not x.is_floating_point():
        raise TypeError(f"x must hold floating-point numbers; got {x.dtype}")
