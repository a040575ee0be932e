"""Xavier (Glorot) initialization: weights of a size that keeps the signal and the gradient alive.

    std = gain · √(2 / (fan_in + fan_out))
    xavier_normal_:  weight ~ N(0, std²)        xavier_uniform_:  weight ~ U(-√3 std, √3 std), which has the same std

A neuron adds up fan_in products, y = Σ wᵢ xᵢ. For independent numbers around 0 variances multiply and add up:

    Var(y) = fan_in · Var(w) · Var(x)        so the signal keeps its size if Var(w) = 1 / fan_in

Backward, dx = Σ w dy is a sum over the fan_out neurons that read x, and the gradient keeps its size if Var(w) =
1 / fan_out. Both cannot be had unless the layer is square, so the two are averaged: Var(w) = 2 / (fan_in + fan_out).
Over thirty layers it matters: with weights 10% too small a signal shrinks to 0.9³⁰ = 4%, ten times too large and it
grows by 10³⁰.

This holds for activations that are near the identity around 0, such as tanh. gain makes up for what the activation
takes away (calculate_gain); for ReLU see kaiming.

Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
PyTorch: torch.nn.init.xavier_uniform_, xavier_normal_.
"""

import math

from ...autograd.tensor import Tensor
from ._draw import Generator
from ._fans import fans
from .normal import normal_
from .uniform import uniform_


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill a weight (out, in, *kernel). Raises ValueError for fewer than two axes."""
    bound = math.sqrt(3) * _std(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill a weight (out, in, *kernel). Raises ValueError for fewer than two axes."""
    return normal_(tensor, 0.0, _std(tensor, gain), generator)


def _std(tensor: Tensor, gain: float) -> float:
    fan_in, fan_out = fans(tensor)
    return gain * math.sqrt(2 / max(fan_in + fan_out, 1))
