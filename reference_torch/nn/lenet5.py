"""LeNet-5 as a PyTorch module."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LeNet5(nn.Module):
    """x: (N, channels, 28, 28) → logits: (N, classes)."""

    def __init__(self, channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 6, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, channels, 28, 28) → logits: (N, classes)."""
        for convolution in (self.conv1, self.conv2):
            x = F.avg_pool2d(torch.tanh(convolution(x)), 2)
        x = torch.tanh(self.fc1(x.flatten(1)))
        logits: Tensor = self.fc3(torch.tanh(self.fc2(x)))
        return logits
