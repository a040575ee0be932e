"""Dropout. torch.nn.Dropout draws from a generator of its own, so this one takes NumPy's and does the same with it."""

import numpy as np
import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """p: the probability to be dropped. generator: where the masks come from."""

    def __init__(self, p: float = 0.5, *, generator: np.random.Generator | int | None = None) -> None:
        super().__init__()
        self.rule = nn.Dropout(p)  # refuses what is no probability, and is the identity in inference
        self.generator = np.random.default_rng(generator)

    def forward(self, x: Tensor) -> Tensor:
        """x: (...) → y: (...)."""
        if not self.training:
            return self.rule(x)
        p = self.rule.p
        keep = torch.from_numpy(np.asarray(self.generator.random(tuple(x.shape)) >= p)).to(x.dtype)
        return x * keep / (1 - p) if p < 1 else x * 0
