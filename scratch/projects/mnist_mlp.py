"""MNIST: 70,000 handwritten digits of 28×28 pixels, and a multilayer perceptron 784-128-64-10.

    hidden1 = relu(x weight1ᵀ + bias1)        hidden2 = relu(hidden1 weight2ᵀ + bias2)
    logits  = hidden2 weight3ᵀ + bias3        loss    = cross_entropy(logits, class)

Nothing here is of a new kind: a layer more than `digits`, 109,386 parameters, and a loop over the layers instead of a
line for each, which is `ops.backpropagation.deep_network`.

Weight decay. The network is large enough to learn the training images by heart. Each update therefore also shrinks the
parameters a little, towards the smaller weights that say the same more smoothly. The term weight_decay/2 · Σ parameter²
in the loss has that effect, and its gradient is simply weight_decay · parameter:

    gradient  = gradient + weight_decay · parameter
    velocity  = momentum · velocity + gradient             as in `digits`
    parameter = parameter - learning_rate · velocity

Source: LeCun, Bottou, Bengio & Haffner 1998 (the data), Krogh & Hertz 1991 (weight decay).
PyTorch: torch.optim.SGD(momentum=…, weight_decay=…).
"""

import numpy as np

from ..ops.backpropagation import deep_network
from ..ops.losses import cross_entropy
from ..types import Array


class Network:
    """784 pixels, hidden layers of 128 and 64 neurons, ten classes: x (N, 784) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array], *, momentum: float, weight_decay: float) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}
        self.velocity = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.momentum = momentum
        self.weight_decay = weight_decay

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (128, 784), layer2.weight: (64, 128), layer3.weight: (10, 64), each followed by its bias."""
        return self.parameters

    def forward(self, x: Array) -> tuple[Array, deep_network.Cache]:
        """x: (N, 784) → logits: (N, 10)."""
        return deep_network.forward(x, *self.parameters.values(), activation="relu")

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 784) and target: (N,) class numbers → the loss before it."""
        logits, cache = self.forward(x)
        loss, cache_loss = cross_entropy.forward(logits, target)
        dlogits, *_ = cross_entropy.backward(np.ones_like(loss), cache_loss)
        _, *gradients = deep_network.backward(dlogits, cache, needed=range(1, 7))  # x is data

        for name, gradient in zip(self.parameters, gradients, strict=True):
            parameter, velocity = self.parameters[name], self.velocity[name]
            gradient += self.weight_decay * parameter
            velocity *= self.momentum
            velocity += gradient
            parameter -= learning_rate * velocity
        return float(loss)

    def predict(self, x: Array) -> Array:
        """x: (N, 784) → class numbers: (N,)."""
        logits, _ = self.forward(x)
        classes: Array = logits.argmax(axis=1)
        return classes
