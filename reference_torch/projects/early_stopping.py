"""Breast cancer by a network that is far too large, and stopped in time."""

import copy

import torch
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, 30) → logit (N, 1)."""

    def __init__(self, parameters: dict[str, Tensor], *, patience: int) -> None:
        super().__init__()
        self.layer1, self.layer2 = nn.Linear(30, 128), nn.Linear(128, 1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.Adam(self.parameters(), foreach=False)
        self.patience, self.waited = patience, 0
        self.best_loss, self.best = float("inf"), self.state_dict()

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 30) → logit: (N, 1)."""
        logit: Tensor = self.layer2(self.layer1(x).relu())
        return logit

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 30) and target: (N, 1) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss: Tensor = self.loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def epoch_end(self, x: Tensor, target: Tensor) -> bool:
        """Whether the training is over: the loss on what was set aside has not improved for too long."""
        loss = self.loss(self(x), target).item()
        self.waited += 1
        if loss < self.best_loss:
            self.best_loss, self.waited = loss, 0
            self.best = copy.deepcopy(self.state_dict())
        if self.waited < self.patience:
            return False
        self.load_state_dict(self.best)
        return True

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 30) → whether the probability of class 1 is above 1/2: (N, 1)."""
        return self.forward(x) > 0
