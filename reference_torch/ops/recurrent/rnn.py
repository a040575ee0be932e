"""A plain recurrent network over whole sequences, by torch.rnn_tanh."""

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
    nonlinearity: str = "tanh",
    reverse: bool = False,
) -> tuple[Tensor, ...]:
    """x: (T, B, I) → y: (T, B, H), and the last h: (B, H)."""
    given = weights(1, weight_ih, weight_hh, bias_ih, bias_hh)
    function = {"tanh": torch.rnn_tanh, "relu": torch.rnn_relu}[nonlinearity]
    return sequence(function, x, [h0], given, lengths, reverse)
