"""RMS normalization as a layer: with a weight per feature, which starts as 1.

The equation and its derivative: ops.normalization.rms_norm. It does the same in training and in inference.

PyTorch: torch.nn.RMSNorm.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.normalization import rms_norm
from .module import Module, Parameter

apply_rms_norm = differentiable(rms_norm)


class RMSNorm(Module):
    """Over the last axes, of shape normalized_shape; a number stands for one axis. eps=None: that of the dtype of x.

    weight: normalized_shape, or None with elementwise_affine=False. A call raises ValueError when the last axes of x
    are others.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (..., *normalized_shape) → y: like x."""
        return apply_rms_norm(x, self.weight, normalized_shape=self.normalized_shape, eps=self.eps)

    def extra_repr(self) -> str:
        """The options."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
