"""Diabetes: how far the disease will have gone in a year, from ten measurements: a regression on real data.

    prediction = dropout(relu(x weight1ᵀ + bias1)) weight2ᵀ + bias2        loss = mean (prediction - target)²

The answer is a number, not a class, so the loss is the squared error, and the figure that tells how good a network is
is R²: 1 is perfect, 0 is as good as always answering the mean. On 442 patients, with much that the ten measurements do
not say, nobody gets far above 0.5: on the test patients here least squares reaches 0.52. More neurons or more epochs
make the training loss fall, and the test loss rise.

The targets are standardised like the inputs: a network that starts near 0 would first have to climb to their mean.

Source: Efron, Hastie, Johnstone & Tibshirani 2004, "Least angle regression" (the data).
PyTorch: torch.nn.functional.mse_loss, torch.optim.AdamW.
"""

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn import Dropout, Linear, Module, MSELoss, ReLU
from ..optim.adamw import AdamW
from ..types import Array


class Network(Module):
    """10 inputs, 16 hidden neurons, one output: x (N, 10) → prediction (N, 1)."""

    def __init__(self, parameters: dict[str, Array], *, dropout: float, weight_decay: float) -> None:
        super().__init__()
        self.layer1, self.relu = Linear(10, 16), ReLU()
        self.dropout = Dropout(dropout, generator=1)
        self.layer2 = Linear(16, 1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = MSELoss()
        self.optimizer = AdamW(self.parameters(), weight_decay=weight_decay)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 10) → prediction: (N, 1)."""
        prediction: Tensor = self.layer2(self.dropout(self.relu(self.layer1(x))))
        return prediction

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 10) and target: (N, 1) → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        self.optimizer.zero_grad()
        loss = self.loss(self(Tensor(x)), Tensor(target))
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 10) → prediction: (N, 1)."""
        self.eval()
        with no_grad():
            prediction: Array = self(Tensor(x)).data
        return prediction
