"""Edge detector: nn.Linear(9, 1) and a sigmoid on 3×3 patches of an image."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """One neuron with nine inputs: x (N, 9) → y (N, 1), between 0 and 1."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.layer1 = nn.Linear(9, 1)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.SGD(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 9) → y: (N, 1)."""
        return torch.sigmoid(self.layer1(x))

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 9) and target: (N, 1) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.mse_loss(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 9) → whether there is an edge: (N, 1)."""
        z: Tensor = self.layer1(x)
        return z > 0  # where σ(z) > 1/2
