"""Breast cancer: benign or malignant, from 30 measurements of cell nuclei.

    logit = hidden_layer(x)        loss = mean BCE(σ(logit), target)

The first real data. Two things are new, both outside this file. The measurements have very different scales (an area
of 1,000 beside a smoothness of 0.1), so each is standardised first: with inputs of one size, one learning rate suits
all weights. And the network is judged on patients it has not been shown.

The batch is new too: each step looks at 32 patients only. Their gradient is a noisy estimate of the gradient over all,
and twelve times cheaper: stochastic gradient descent.

Linear, tanh, linear is one component by now: `ops.linear.hidden_layer`, with a backward of its own.

Source: Street, Wolberg & Mangasarian 1993 (the data), Robbins & Monro 1951 (stochastic gradients).
PyTorch: torch.nn.functional.binary_cross_entropy_with_logits, torch.optim.SGD.
"""

import numpy as np

from ..ops.linear import hidden_layer
from ..ops.losses import binary_cross_entropy_with_logits
from ..types import Array


class Network:
    """30 inputs, 16 hidden neurons, one output: x (N, 30) → logit (N, 1)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (16, 30), layer1.bias: (16,), layer2.weight: (1, 16), layer2.bias: (1,)."""
        return self.parameters

    def forward(self, x: Array) -> tuple[Array, hidden_layer.Cache]:
        """x: (N, 30) → logit: (N, 1)."""
        p = self.parameters
        return hidden_layer.forward(x, p["layer1.weight"], p["layer1.bias"], p["layer2.weight"], p["layer2.bias"])

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 30) and target: (N, 1) → the loss before it."""
        logit, cache = self.forward(x)
        loss, cache_loss = binary_cross_entropy_with_logits.forward(logit, target)
        dlogit, *_ = binary_cross_entropy_with_logits.backward(np.ones_like(loss), cache_loss)
        _, dweight1, dbias1, dweight2, dbias2 = hidden_layer.backward(dlogit, cache)

        self.parameters["layer1.weight"] -= learning_rate * dweight1
        self.parameters["layer1.bias"] -= learning_rate * dbias1
        self.parameters["layer2.weight"] -= learning_rate * dweight2
        self.parameters["layer2.bias"] -= learning_rate * dbias2
        return float(loss)

    def predict(self, x: Array) -> Array:
        """x: (N, 30) → whether the probability of class 1 is above 1/2: (N, 1)."""
        logit, _ = self.forward(x)
        return logit > 0
