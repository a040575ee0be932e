"""An LSTM over whole sequences, by torch.lstm."""

import torch
from torch import Tensor

from ._run import sequence, weights


def forward(
    x: Tensor,
    h0: Tensor,
    c0: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor | None = None,
    bias_hh: Tensor | None = None,
    lengths: Tensor | None = None,
    *,
    reverse: bool = False,
) -> tuple[Tensor, ...]:
    """x: (T, B, I) → y: (T, B, H), and the last h and c: (B, H)."""
    given = weights(4, weight_ih, weight_hh, bias_ih, bias_hh)
    return sequence(torch.lstm, x, [h0, c0], given, lengths, reverse)
