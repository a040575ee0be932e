"""All the same."""

from torch.nn.init import constant_, ones_, zeros_

__all__ = ["constant_", "ones_", "zeros_"]
