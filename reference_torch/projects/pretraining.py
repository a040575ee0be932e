"""MNIST at 8×8 pixels by three convolutions with batch normalization."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def block(inputs: int, outputs: int) -> list[nn.Module]:
    """A convolution that keeps the size, normalized."""
    return [nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


class Network(nn.Module):
    """x (N, 1, 8, 8) → logits (N, classes)."""

    def __init__(self, parameters: dict[str, Tensor], *, momentum: float, weight_decay: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *block(1, 16), *block(16, 32), nn.MaxPool2d(2), *block(32, 32), nn.MaxPool2d(2), nn.Flatten()
        )
        self.output = nn.Linear(128, len(parameters["output.bias"]))
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, 8, 8) → logits: (N, classes)."""
        logits: Tensor = self.output(self.body(x))
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 1, 8, 8) and target: (N,) class numbers → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.cross_entropy(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 1, 8, 8) → class numbers: (N,)."""
        self.eval()
        return self.forward(x).argmax(dim=1)
