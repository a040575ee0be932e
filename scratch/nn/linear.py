"""The dense layer: an op that owns its weight and its bias.

    y = x weightᵀ + bias        x: (..., in_features) → y: (..., out_features)

The mathematics is ops.linear.linear. What a layer adds is *state*: it makes parameters of the right shapes, gives them
their first values and hands them to the op at every call, so that the caller passes x alone. All layers with
parameters are made this way.

Both parameters start from U(-1/√in_features, 1/√in_features), as in PyTorch: see nn.init.kaiming.

PyTorch: torch.nn.Linear.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.linear import linear
from .init.kaiming import kaiming_uniform_
from .init.uniform import uniform_
from .module import Module, Parameter

apply_linear = differentiable(linear)


class Linear(Module):
    """weight: (out_features, in_features), bias: (out_features,), or None with bias=False.

    A call raises ValueError when the last axis of x is not in_features.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(np.empty((out_features, in_features), dtype))
        self.bias = Parameter(np.empty(out_features, dtype)) if bias else None
        self.reset_parameters(generator)

    def reset_parameters(self, generator: np.random.Generator | None = None) -> None:
        """Give the parameters new first values."""
        kaiming_uniform_(self.weight, a=math.sqrt(5), generator=generator)
        if self.bias is not None:
            bound = 1 / math.sqrt(max(self.in_features, 1))
            uniform_(self.bias, -bound, bound, generator=generator)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (..., in_features) → y: (..., out_features)."""
        return apply_linear(x, self.weight, self.bias)

    def flops(self, x: Tensor, y: Tensor) -> int:
        """A multiply-add for every output and input feature."""
        return 2 * y.size * self.in_features

    def extra_repr(self) -> str:
        """The sizes."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
