"""One step of an LSTM, by torch.lstm_cell."""

import torch
from torch import Tensor

from ._run import require_steps, weights


def forward(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor | None = None,
    bias_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """x: (B, I) → the new h and c: (B, H)."""
    require_steps(x, 2)
    return torch.lstm_cell(x, (h, c), *weights(4, weight_ih, weight_hh, bias_ih, bias_hh))
