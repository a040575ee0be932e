"""Choosing between elements, and the comparisons to choose by."""

from torch import clip, greater, greater_equal, less, less_equal, maximum, minimum, not_equal, where
from torch import eq as equal

__all__ = [
    "clip", "equal", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum", "not_equal", "where",
]  # fmt: skip
