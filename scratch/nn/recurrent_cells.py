"""Recurrent cells as layers: one step, to be called once for every step of a sequence.

    RNNCell     h' = tanh(W x + b_ih + U h + b_hh)
    LSTMCell    h', c' = …        four gates
    GRUCell     h' = …            three gates

The mathematics: ops.recurrent.rnn_cell, lstm_cell, gru_cell. A loop over cells is slower than `recurrent`, which does
whole sequences, but between two steps it can do anything: choose the next input, for example.

All parameters start from U(-1/√H, 1/√H), as in PyTorch: torch.nn.RNNCell, LSTMCell, GRUCell.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.recurrent import gru_cell, lstm_cell, rnn_cell
from .init.uniform import uniform_
from .module import Module, Parameter

apply_rnn_cell = differentiable(rnn_cell)
apply_lstm_cell = differentiable(lstm_cell)
apply_gru_cell = differentiable(gru_cell)


class _Cell(Module):
    """weight_ih: (gates · H, I), weight_hh: (gates · H, H), bias_ih and bias_hh: (gates · H,), or None."""

    gates: int

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        rows = self.gates * hidden_size
        self.weight_ih = Parameter(np.empty((rows, input_size), dtype))
        self.weight_hh = Parameter(np.empty((rows, hidden_size), dtype))
        self.bias_ih = Parameter(np.empty(rows, dtype)) if bias else None
        self.bias_hh = Parameter(np.empty(rows, dtype)) if bias else None
        bound = max(hidden_size, 1) ** -0.5
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound, generator=generator)

    def weights(self) -> tuple[Tensor | None, ...]:
        """As the op takes them."""
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def zeros(self, x: Tensor) -> Tensor:
        """The state to start from where none is given."""
        return Tensor(np.zeros_like(x.data, shape=(x.shape[0], self.hidden_size)))

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias_ih is not None else ", bias=False")


class RNNCell(_Cell):
    """nonlinearity: "tanh" or "relu"."""

    gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh", **options: Any
    ) -> None:
        super().__init__(input_size, hidden_size, bias, **options)
        self.nonlinearity = nonlinearity

    def forward(self, x: Tensor, h: Tensor | None = None) -> Tensor | Any:
        """x: (B, I), h: (B, H) or zeros → the new h: (B, H)."""
        return apply_rnn_cell(x, self.zeros(x) if h is None else h, *self.weights(), nonlinearity=self.nonlinearity)


class LSTMCell(_Cell):
    """State: the pair (h, c)."""

    gates = 4

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor] | Any:
        """x: (B, I), state: h and c, (B, H), or zeros → the new h and c: (B, H)."""
        h, c = (self.zeros(x), self.zeros(x)) if state is None else state
        return apply_lstm_cell(x, h, c, *self.weights())


class GRUCell(_Cell):
    """State: h."""

    gates = 3

    def forward(self, x: Tensor, h: Tensor | None = None) -> Tensor | Any:
        """x: (B, I), h: (B, H) or zeros → the new h: (B, H)."""
        return apply_gru_cell(x, self.zeros(x) if h is None else h, *self.weights())
