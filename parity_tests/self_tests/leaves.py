"""Leaves of a graph, on either side."""

import numpy as np
import torch

from scratch.autograd import Tensor


def leaf(*values: float) -> Tensor:
    """A vector that requires a gradient."""
    return Tensor(np.array(values), requires_grad=True)


def torch_leaf(*values: float) -> torch.Tensor:
    """The same in PyTorch."""
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)
