"""The dense layer."""

from torch.nn import Linear

__all__ = ["Linear"]
