"""Digits read column by column: a GRU over packed sequences, a linear layer on its last state; Adam."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class Network(nn.Module):
    """x (N, T, pixels of a column) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Tensor]) -> None:
        super().__init__()
        classes, hidden = parameters["output.weight"].shape
        self.gru = nn.GRU(parameters["gru.weight_ih_l0"].shape[1], hidden, batch_first=True)
        self.output = nn.Linear(hidden, classes)
        self.to(parameters["output.weight"].dtype).load_state_dict(parameters)
        self.optimizer = torch.optim.Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, T, pixels), blank columns at the end are padding → logits: (N, classes)."""
        blank_from_here = (x.flip(1) == 0).all(dim=2).cummin(dim=1).values  # counted from the end
        lengths = (x.shape[1] - blank_from_here.sum(dim=1)).clamp(min=1)
        _, last = self.gru(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        logits: Tensor = self.output(last[0])
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = F.cross_entropy(self(x), target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, T, pixels) → class: (N,)."""
        return self(x).argmax(dim=1)
