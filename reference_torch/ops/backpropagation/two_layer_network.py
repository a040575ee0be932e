"""A two-layer classifier and its loss; torch.autograd writes the chain rule."""

import torch.nn.functional as F
from torch import Tensor


def forward(x: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor, target: Tensor) -> Tensor:
    """x: (N, in), weight1: (hidden, in), bias1: (hidden,), weight2: (classes, hidden), bias2: (classes,),
    target: (N,) integers → loss: ().
    """
    hidden = F.relu(F.linear(x, weight1, bias1))
    return F.cross_entropy(F.linear(hidden, weight2, bias2), target)
