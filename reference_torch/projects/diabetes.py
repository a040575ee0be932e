"""Diabetes: a regression with dropout and AdamW."""

import torch
from torch import Tensor, nn

from ..nn.dropout import Dropout


class Network(nn.Module):
    """x (N, 10) → prediction (N, 1)."""

    def __init__(self, parameters: dict[str, Tensor], *, dropout: float, weight_decay: float) -> None:
        super().__init__()
        self.layer1, self.layer2 = nn.Linear(10, 16), nn.Linear(16, 1)
        self.dropout = Dropout(dropout, generator=1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = nn.MSELoss()
        self.optimizer = torch.optim.AdamW(self.parameters(), weight_decay=weight_decay, foreach=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 10) → prediction: (N, 1)."""
        prediction: Tensor = self.layer2(self.dropout(self.layer1(x).relu()))
        return prediction

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 10) and target: (N, 1) → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss: Tensor = self.loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 10) → prediction: (N, 1)."""
        self.eval()
        return self.forward(x)
