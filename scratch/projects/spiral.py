"""Spiral: three classes wound around each other, told apart by 64 hidden neurons.

    hidden = relu(x weight1ᵀ + bias1)        logits = hidden weight2ᵀ + bias2        loss = cross_entropy(logits, class)

Straight lines can cut out at most half of the points. Each hidden ReLU neuron folds the plane along one line; 64 folds
let the output layer, which still draws straight lines, follow the arms.

Several classes need several outputs. Cross-entropy turns the logits into probabilities (softmax) and asks for the
logarithm of the probability of the right one. Its gradient is "what the network believes minus what is true".

Source: Stanford CS231n, "Putting it together: minimal neural network case study" (the data).
PyTorch: torch.nn.functional.relu, torch.nn.functional.cross_entropy, torch.optim.SGD.
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
    """Two inputs, 64 hidden neurons, three classes: x (N, 2) → logits (N, 3)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (64, 2), layer1.bias: (64,), layer2.weight: (3, 64), layer2.bias: (3,)."""
        return self.parameters

    def forward(self, x: Array) -> tuple[Array, Cache]:
        """x: (N, 2) → logits: (N, 3)."""
        p = self.parameters
        z, layer1 = linear.forward(x, p["layer1.weight"], p["layer1.bias"])  # (N, 64)
        hidden, fold = relu.forward(z)  # (N, 64)
        logits, layer2 = linear.forward(hidden, p["layer2.weight"], p["layer2.bias"])  # (N, 3)
        return logits, Cache(layer1, fold, layer2)

    def backward(self, dlogits: Array, cache: Cache) -> dict[str, Array]:
        """dlogits: (N, 3) → the gradient of every parameter."""
        dhidden, dweight2, dbias2 = linear.backward(dlogits, cache.layer2)
        dz = relu.backward(dhidden, cache.fold)
        _, dweight1, dbias1 = linear.backward(dz, cache.layer1)
        return {"layer1.weight": dweight1, "layer1.bias": dbias1, "layer2.weight": dweight2, "layer2.bias": dbias2}

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 2) and target: (N,) class numbers → the loss before it."""
        logits, cache = self.forward(x)
        loss, cache_loss = cross_entropy.forward(logits, target)
        dlogits, *_ = cross_entropy.backward(np.ones_like(loss), cache_loss)
        for name, gradient in self.backward(dlogits, cache).items():
            self.parameters[name] -= learning_rate * gradient
        return float(loss)

    def predict(self, x: Array) -> Array:
        """x: (N, 2) → class numbers: (N,)."""
        logits, _ = self.forward(x)
        classes: Array = logits.argmax(axis=1)
        return classes
