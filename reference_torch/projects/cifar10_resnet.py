"""CIFAR-10 by a small residual network."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..nn.basic_block import BasicBlock


class Network(nn.Module):
    """x (N, 3, 32, 32) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Tensor], *, momentum: float, weight_decay: float, seed: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, kernel_size=3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            BasicBlock(16, 16),
            BasicBlock(16, 32, stride=2),
            BasicBlock(32, 64, stride=2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.output = nn.Linear(64, 10)
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters(), momentum=momentum, weight_decay=weight_decay)
        self.coins = np.random.default_rng(seed)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, 32, 32) → logits: (N, 10)."""
        logits: Tensor = self.output(self.body(x))
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 3, 32, 32) and target: (N,) class numbers → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        heads = torch.from_numpy(self.coins.random(len(x)) < 0.5)
        loss = F.cross_entropy(self(torch.where(heads[:, None, None, None], x.flip(3), x)), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 3, 32, 32) → class numbers: (N,)."""
        self.eval()
        classes = self.forward(x).argmax(dim=1)
        self.train()
        return classes
