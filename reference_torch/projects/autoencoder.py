"""An autoencoder 784-128-32-128-784 on MNIST."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x: (N, 784), pixels between 0 and 1 → the same by way of a code (N, 32)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.layer1 = nn.Linear(784, 128)
        self.layer2 = nn.Linear(128, 32)
        self.layer3 = nn.Linear(32, 128)
        self.layer4 = nn.Linear(128, 784)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 784) → y: (N, 784)."""
        code = self.layer2(torch.relu(self.layer1(x)))
        return torch.sigmoid(self.layer4(torch.relu(self.layer3(code))))

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 784), whose target is the same → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.mse_loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 784) → y: (N, 784)."""
        return self.forward(x)
