"""Celsius to Fahrenheit: one linear neuron learns a formula from examples of it.

    y = weight · x + bias        loss = mean((y - target)²)

Nobody tells the neuron about 1.8 and 32. It starts with a random weight, guesses, and is told how far off each guess
was. Gradient descent is the one idea of this file, and of all that follow: find out in which direction each parameter
increases the loss, and move it a little the other way.

The gradients, by the chain rule from the loss back to the parameters (N examples):

    dy      = ∂loss/∂y      = 2 (y - target) / N      positive where the guess is too high
    dweight = ∂loss/∂weight = Σ dy · x                weight is used by every example: what each asks for adds up
    dbias   = ∂loss/∂bias   = Σ dy

PyTorch: torch.nn.Linear(1, 1), torch.nn.functional.mse_loss, torch.optim.SGD.
"""

from ..types import Array


class Network:
    """One neuron with one input: x (N, 1) → y (N, 1)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}

    def state_dict(self) -> dict[str, Array]:
        """layer1.weight: (1, 1), layer1.bias: (1,)."""
        return self.parameters

    def predict(self, x: Array) -> Array:
        """x: (N, 1) → degrees Fahrenheit: (N, 1)."""
        y: Array = x * self.parameters["layer1.weight"] + self.parameters["layer1.bias"]
        return y

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """Guess, measure, correct. x, target: (N, 1) → the loss before the correction."""
        weight, bias = self.parameters["layer1.weight"], self.parameters["layer1.bias"]
        y = x * weight + bias
        error = y - target
        loss = (error**2).mean()

        dy = 2 * error / len(x)
        dweight = (dy * x).sum()
        dbias = dy.sum()

        weight -= learning_rate * dweight
        bias -= learning_rate * dbias
        return float(loss)
