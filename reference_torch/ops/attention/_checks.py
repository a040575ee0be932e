"""What the documentation of PyTorch forbids, and some of its kernels let pass."""

from torch import Tensor


def require_one_mask(attn_mask: Tensor | None, is_causal: bool) -> None:
    """Raise ValueError where a mask is given twice."""
    if attn_mask is not None and is_causal:
        raise ValueError("attn_mask must be None with is_causal=True")
    if attn_mask is not None and attn_mask.ndim < 2:
        raise ValueError("attn_mask must have at least two axes")


def require_as_many(key: Tensor, value: Tensor) -> None:
    """Raise ValueError unless every key has a value."""
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"key and value differ in length: {key.shape}, {value.shape}")
