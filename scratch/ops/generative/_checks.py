"""What the operations of this folder demand of their arguments."""

from ...types import Array


def floating(**arrays: Array) -> None:
    """Raise TypeError unless all arrays hold floating-point numbers of one dtype."""
    dtypes = {name: array.dtype for name, array in arrays.items()}
    if any(dtype.kind != "f" for dtype in dtypes.values()) or len(set(dtypes.values())) > 1:
        got = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{' and '.join(arrays)} must be floating-point of one dtype; got {got}")


def one_shape(**arrays: Array) -> None:
    """Raise ValueError unless all arrays have the same shape: broadcasting would hide a mistake."""
    if len({array.shape for array in arrays.values()}) > 1:
        got = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{' and '.join(arrays)} must have the same shape; got {got}")
