"""What metrics refuse."""

from ...types import Array


def require_classes(predicted: Array, target: Array) -> None:
    """Raise unless both are class numbers, one for each of at least one example."""
    for name, array in (("predicted", predicted), ("target", target)):
        if array.dtype.kind not in "iu":
            raise TypeError(f"{name} must hold class numbers, which are integers; got {array.dtype}")
        if array.size and array.min() < 0:
            raise ValueError(f"{name} must hold class numbers from 0; got {array.min()}")
    if predicted.ndim != 1 or predicted.shape != target.shape or not predicted.size:
        raise ValueError(
            f"predicted and target must both be (N,), with N at least 1; got {predicted.shape} and {target.shape}"
        )
