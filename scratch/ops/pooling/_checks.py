"""What the files of this folder demand of their arguments, and how they say so."""

from typing import Any

from ...types import Array


def require_images(x: Array) -> None:
    """Raise TypeError unless x holds floating-point numbers, ValueError unless it is (N, C, H, W) with pixels."""
    if x.dtype.kind != "f":
        raise TypeError(f"x must hold floating-point numbers; got dtype {x.dtype}")
    if x.ndim != 4 or 0 in x.shape[1:]:
        raise ValueError(f"x must be (N, C, H, W), no axis empty but N; got x {x.shape}")


def pair(name: str, value: Any, *, least: int) -> tuple[int, int]:
    """A whole number for both axes, or one for each. Raises TypeError or ValueError, which name the option."""
    both = (value, value) if isinstance(value, int) else value
    if not isinstance(both, (tuple, list)) or len(both) != 2 or not all(isinstance(number, int) for number in both):
        raise TypeError(f"{name} must be a whole number, or 2 of them; got {value!r}")
    if min(both) < least:
        raise ValueError(f"{name} must be at least {least}; got {value!r}")
    return both[0], both[1]
