"""XOR: the smallest question that one neuron cannot answer, and two layers can.

    hidden = tanh(x weight1ᵀ + bias1)        logit = hidden weight2ᵀ + bias2        loss = mean BCE(σ(logit), target)

The answer is 1 where exactly one of the two inputs is 1. A single neuron splits the plane by a straight line, and no
line has (0, 1) and (1, 0) on one side, (0, 0) and (1, 1) on the other. Hidden neurons draw a line each; the output
neuron combines their answers.

Backward. Forward went layer 1 → tanh → layer 2 → loss; backward visits them in reverse, and the gradient that leaves
one is what arrives at the one before it. That passing back is all of backpropagation:

    loss → dlogit → (layer 2) → dhidden → (tanh) → dz → (layer 1)

First all gradients, then all updates: a gradient belongs to the weights that forward has used.

Source: Minsky & Papert 1969 (the limit), Rumelhart, Hinton & Williams 1986 (the way past it).
PyTorch: torch.nn.functional.binary_cross_entropy_with_logits, torch.optim.SGD.
"""

from typing import NamedTuple

import numpy as np

from ..ops.activations import tanh
from ..ops.linear import linear
from ..ops.losses import binary_cross_entropy_with_logits
from ..types import Array


class Cache(NamedTuple):
    layer1: linear.Cache
    bend: tanh.Cache
    layer2: linear.Cache


class Network:
    """Two inputs, four hidden neurons, one output: x (N, 2) → logit (N, 1)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (4, 2), layer1.bias: (4,), layer2.weight: (1, 4), layer2.bias: (1,)."""
        return self.parameters

    def forward(self, x: Array) -> tuple[Array, Cache]:
        """x: (N, 2) → logit: (N, 1)."""
        p = self.parameters
        z, layer1 = linear.forward(x, p["layer1.weight"], p["layer1.bias"])  # (N, 4)
        hidden, bend = tanh.forward(z)  # (N, 4)
        logit, layer2 = linear.forward(hidden, p["layer2.weight"], p["layer2.bias"])  # (N, 1)
        return logit, Cache(layer1, bend, layer2)

    def backward(self, dlogit: Array, cache: Cache) -> dict[str, Array]:
        """dlogit: (N, 1) → the gradient of every parameter."""
        dhidden, dweight2, dbias2 = linear.backward(dlogit, cache.layer2)
        dz = tanh.backward(dhidden, cache.bend)
        _, dweight1, dbias1 = linear.backward(dz, cache.layer1)
        return {"layer1.weight": dweight1, "layer1.bias": dbias1, "layer2.weight": dweight2, "layer2.bias": dbias2}

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 2) and target: (N, 1) → the loss before it."""
        logit, cache = self.forward(x)
        loss, cache_loss = binary_cross_entropy_with_logits.forward(logit, target)
        dlogit, *_ = binary_cross_entropy_with_logits.backward(np.ones_like(loss), cache_loss)
        for name, gradient in self.backward(dlogit, cache).items():
            self.parameters[name] -= learning_rate * gradient
        return float(loss)

    def predict(self, x: Array) -> Array:
        """x: (N, 2) → the answers: (N, 1)."""
        logit, _ = self.forward(x)
        return logit > 0  # where σ(logit) > 1/2
