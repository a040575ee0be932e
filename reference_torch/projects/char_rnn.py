"""Shakespeare, one character after another: embedding, LSTM, linear layer; Adam."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Network(nn.Module):
    """x (N, T) character numbers → logits (N, T, V)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        characters, hidden = parameters["output.weight"].shape
        width = parameters["embedding.weight"].shape[1]
        self.embedding = nn.Embedding(characters, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.output = nn.Linear(hidden, characters)
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, T) → logits: (N, T, V)."""
        y, _ = self.lstm(self.embedding(x))
        logits: Tensor = self.output(y)
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.cross_entropy(self(x).flatten(0, 1), target.flatten())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, T) → logits: (N, T, V)."""
        return torch.cat([self(batch) for batch in x.split(64)])
