"""Orthogonal."""

from torch.nn.init import orthogonal_

__all__ = ["orthogonal_"]
