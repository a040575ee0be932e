"""word2vec: two tables of vectors, a neighbour against words of noise; Adagrad."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """center (N,) word numbers → how well each word of the vocabulary goes with it: (N, V)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        self.center = nn.Embedding(*parameters["center.weight"].shape)
        self.context = nn.Embedding(*parameters["context.weight"].shape)
        self.to(parameters["center.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.Adagrad(self.parameters())

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        scores = torch.linalg.vecdot(self.context(target), self.center(x)[:, None])  # (N, 1 + K)
        loss = -(F.logsigmoid(scores[:, 0]) + F.logsigmoid(-scores[:, 1:]).sum(dim=1)).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N,) → scores: (N, V)."""
        return self.center(x) @ self.context.weight.T
