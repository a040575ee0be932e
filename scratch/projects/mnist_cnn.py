"""MNIST by a convolutional network: two convolutions, each with max pooling, and two dense layers.

    x (1, 28, 28) → conv 5×5 → ReLU → max of 2×2   (16, 14, 14)
                  → conv 5×5 → ReLU → max of 2×2   (32, 5, 5)
                  → 800 → 64 → ReLU → 10 classes

The multilayer perceptron of `mnist_mlp` sees 784 numbers, and would learn as well if all images had their pixels
shuffled in the same way. This one knows that pixels have neighbours, and that a stroke is a stroke wherever it is:
twice in three times it is right where the other is wrong.

From here on a network is made of layers on tensors: what a layer computes and how it learns is the layer's own
business, and `loss.backward()` visits them all.

Source: LeCun, Bottou, Bengio & Haffner 1998. PyTorch: torch.optim.SGD(momentum=…, weight_decay=…).
"""

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn.activations import Flatten, ReLU
from ..nn.convolution import Conv2d
from ..nn.linear import Linear
from ..nn.losses import CrossEntropyLoss
from ..nn.module import Module
from ..nn.pooling import MaxPool2d
from ..optim.sgd import SGD
from ..types import Array


class Network(Module):
    """x (N, 1, 28, 28) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array], *, momentum: float, weight_decay: float) -> None:
        super().__init__()
        self.conv1 = Conv2d(1, 16, 5, padding=2)
        self.conv2 = Conv2d(16, 32, 5)
        self.hidden = Linear(32 * 5 * 5, 64)
        self.output = Linear(64, 10)
        self.relu, self.pool, self.flatten = ReLU(), MaxPool2d(2), Flatten()
        self.loss = CrossEntropyLoss()
        self.to(parameters["conv1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, 28, 28) → logits: (N, 10)."""
        x = self.pool(self.relu(self.conv1(x)))  # (N, 16, 14, 14)
        x = self.pool(self.relu(self.conv2(x)))  # (N, 32, 5, 5)
        logits: Tensor = self.output(self.relu(self.hidden(self.flatten(x))))
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 1, 28, 28) and target: (N,) class numbers → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 1, 28, 28) → class numbers: (N,)."""
        with no_grad():
            classes: Array = np.argmax(self(Tensor(x)).data, axis=1)
        return classes
