"""Group normalization."""

from torch.nn import GroupNorm

__all__ = ["GroupNorm"]
