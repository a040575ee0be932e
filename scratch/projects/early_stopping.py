"""Breast cancer once more, by a network that is far too large, and stopped in time.

    logit = relu(x weight1ᵀ + bias1) weight2ᵀ + bias2        loss = mean BCE(σ(logit), target)

Four thousand parameters and 340 patients to learn from: after some twenty epochs the network begins to learn them by
heart. Its training loss falls on, to nothing; on other patients it becomes sure of what is wrong. A fifth of the
training patients are set aside to notice. After each epoch the loss on them is asked; where it has not improved for
`patience` epochs the training is over, and the network goes back to the best epoch. The test patients have no part in
this: whoever chooses the epoch by them has trained on them.

The 30-16-1 network of `breast_cancer` needs none of it, being small and trained for twenty epochs that somebody has
tried out. Here the number of epochs is found by the training.

Source: Prechelt 1998, "Early stopping, but when?"; Street, Wolberg & Mangasarian 1993 (the data).
PyTorch: torch.nn.BCEWithLogitsLoss, torch.optim.Adam.
"""

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn import BCEWithLogitsLoss, Linear, Module, ReLU
from ..ops.regularization.early_stopping import EarlyStopping
from ..optim.adam import Adam
from ..types import Array


class Network(Module):
    """30 inputs, 128 hidden neurons, one output: x (N, 30) → logit (N, 1)."""

    def __init__(self, parameters: dict[str, Array], *, patience: int) -> None:
        super().__init__()
        self.layer1, self.relu, self.layer2 = Linear(30, 128), ReLU(), Linear(128, 1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = BCEWithLogitsLoss()
        self.optimizer = Adam(self.parameters())
        self.stopping = EarlyStopping(patience)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 30) → logit: (N, 1)."""
        logit: Tensor = self.layer2(self.relu(self.layer1(x)))
        return logit

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 30) and target: (N, 1) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        self.optimizer.zero_grad()
        loss = self.loss(self(Tensor(x)), Tensor(target))
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def epoch_end(self, x: Array, target: Array) -> bool:
        """x: (N, 30), target: (N, 1), set aside. True when the training is over; then this is the best epoch again."""
        with no_grad():
            loss = float(self.loss(self(Tensor(x)), Tensor(target)).item())
        over = self.stopping.step(loss, self)
        if over:
            self.stopping.restore(self)
        return over

    def predict(self, x: Array) -> Array:
        """x: (N, 30) → whether the probability of class 1 is above 1/2: (N, 1)."""
        with no_grad():
            answers: Array = self(Tensor(x)).data > 0
        return answers
