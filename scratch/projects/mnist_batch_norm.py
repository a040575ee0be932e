"""MNIST once more, with what the lessons since have added: batch normalization, dropout, Adam, and a cosine.

    hidden = dropout(relu(batch_norm(x weight1ᵀ)))      twice: 512 and 128 neurons
    logits = hidden weight3ᵀ + bias3                    loss = cross_entropy(logits, class)

`mnist_mlp` did all this by hand: parameters in a dict, gradients in the right order, a velocity for each. Here the
network is a module made of layers, the tape finds the gradients, and an optimizer moves the parameters. A linear layer
before a batch normalization has no bias: the mean that is subtracted would take it away again.

Four times as many weights as in mnist_mlp, which would learn the training images by heart. Dropout keeps them from it;
batch normalization lets them learn fast all the same; and the cosine (the recipe's schedule) ends with small steps.

The masks come from one generator for each dropout layer, seeded alike on both sides.

Source: Ioffe & Szegedy 2015, arXiv:1502.03167; Srivastava et al. 2014 (dropout); Kingma & Ba 2014, arXiv:1412.6980.
PyTorch: torch.nn.BatchNorm1d, torch.nn.Dropout, torch.optim.Adam.
"""

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn import BatchNorm1d, CrossEntropyLoss, Dropout, Linear, Module, ReLU
from ..optim.adam import Adam
from ..types import Array


class Network(Module):
    """784 pixels, hidden layers of 512 and 128 neurons, ten classes: x (N, 784) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array], *, dropout: float) -> None:
        super().__init__()
        self.layer1, self.norm1 = Linear(784, 512, bias=False), BatchNorm1d(512)
        self.layer2, self.norm2 = Linear(512, 128, bias=False), BatchNorm1d(128)
        self.layer3 = Linear(128, 10)
        self.relu = ReLU()
        self.dropout1, self.dropout2 = Dropout(dropout, generator=1), Dropout(dropout, generator=2)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = CrossEntropyLoss()
        self.optimizer = Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 784) → logits: (N, 10)."""
        hidden1 = self.dropout1(self.relu(self.norm1(self.layer1(x))))
        hidden2 = self.dropout2(self.relu(self.norm2(self.layer2(hidden1))))
        logits: Tensor = self.layer3(hidden2)
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 784) and target: (N,) class numbers → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        self.optimizer.zero_grad()
        loss = self.loss(self(Tensor(x)), Tensor(target))
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 784) → class numbers: (N,). In inference mode: nothing is dropped, and running statistics are used."""
        self.eval()
        with no_grad():
            classes: Array = self(Tensor(x)).data.argmax(axis=1)
        return classes
