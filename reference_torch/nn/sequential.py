"""Modules in a row."""

from torch.nn import Sequential

__all__ = ["Sequential"]
