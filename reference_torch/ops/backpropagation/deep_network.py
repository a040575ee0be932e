"""A network of any depth; torch.autograd keeps the list of layers."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, *parameters: Tensor, activation: str = "tanh") -> Tensor:
    """x: (..., in), parameters: weight, bias, weight, bias, … → logits: (..., out)."""
    if not parameters or len(parameters) % 2 or activation not in ("tanh", "relu"):
        raise ValueError("one weight and one bias per layer, and tanh or relu, are needed")
    for layer, (weight, bias) in enumerate(zip(parameters[::2], parameters[1::2], strict=True)):
        if layer:
            x = torch.tanh(x) if activation == "tanh" else torch.relu(x)
        x = F.linear(x, weight, bias)
    return x
