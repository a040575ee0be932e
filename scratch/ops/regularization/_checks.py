"""What a penalty demands of its arguments."""

from ...types import Array


def require_penalty(weight: Array, strength: float) -> None:
    """Raise TypeError unless the weight holds floating-point numbers, ValueError unless strength is 0 or more."""
    if weight.dtype.kind != "f":
        raise TypeError(f"weight must hold floating-point numbers; got dtype {weight.dtype}")
    if not strength >= 0:
        raise ValueError(f"strength must be 0 or more, or large weights would be rewarded; got {strength}")
