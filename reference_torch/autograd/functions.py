"""Functions of one number, applied to every element."""

from torch import abs, exp, log, sqrt, tanh

__all__ = ["abs", "exp", "log", "sqrt", "tanh"]
