"""Gradient descent on a linear regression, by torch.optim.SGD and autograd."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    x: Tensor, y: Tensor, weight: Tensor, bias: Tensor, order: Tensor, *, batch_size: int, learning_rate: float
) -> tuple[Tensor, Tensor]:
    """x: (N, in), y: (N,), weight: (in,), bias: (), order: (epochs, N) → weights: (updates, in), biases: (updates,)."""
    if bias.ndim or len(y) != len(x):  # torch would broadcast the one and never read the end of the other
        raise ValueError("bias must have shape () and y one number per row of x")
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    optimizer = torch.optim.SGD([weight, bias], lr=learning_rate)
    weights, biases = [weight.new_empty(0, len(weight))], [bias.new_empty(0)]
    for epoch in order:
        for start in range(0, len(epoch), batch_size):
            batch = epoch[start : start + batch_size]
            optimizer.zero_grad()
            F.mse_loss(torch.mv(x[batch], weight) + bias, y[batch]).backward()
            optimizer.step()
            weights.append(weight.detach().clone()[None])
            biases.append(bias.detach().clone()[None])
    return torch.cat(weights), torch.cat(biases)
