"""Uniform."""

from torch.nn.init import uniform_

__all__ = ["uniform_"]
