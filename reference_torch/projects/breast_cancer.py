"""Breast cancer: 30 measurements, 16 hidden tanh neurons, one output."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, 30) → logit (N, 1)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.layer1 = nn.Linear(30, 16)
        self.layer2 = nn.Linear(16, 1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 30) → logit: (N, 1)."""
        logit: Tensor = self.layer2(torch.tanh(self.layer1(x)))
        return logit

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 30) and target: (N, 1) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.binary_cross_entropy_with_logits(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 30) → whether the probability of class 1 is above 1/2: (N, 1)."""
        return self.forward(x) > 0
