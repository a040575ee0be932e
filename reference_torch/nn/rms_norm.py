"""RMS normalization."""

from torch.nn import RMSNorm

__all__ = ["RMSNorm"]
