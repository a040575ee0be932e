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


def require_tables(center_weight: Array, context_weight: Array) -> None:
    """Raise unless both are (V, D), floating-point and of one dtype."""
    require_floating("center_weight", center_weight)
    if center_weight.dtype != context_weight.dtype:
        raise TypeError(
            f"both tables must have one dtype; got center_weight {center_weight.dtype}, "
            f"context_weight {context_weight.dtype}"
        )
    if center_weight.ndim != 2 or center_weight.shape != context_weight.shape:
        raise ValueError(
            f"both tables must be (V, D), one row a word; got center_weight {center_weight.shape}, "
            f"context_weight {context_weight.shape}"
        )


def require_words(center: Array, context: Array, negatives: Array, *, words: int) -> None:
    """Raise unless center and context are (N,), negatives (N, K), and all are whole numbers from 0 to words - 1."""
    given = {"center": center, "context": context, "negatives": negatives}
    for name, numbers in given.items():
        require_whole(name, numbers)
    if center.ndim != 1 or context.shape != center.shape or negatives.shape[:-1] != center.shape:
        shapes = ", ".join(f"{name} {numbers.shape}" for name, numbers in given.items())
        raise ValueError(f"center and context must be (N,), negatives (N, K); got {shapes}")
    for name, numbers in given.items():
        wrong = (numbers < 0) | (numbers >= words)
        if wrong.any():
            raise ValueError(f"{name} must hold word numbers from 0 to {words - 1}; got {int(numbers[wrong][0])}")
