"""MNIST by two convolutions with max pooling and two dense layers."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, 1, 28, 28) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Tensor], *, momentum: float, weight_decay: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=5)
        self.hidden = nn.Linear(800, 64)
        self.output = nn.Linear(64, 10)
        self.to(parameters["conv1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, 28, 28) → logits: (N, 10)."""
        for convolution in (self.conv1, self.conv2):
            x = F.max_pool2d(F.relu(convolution(x)), 2)
        logits: Tensor = self.output(F.relu(self.hidden(x.flatten(1))))
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 1, 28, 28) and target: (N,) class numbers → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.cross_entropy(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 1, 28, 28) → class numbers: (N,)."""
        return self.forward(x).argmax(dim=1)
