"""One neuron: torch.sigmoid of a dot product and a bias."""

import torch
from torch import Tensor


def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x, weight: (in,), bias: () → y: ()."""
    if bias.ndim:  # torch would broadcast it
        raise ValueError(f"bias must be a single number, of shape (); got bias {tuple(bias.shape)}")
    return torch.sigmoid(torch.dot(weight, x) + bias)
