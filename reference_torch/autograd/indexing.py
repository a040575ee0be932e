"""Reading elements by index."""

from typing import Any

import torch


def getitem(x: torch.Tensor, index: Any) -> torch.Tensor:
    """x[index]."""
    return x[index]
