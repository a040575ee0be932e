"""What every activation asks of its arguments."""

from ...types import Array


def require_floating(x: Array) -> None:
    """Raise TypeError unless x holds floating-point numbers: whole numbers have no slope, and would be rounded."""
    if x.dtype.kind != "f":
        raise TypeError(f"x must hold floating-point numbers; got dtype {x.dtype}")


def require_axis(x: Array, dim: int) -> None:
    """Raise TypeError unless dim is an int, ValueError unless it is an axis of x; a 0-d x counts as one axis."""
    if not isinstance(dim, int) or isinstance(dim, bool):
        raise TypeError(f"dim must be an int; got {dim!r}")
    rank = max(x.ndim, 1)
    if not -rank <= dim < rank:
        raise ValueError(f"dim must be an axis of x, from {-rank} to {rank - 1}; got dim {dim} for x {x.shape}")
