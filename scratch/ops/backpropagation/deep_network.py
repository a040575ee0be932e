"""Backpropagation through any number of layers: the hand-written network, rolled into a loop.

    h_0 = x        h_k = activation(h_(k-1) weight_kᵀ + bias_k)        logits = h_(L-1) weight_Lᵀ + bias_L

No activation after the last layer: its outputs are logits, or a regression's predictions, and may take any value.

Backward. Forward made a list of layers, first to last, each with the cache that its own backward asks for. Backward
goes through the list from last to first with a single array in its hand, the gradient of the layer's output:

    dz                  = activation.backward(dh)        not for the last layer, which has none
    dh, dweight, dbias  = linear.backward(dz)            dh belongs to the layer before: go on with it

The parameters' gradients are collected on the way. No layer knows what comes before or after it; this is all that the
chain rule asks for, and it is why any chain of ops can be trained.

The gradient of the first layer is a product of L matrices and L - 1 slopes. tanh has slopes below 1, so in a deep
network it tends to vanish; ReLU has slope 1 where it is on.

Source: Rumelhart, Hinton & Williams 1986. PyTorch: torch.nn.Sequential of Linear and Tanh or ReLU.
"""

from collections.abc import Container
from types import ModuleType
from typing import Any, NamedTuple

from ...types import Array
from ..activations import relu, tanh
from ..linear import linear

ACTIVATIONS = {"tanh": tanh, "relu": relu}


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    activation: ModuleType
    layers: list[tuple[linear.Cache, Any]]  # of each linear layer, and of the activation after it (the last: None)


def forward(x: Array, *parameters: Array, activation: str = "tanh") -> tuple[Array, Cache]:
    """x: (..., in), parameters: weight, bias, weight, bias, … of shapes (out, in) and (out,) → logits: (..., out).

    Raises ValueError when a parameter is missing, shapes do not fit or activation is not "tanh" or "relu".
    """
    if not parameters or len(parameters) % 2:
        raise ValueError(f"parameters must be one weight and one bias per layer; got {len(parameters)} arrays")
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {activation!r}")
    h = x
    layers: list[tuple[linear.Cache, Any]] = []
    for k in range(0, len(parameters), 2):
        h, layer = linear.forward(h, parameters[k], parameters[k + 1])
        bend = None
        if k + 2 < len(parameters):
            h, bend = ACTIVATIONS[activation].forward(h)
        layers.append((layer, bend))
    return h, Cache(ACTIVATIONS[activation], layers)


def backward(dlogits: Array, cache: Cache, *, needed: Container[int] | None = None) -> tuple[Array | Any, ...]:
    """dlogits: (..., out) → dx, dweight, dbias, dweight, dbias, …, each of the shape of its argument.

    needed: the positions of the arguments whose gradients somebody waits for, by default all. What nobody waits for is
    dx where x is data: it is None then, and the product that it takes is left out.
    """
    dh = dlogits
    gradients: list[Array] = []
    dx_needed = needed is None or 0 in needed
    for k in reversed(range(len(cache.layers))):
        layer, bend = cache.layers[k]
        dz = dh if bend is None else cache.activation.backward(dh, bend)
        dh, dweight, dbias = linear.backward(dz, layer, needed=(0, 1, 2) if k > 0 or dx_needed else (1, 2))
        gradients = [dweight, dbias, *gradients]
    return (dh, *gradients)
