"""A list of modules."""

from torch.nn import ModuleList

__all__ = ["ModuleList"]
