"""CIFAR-10 by a small residual network: ten kinds of things on colour photographs of 32×32 pixels.

    x (3, 32, 32) → conv 3×3, stride 2 → norm → ReLU   (16, 16, 16)
                  → basic block                        (16, 16, 16)
                  → basic block, stride 2              (32, 8, 8)
                  → basic block, stride 2              (64, 4, 4)
                  → mean of each channel → 10 classes

No dense layers but the last, and no pooling but the mean at the end: strides make the image smaller, and every time
there are twice as many channels. It is the ResNet that its authors used for CIFAR-10, with fewer blocks and a first
stride of 2, so that it learns something in minutes on one core.

Photographs of a frog and its mirror image are the same frog. Every image of a batch is mirrored or not, by a coin that
is thrown anew each time; that doubles the data. The coins come from a generator of the network's own, which both sides
seed alike.

In training, batch normalization uses the statistics of the batch; `predict` switches to the running ones, and back.

Source: He, Zhang, Ren & Sun 2016, arXiv:1512.03385 (section 4.2); Krizhevsky 2009 (the data).
"""

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn.activations import Flatten, ReLU
from ..nn.basic_block import BasicBlock
from ..nn.batch_norm import BatchNorm2d
from ..nn.convolution import Conv2d
from ..nn.linear import Linear
from ..nn.losses import CrossEntropyLoss
from ..nn.module import Module
from ..nn.pooling import AdaptiveAvgPool2d
from ..nn.sequential import Sequential
from ..ops.augmentation import flip
from ..optim.sgd import SGD
from ..types import Array


class Network(Module):
    """x (N, 3, 32, 32) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array], *, momentum: float, weight_decay: float, seed: int) -> None:
        super().__init__()
        self.body = Sequential(
            Conv2d(3, 16, 3, stride=2, padding=1, bias=False),
            BatchNorm2d(16),
            ReLU(),
            BasicBlock(16, 16),
            BasicBlock(16, 32, stride=2),
            BasicBlock(32, 64, stride=2),
            AdaptiveAvgPool2d(1),
            Flatten(),
        )
        self.output = Linear(64, 10)
        self.loss = CrossEntropyLoss()
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)
        self.coins = np.random.default_rng(seed)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, 32, 32) → logits: (N, 10)."""
        logits: Tensor = self.output(self.body(x))
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 3, 32, 32) and target: (N,) class numbers → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        mirrored, _ = flip.forward(x, self.coins.random(len(x)) < 0.5)
        loss = self.loss(self(Tensor(mirrored)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 3, 32, 32) → class numbers: (N,)."""
        self.eval()
        with no_grad():
            classes: Array = np.argmax(self(Tensor(x)).data, axis=1)
        self.train()
        return classes
