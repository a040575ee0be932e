"""A GRU over whole sequences, by torch.gru."""

import torch
from torch import Tensor

from ._run import sequence, weights


def forward(
    x: Tensor,
    h0: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor | None = None,
    bias_hh: Tensor | None = None,
    lengths: Tensor | None = None,
    *,
    reverse: bool = False,
) -> tuple[Tensor, ...]:
    """x: (T, B, I) → y: (T, B, H), and the last h: (B, H)."""
    given = weights(3, weight_ih, weight_hh, bias_ih, bias_hh)
    return sequence(torch.gru, x, [h0], given, lengths, reverse)
