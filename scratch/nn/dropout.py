"""Dropout as a layer: draws a mask in training, does nothing in inference.

    training     y = x · mask / (1 - p)        mask: each element True with probability 1 - p, drawn anew at every call
    inference    y = x

What dropping is good for and why the rest is divided by 1 - p: ops.regularization.dropout. The layer adds the two
things an op does not have: random numbers, and the switch between training and inference (`Module.train`, `eval`). To
forget `eval()` before measuring is the classic mistake: the network is then measured with parts of it missing.

PyTorch: torch.nn.Dropout.
"""

from typing import Any

import numpy as np

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.regularization import dropout
from .module import Module

apply_dropout = differentiable(dropout)


class Dropout(Module):
    """p: the probability to be dropped. generator: where the masks come from; a seed is one too.

    Raises ValueError for p outside [0, 1].
    """

    def __init__(self, p: float = 0.5, *, generator: np.random.Generator | int | None = None) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p must be a probability, from 0 to 1; got {p}")
        self.p = p
        self.generator = np.random.default_rng(generator)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        if not self.training:
            return x
        mask = self.generator.random(x.shape) >= self.p
        return apply_dropout(x, mask, p=self.p)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"
