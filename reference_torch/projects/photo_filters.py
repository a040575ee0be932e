"""Filters learned from a photograph, by one convolution."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, 1, H, W) → y (N, 4, H - 2, W - 2)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.filters = nn.Conv2d(1, 4, kernel_size=3)
        self.to(parameters["filters.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, H, W) → y: (N, 4, H - 2, W - 2)."""
        y: Tensor = self.filters(x)
        return y

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 1, H, W) and target: (N, 4, H - 2, W - 2) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.mse_loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 1, H, W) → y: (N, 4, H - 2, W - 2)."""
        return self.forward(x)
