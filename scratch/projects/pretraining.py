"""A network to go on from: MNIST at 8×8 pixels, by three convolutions with batch normalization, a body and a head.

    x (1, 8, 8) → conv 3×3 → norm → ReLU                  (16, 8, 8)
                → conv 3×3 → norm → ReLU → max of 2×2     (32, 4, 4)
                → conv 3×3 → norm → ReLU → max of 2×2     (32, 2, 2)
                → 128 features                            the body ends here
                → 10 classes                              the head

The images are small so that it takes seconds, and so that what is learned here can be used on other images of 8×8
pixels, which are few: see `fine_tuning`. Body and head are two modules. That is all a network needs to be useful for
something else later: "body.*" is what it has learned to see, "output.*" what it was asked.

Source: Ioffe & Szegedy 2015, arXiv:1502.03167; LeCun, Bottou, Bengio & Haffner 1998 (the data).
"""

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn import BatchNorm2d, Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, Module, ReLU, Sequential
from ..optim.sgd import SGD
from ..types import Array


class Network(Module):
    """x (N, 1, 8, 8) → logits (N, classes), as many as the bias of the head has."""

    def __init__(self, parameters: dict[str, Array], *, momentum: float, weight_decay: float) -> None:
        super().__init__()
        self.body = Sequential(
            Conv2d(1, 16, 3, padding=1, bias=False),
            BatchNorm2d(16),
            ReLU(),
            Conv2d(16, 32, 3, padding=1, bias=False),
            BatchNorm2d(32),
            ReLU(),
            MaxPool2d(2),
            Conv2d(32, 32, 3, padding=1, bias=False),
            BatchNorm2d(32),
            ReLU(),
            MaxPool2d(2),
            Flatten(),
        )
        self.output = Linear(128, len(parameters["output.bias"]))
        self.loss = CrossEntropyLoss()
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, 8, 8) → logits: (N, classes)."""
        logits: Tensor = self.output(self.body(x))
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 1, 8, 8) and target: (N,) class numbers → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 1, 8, 8) → class numbers: (N,)."""
        self.eval()
        with no_grad():
            classes: Array = np.argmax(self(Tensor(x)).data, axis=1)
        return classes
