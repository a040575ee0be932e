"""An array that remembers how it was computed."""

from typing import Any

import numpy as np
import torch


def Tensor(data: Any, *, requires_grad: bool = False) -> torch.Tensor:  # noqa: N802
    """A tensor that shares the memory of an array, or a new one made of numbers in nested lists."""
    made = torch.from_numpy(data) if isinstance(data, np.ndarray) else torch.tensor(data)
    return made.requires_grad_(requires_grad)
