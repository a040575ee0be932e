"""Group normalization as a layer: with a weight and a bias per channel, which start as 1 and 0.

The equation and its derivative: ops.normalization.group_norm. It does the same in training and in inference.

PyTorch: torch.nn.GroupNorm.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.normalization import group_norm
from .module import Module, Parameter

apply_group_norm = differentiable(group_norm)


class GroupNorm(Module):
    """weight, bias: (num_channels,), or None with affine=False.

    Raises ValueError when num_groups does not divide num_channels; a call, when x has another number of channels.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(
                f"num_groups must divide num_channels; got num_groups {num_groups}, num_channels {num_channels}"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.weight = Parameter(np.ones(num_channels, dtype)) if affine else None
        self.bias = Parameter(np.zeros(num_channels, dtype)) if affine else None

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, num_channels, *) → y: like x."""
        return apply_group_norm(x, self.weight, self.bias, num_groups=self.num_groups, eps=self.eps)

    def extra_repr(self) -> str:
        """The options."""
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"
