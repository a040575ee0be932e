"""The base of modules, by torch.nn."""

from torch.nn import Module, Parameter

__all__ = ["Module", "Parameter"]
