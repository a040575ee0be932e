"""Sequence classification: which digit is it, if a GRU reads its columns of pixels one after another?

    h_1 … h_L = GRU(columns x_1 … x_L)        logits = W h_L + b        loss = cross_entropy

Many things come at the end of a sequence: the verdict on a review, the language of a sentence, here the digit. Only
after its last column is the network asked, from the state h_L, which must hold all that was worth keeping.

The sequences have different lengths: a 1 is narrow, a 0 wide. In a batch they are filled up with blank columns, which
are padding and no part of the digit: h_L is the state after the last column with ink, whatever follows. The gradient
goes back through time from there, and past the gates of a GRU it reaches the first column.

PyTorch: torch.nn.GRU, torch.nn.utils.rnn.pack_padded_sequence, torch.optim.Adam.
"""

import numpy as np

from .. import nn
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..optim.adam import Adam
from ..types import Array


class Network(nn.Module):
    """x (N, T, pixels of a column) → logits (N, 10)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        super().__init__()
        classes, hidden = parameters["output.weight"].shape
        pixels = parameters["gru.weight_ih_l0"].shape[1]
        dtype = parameters["output.weight"].dtype
        self.gru = nn.GRU(pixels, hidden, batch_first=True, dtype=dtype)
        self.output = nn.Linear(hidden, classes, dtype=dtype)
        self.load_state_dict(parameters)
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = Adam(self.parameters(), lr=0.001)

    def forward(self, x: Array) -> Tensor:
        """x: (N, T, pixels), blank columns at the end are padding → logits: (N, classes)."""
        _, last = self.gru(Tensor(x), None, lengths_of(x))
        logits: Tensor = self.output(last[0])
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from sequences (N, T, pixels) and their classes (N,) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(x), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, T, pixels) → class: (N,)."""
        with no_grad():
            classes: Array = self(x).data.argmax(axis=1)
            return classes


def lengths_of(x: Array) -> Array:
    """x: (N, T, pixels) → how many columns there are up to the last one with ink: (N,), at least 1."""
    ink = (x != 0).any(axis=2)  # (N, T)
    places = np.arange(1, x.shape[1] + 1) * ink
    lengths: Array = np.maximum(places.max(axis=1), 1)
    return lengths
