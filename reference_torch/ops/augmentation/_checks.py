"""What PyTorch itself would let pass."""

import torch
from torch import Tensor


def require_images(x: Tensor) -> None:
    """Raise TypeError or ValueError unless x holds images of floating-point numbers."""
    if not x.is_floating_point():
        raise TypeError(f"x must hold floating-point numbers; got {x.dtype}")
    if x.dim() != 4:
        raise ValueError(f"x must be (N, C, H, W); got {tuple(x.shape)}")


def one_per_image(x: Tensor, *given: Tensor, dtype: torch.dtype = torch.int64) -> None:
    """Raise TypeError or ValueError unless there is one number of this dtype for each image."""
    for each in given:
        if each.dtype != dtype:
            raise TypeError(f"expected {dtype}; got {each.dtype}")
        if each.shape != x.shape[:1]:
            raise ValueError(f"one for each of {len(x)} images; got {tuple(each.shape)}")
