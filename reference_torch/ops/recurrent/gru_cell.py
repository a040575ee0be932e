"""One step of a GRU, by torch.gru_cell."""

import torch
from torch import Tensor

from ._run import require_steps, weights


def forward(
    x: Tensor,
    h: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor | None = None,
    bias_hh: Tensor | None = None,
) -> Tensor:
    """x: (B, I) → the new h: (B, H)."""
    require_steps(x, 2)
    return torch.gru_cell(x, h, *weights(3, weight_ih, weight_hh, bias_ih, bias_hh))
