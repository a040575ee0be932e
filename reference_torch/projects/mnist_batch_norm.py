"""MNIST with batch normalization, dropout and Adam."""

import torch
from torch import Tensor, nn

from ..nn.dropout import Dropout


class Network(nn.Module):
    """x (N, 784) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Tensor], *, dropout: float) -> None:
        super().__init__()
        self.layer1, self.norm1 = nn.Linear(784, 512, bias=False), nn.BatchNorm1d(512)
        self.layer2, self.norm2 = nn.Linear(512, 128, bias=False), nn.BatchNorm1d(128)
        self.layer3 = nn.Linear(128, 10)
        self.dropout1, self.dropout2 = Dropout(dropout, generator=1), Dropout(dropout, generator=2)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.parameters(), foreach=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 784) → logits: (N, 10)."""
        x = self.dropout1(self.norm1(self.layer1(x)).relu())
        x = self.dropout2(self.norm2(self.layer2(x)).relu())
        logits: Tensor = self.layer3(x)
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 784) and target: (N,) class numbers → the loss before it."""
        self.train()
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss: Tensor = self.loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 784) → class numbers: (N,)."""
        self.eval()
        return self(x).argmax(dim=1)
