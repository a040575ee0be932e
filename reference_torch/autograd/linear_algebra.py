"""Products of matrices."""

from torch import matmul

__all__ = ["matmul"]
