"""Digits: handwritten figures of 8×8 pixels, and a gradient descent that remembers where it was going.

    hidden = relu(x weight1ᵀ + bias1)        logits = hidden weight2ᵀ + bias2        loss = cross_entropy(logits, class)

An image is a vector here: 64 grey levels in a row. The network is not told which pixels are neighbours.

Momentum. The gradients of small batches point here and there, and only their sum has a direction. So let the update
follow a running sum that forgets slowly, as a heavy ball rolls on:

    velocity  = momentum · velocity + gradient
    parameter = parameter - learning_rate · velocity

Where successive gradients agree, the velocity grows to 1 / (1 - momentum) gradients, ten for 0.9; where they alternate,
it stays small.

Source: Polyak 1964. PyTorch: torch.optim.SGD(momentum=…).
"""

from typing import NamedTuple

import numpy as np

from ..ops.activations import relu
from ..ops.linear import linear
from ..ops.losses import cross_entropy
from ..types import Array


class Cache(NamedTuple):
    layer1: linear.Cache
    fold: relu.Cache
    layer2: linear.Cache


class Network:
    """64 pixels, 64 hidden neurons, ten classes: x (N, 64) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array], *, momentum: float) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}
        self.velocity = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.momentum = momentum

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (64, 64), layer1.bias: (64,), layer2.weight: (10, 64), layer2.bias: (10,)."""
        return self.parameters

    def forward(self, x: Array) -> tuple[Array, Cache]:
        """x: (N, 64) → logits: (N, 10)."""
        p = self.parameters
        z, layer1 = linear.forward(x, p["layer1.weight"], p["layer1.bias"])  # (N, 64)
        hidden, fold = relu.forward(z)  # (N, 64)
        logits, layer2 = linear.forward(hidden, p["layer2.weight"], p["layer2.bias"])  # (N, 10)
        return logits, Cache(layer1, fold, layer2)

    def backward(self, dlogits: Array, cache: Cache) -> dict[str, Array]:
        """dlogits: (N, 10) → the gradient of every parameter."""
        dhidden, dweight2, dbias2 = linear.backward(dlogits, cache.layer2)
        dz = relu.backward(dhidden, cache.fold)
        _, dweight1, dbias1 = linear.backward(dz, cache.layer1)
        return {"layer1.weight": dweight1, "layer1.bias": dbias1, "layer2.weight": dweight2, "layer2.bias": dbias2}

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 64) and target: (N,) class numbers → the loss before it."""
        logits, cache = self.forward(x)
        loss, cache_loss = cross_entropy.forward(logits, target)
        dlogits, *_ = cross_entropy.backward(np.ones_like(loss), cache_loss)
        for name, gradient in self.backward(dlogits, cache).items():
            self.velocity[name] = self.momentum * self.velocity[name] + gradient
            self.parameters[name] -= learning_rate * self.velocity[name]
        return float(loss)

    def predict(self, x: Array) -> Array:
        """x: (N, 64) → class numbers: (N,)."""
        logits, _ = self.forward(x)
        classes: Array = logits.argmax(axis=1)
        return classes
