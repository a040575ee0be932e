"""What the embeddings of this folder demand of their arguments, and how they say so."""

from ...types import Array


def require_floating(name: str, array: Array) -> None:
    """Raise TypeError unless the array holds floating-point numbers."""
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold floating-point numbers; got {name} {array.dtype}")


def require_whole(name: str, array: Array) -> None:
    """Raise TypeError unless the array holds whole numbers."""
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers; got {name} {array.dtype}")


def one_position_per_token(x: Array, positions: Array) -> None:
    """Raise ValueError unless positions broadcast to the tokens of x, which is (..., T, C), without adding any."""
    tokens = x.shape[:-1]
    axes = zip(reversed(positions.shape), reversed(tokens), strict=False)
    if not x.ndim or positions.ndim > len(tokens) or any(size not in (1, wanted) for size, wanted in axes):
        raise ValueError(
            f"positions must broadcast to the tokens of x (..., T, C), {tokens}; "
            f"got positions {positions.shape} for x {x.shape}"
        )
