"""What the normalizations of this folder demand of their arguments, and how they say so."""

from ...types import Array


def require_floating(x: Array) -> None:
    """Raise TypeError unless x holds floating-point numbers: a mean of whole numbers is none."""
    if x.dtype.kind != "f":
        raise TypeError(f"x must hold floating-point numbers; got dtype {x.dtype}")


def last_axes(x: Array, weight: Array | None, normalized_shape: tuple[int, ...] | None) -> tuple[int, ...]:
    """The axes to normalize over, counted from the front. Raise ValueError unless they are the last axes of x.

    Without a normalized_shape it is that of the weight.
    """
    if normalized_shape is None:
        if weight is None:
            raise ValueError("normalized_shape must be given where there is no weight that has it")
        normalized_shape = weight.shape
    count = len(normalized_shape)
    if not count or x.shape[-count:] != tuple(normalized_shape):
        raise ValueError(
            f"normalized_shape must be the last axes of x, one at least; "
            f"got normalized_shape {tuple(normalized_shape)} for x {x.shape}"
        )
    return tuple(range(x.ndim - count, x.ndim))


def same_axes(name: str, array: Array | None, x: Array, axes: tuple[int, ...]) -> None:
    """Raise ValueError unless the array, where there is one, has the shape of these axes of x."""
    shape = tuple(x.shape[axis] for axis in axes)
    if array is not None and array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, the normalized axes of x {x.shape}; got {array.shape}")


def one_per_channel(name: str, array: Array | None, x: Array) -> None:
    """Raise ValueError unless the array, where there is one, has one number for each channel, axis 1 of x."""
    if array is not None and array.shape != x.shape[1:2]:
        raise ValueError(f"{name} must be (C,) = {x.shape[1:2]}, one per channel of x {x.shape}; got {array.shape}")


def channels_first(x: Array) -> None:
    """Raise ValueError unless x has a batch axis and a channel axis."""
    if x.ndim < 2:
        raise ValueError(f"x must be (N, C) or (N, C, ...), the batch first and then the channels; got x {x.shape}")


def more_than_one(values: int, x: Array) -> None:
    """Raise ValueError where x holds a single value to take statistics of: it would become 0, whatever it is."""
    if values == 1:
        raise ValueError(f"x must hold more than one value per channel: of one there is no variance; got x {x.shape}")
