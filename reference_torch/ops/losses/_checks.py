"""What PyTorch lets pass, with or without a warning, and this project refuses."""

from torch import Tensor


def same_shape(input: Tensor, target: Tensor) -> None:
    """Raise unless input and target have one shape and one dtype: no broadcasting, no promotion."""
    if input.dtype != target.dtype:
        raise TypeError(f"input and target must have one dtype; got {input.dtype} and {target.dtype}")
    if input.shape != target.shape:
        raise ValueError(f"input and target must have one shape; got {tuple(input.shape)} and {tuple(target.shape)}")
