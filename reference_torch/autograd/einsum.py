"""Einstein summation."""

from torch import einsum

__all__ = ["einsum"]
