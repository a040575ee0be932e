"""Shakespeare, one character after another: an LSTM guesses the next one.

    vectors = embedding[characters]        h = LSTM(vectors)        logits = h Wᵀ + b        loss = cross_entropy

Every position of a text is an example: the characters up to there, and the one that follows. So a window of T
characters teaches T times, and the target is the window moved on by one. The loss is in nats a character: ln 65 = 4.17
for a network that knows nothing but the 65 characters of the text, 3.3 for one that knows how frequent each is.

The gradient goes back to the beginning of the window and no further (truncated backpropagation through time), and every
window starts from the state zero.

Source: Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks". PyTorch: torch.nn.LSTM.
"""

import numpy as np

from .. import nn
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..optim.adam import Adam
from ..types import Array


class Network(nn.Module):
    """x (N, T) character numbers → logits (N, T, V)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        super().__init__()
        characters, hidden = parameters["output.weight"].shape
        width = parameters["embedding.weight"].shape[1]
        dtype = parameters["output.weight"].dtype
        self.embedding = nn.Embedding(characters, width, dtype=dtype)
        self.lstm = nn.LSTM(width, hidden, batch_first=True, dtype=dtype)
        self.output = nn.Linear(hidden, characters, dtype=dtype)
        self.load_state_dict(parameters)
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = Adam(self.parameters(), lr=0.001)

    def forward(self, x: Array) -> Tensor:
        """x: (N, T) → logits: (N, T, V)."""
        y, _ = self.lstm(self.embedding(x))
        logits: Tensor = self.output(y)
        return logits

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from windows (N, T) and the same moved on by one → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        logits = self(x)
        loss = self.loss(logits.reshape(-1, logits.shape[-1]), Tensor(target.reshape(-1)))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, T) → logits: (N, T, V)."""
        with no_grad():
            return np.concatenate([self(x[i : i + 64]).data for i in range(0, len(x), 64)])
