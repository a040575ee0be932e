"""One step of a plain recurrent network, by torch.rnn_tanh_cell."""

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
    *,
    nonlinearity: str = "tanh",
) -> Tensor:
    """x: (B, I) → the new h: (B, H)."""
    require_steps(x, 2)
    function = {"tanh": torch.rnn_tanh_cell, "relu": torch.rnn_relu_cell}.get(nonlinearity)
    if function is None:
        raise ValueError(f"no such nonlinearity: {nonlinearity}")
    return function(x, h, *weights(1, weight_ih, weight_hh, bias_ih, bias_hh))
