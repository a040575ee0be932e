"""From an op to an operation on the tape. The ops of this tree are on it already: PyTorch differentiates `forward`."""

from collections.abc import Callable
from types import ModuleType

import torch


def differentiable(op: ModuleType) -> Callable[..., torch.Tensor]:
    """The op as a function on tensors."""
    return op.forward
