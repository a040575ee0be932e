"""Spiral: two inputs, 64 hidden ReLU neurons, three classes."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, 2) → logits (N, 3)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.layer1 = nn.Linear(2, 64)
        self.layer2 = nn.Linear(64, 3)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 2) → logits: (N, 3)."""
        logits: Tensor = self.layer2(torch.relu(self.layer1(x)))
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 2) and target: (N,) class numbers → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.cross_entropy(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 2) → class numbers: (N,)."""
        return self.forward(x).argmax(dim=1)
