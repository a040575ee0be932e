"""Operations that move elements around without computing anything."""

from typing import Any

import torch
from torch import concatenate, permute, stack, transpose
from torch.nn.functional import pad

__all__ = ["concatenate", "expand", "pad", "permute", "reshape", "stack", "transpose"]


def reshape(x: torch.Tensor, *shape: Any) -> torch.Tensor:
    """The same elements in another shape; one length may be −1."""
    return x.reshape(*shape)


def expand(x: torch.Tensor, *shape: Any) -> torch.Tensor:
    """Repeat axes of length 1, and put new ones in front, without copying; −1 keeps a length."""
    return x.expand(*shape)
