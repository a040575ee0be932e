"""Operations that make one number of many."""

from torch import amax, amin, cumsum, max, mean, min, sum, var

__all__ = ["amax", "amin", "cumsum", "max", "mean", "min", "sum", "var"]
