"""What choosing a token asks of its arguments."""

from ...types import Array


def require_logits(logits: Array) -> None:
    """Raise unless these are scores (..., V) of at least one token."""
    if logits.dtype.kind != "f":
        raise TypeError(f"logits must hold floating-point numbers; got dtype {logits.dtype}")
    if not logits.ndim or not logits.shape[-1]:
        raise ValueError(f"logits must be (..., V), with at least one token; got {logits.shape}")
