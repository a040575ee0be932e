"""Layer normalization as a layer: with a weight and a bias per feature, which start as 1 and 0.

The equation and its derivative: ops.normalization.layer_norm. At first the layer only normalizes; what scale and offset
are best for each feature, it learns. It does the same in training and in inference.

PyTorch: torch.nn.LayerNorm.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.normalization import layer_norm
from .module import Module, Parameter

apply_layer_norm = differentiable(layer_norm)


class LayerNorm(Module):
    """Over the last axes, of shape normalized_shape; a number stands for one axis.

    weight, bias: normalized_shape, or None with elementwise_affine=False or bias=False. A call raises ValueError when
    the last axes of x are others.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (..., *normalized_shape) → y: like x."""
        return apply_layer_norm(x, self.weight, self.bias, normalized_shape=self.normalized_shape, eps=self.eps)

    def extra_repr(self) -> str:
        """The options."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
