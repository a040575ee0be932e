"""A draw with a given random number. torch.multinomial draws its own."""

import torch
from torch import Tensor


def forward(logits: Tensor, uniform: Tensor) -> Tensor:
    """logits: (..., V), uniform: (...) numbers in [0, 1) → token numbers: (...)."""
    if uniform.shape != logits.shape[:-1] or bool(((uniform < 0) | (uniform >= 1)).any()):
        raise ValueError("uniform must hold a number in [0, 1) for each row of logits")
    cumulative = logits.softmax(dim=-1).cumsum(dim=-1)
    darts = uniform.unsqueeze(-1) * cumulative[..., -1:]
    return torch.searchsorted(cumulative, darts, right=True).squeeze(-1)
