"""What the augmentations demand of their arguments, and how they say so."""

from ...types import Array


def require_images(x: Array) -> None:
    """Raise TypeError unless x holds floating-point numbers, ValueError unless it is (N, C, H, W)."""
    if x.dtype.kind != "f":
        raise TypeError(f"x must hold floating-point numbers; got dtype {x.dtype}")
    if x.ndim != 4:
        raise ValueError(f"x must be (N, C, H, W); got x {x.shape}")


def one_per_image(name: str, array: Array, x: Array, kind: str) -> None:
    """Raise TypeError for another kind of dtype ("b": booleans, "i": whole numbers), ValueError for another shape."""
    if array.dtype.kind != kind:
        said = {"b": "True or False", "i": "whole numbers"}[kind]
        raise TypeError(f"{name} must hold {said}; got dtype {array.dtype}")
    if array.shape != x.shape[:1]:
        raise ValueError(f"{name} must be (N,), one for each image of x {x.shape}; got {name} {array.shape}")
