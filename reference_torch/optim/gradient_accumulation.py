"""A linear regression, each batch as a whole: what accumulated gradients must come to."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor, y: Tensor, weight: Tensor, bias: Tensor, *, batch_size: int, micro_batch_size: int, lr: float
) -> tuple[Tensor, Tensor]:
    """x: (N, in), y: (N,), weight: (in,), bias: () → weights: (updates, in), biases: (updates,)."""
    if bias.ndim or len(y) != len(x) or micro_batch_size < 1:  # torch would broadcast, or not look
        raise ValueError("bias must have shape (), y one number per row of x, micro_batch_size be at least 1")
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    optimizer = torch.optim.SGD([weight, bias], lr=lr, foreach=False)
    weights, biases = [weight.new_empty(0, len(weight))], [bias.new_empty(0)]
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        optimizer.zero_grad()
        F.mse_loss(torch.mv(x[batch], weight) + bias, y[batch]).backward()
        optimizer.step()
        weights.append(weight.detach().clone()[None])
        biases.append(bias.detach().clone()[None])
    return torch.cat(weights), torch.cat(biases)
