"""Edge detector: one neuron looks at 3×3 patches of an image, and fires where light begins.

    y = σ(weight · patch + bias)        loss = mean((y - target)²)

Weights are what a neuron looks for. Give it, by hand, a column of -1, a column of 0 and a column of +1,

    -1  0  1
    -1  0  1        bias = -1.5
    -1  0  1

and the sum is large where the patch is dark on the left and bright on the right, zero where it is even, negative where
light ends. Nobody has to find such numbers, though: shown patches with the right answers, the neuron finds weights of
this kind itself. Convolutional networks do just that, with many such neurons, each sliding over the whole image.

The neuron is `ops.neuron.neuron`, which takes one patch at a time. The batch is a loop around it, and since every patch
asks the same weights to change, the gradients of the patches are added.

PyTorch: torch.nn.Linear(9, 1), torch.sigmoid, torch.nn.functional.mse_loss, torch.optim.SGD.
"""

import numpy as np

from ..ops.neuron import neuron
from ..types import Array


class Network:
    """One neuron with nine inputs: x (N, 9) → y (N, 1), between 0 and 1."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (1, 9), layer1.bias: (1,)."""
        return self.parameters

    def predict(self, x: Array) -> Array:
        """x: (N, 9) → whether there is an edge: (N, 1)."""
        z: Array = x @ self.parameters["layer1.weight"].T + self.parameters["layer1.bias"]
        return z > 0  # where σ(z) > 1/2

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 9) and target: (N, 1) → the loss before it."""
        weight, bias = self.parameters["layer1.weight"], self.parameters["layer1.bias"]
        dweight, dbias = np.zeros_like(weight), np.zeros_like(bias)
        loss = 0.0
        for patch, wanted in zip(x, target[:, 0], strict=True):
            y, cache = neuron.forward(patch, weight[0], bias[0])
            loss += (y - wanted) ** 2 / len(x)
            dy = 2 * (y - wanted) / len(x)
            _, dweight_of_patch, dbias_of_patch = neuron.backward(dy, cache)
            dweight += dweight_of_patch
            dbias += dbias_of_patch

        weight -= learning_rate * dweight
        bias -= learning_rate * dbias
        return float(loss)
