"""Sunspots: what will next year be like? A recurrent network reads the years before, one after another.

    h_1 … h_T = LSTM(x_1 … x_T)        forecast = x_T + W h_T + b        loss = mean squared error

x is the number of spots, year by year since 1700, standardised. It rises and falls every eleven years or so, by heights
that nobody has a formula for. The forecast to beat is the naive one: next year will be as this year. So the network
only has to say how far off that will be, its output is added to the last value, and with W = 0 it would be naive.

A window of T years is short, and the LSTM is unrolled over all of it: the gradient goes back to its first year.

PyTorch: torch.nn.LSTM, torch.optim.Adam.
"""

import numpy as np

from .. import nn
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..optim.adam import Adam
from ..types import Array


class Network(nn.Module):
    """x (N, T, 1) → the value after each window: (N, 1)."""

    def __init__(self, parameters: dict[str, Array], *, hidden: int) -> None:
        super().__init__()
        dtype = parameters["output.weight"].dtype
        self.lstm = nn.LSTM(1, hidden, batch_first=True, dtype=dtype)
        self.output = nn.Linear(hidden, 1, dtype=dtype)
        self.load_state_dict(parameters)
        self.loss = nn.MSELoss()
        self.optimizer = Adam(self.parameters(), lr=0.001)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, T, 1) → forecast: (N, 1)."""
        y, _ = self.lstm(x)
        forecast: Tensor = x[:, -1] + self.output(y[:, -1])
        return forecast

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from windows (N, T, 1) and the values after them (N, 1) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, T, 1) → forecast: (N, 1)."""
        with no_grad():
            return np.asarray(self(Tensor(x)).data)
