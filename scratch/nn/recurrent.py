"""Recurrent networks as layers: whole sequences, several layers, both directions.

    layer 0 reads x, layer k reads what layer k - 1 shows at each step
    bidirectional: each layer twice, once forth and once back in time; what they show stands side by side, (…, 2H)
    dropout: between the layers, in training, with masks from the layer's own generator

The mathematics: ops.recurrent.rnn, lstm, gru. Names and shapes of the parameters are PyTorch's: weight_ih_l0,
bias_hh_l1, weight_hh_l0_reverse …, so that trained weights of torch.nn.LSTM load.

Truncated backpropagation through time. A long text is read in pieces of, say, 64 steps: each piece starts from the
state in which the piece before has ended, but the gradient stops there:

    y, state = lstm(piece, state)
    loss(y).backward()
    state = [s.detach() for s in state]        for RNN and GRU: state = state.detach()

Without `detach` the tape of all pieces so far would be kept, and walked back again and again.

All parameters start from U(-1/√H, 1/√H). PyTorch: torch.nn.RNN, LSTM, GRU; lengths are packed sequences there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.shapes import concatenate, stack
from ..autograd.tensor import Tensor
from ..ops.recurrent import gru, lstm, rnn
from ..types import Array
from .dropout import Dropout
from .init.uniform import uniform_
from .module import Module, Parameter

apply_rnn = differentiable(rnn)
apply_lstm = differentiable(lstm)
apply_gru = differentiable(gru)


class _Recurrent(Module):
    """Of layer k: weight_ih_lk (gates · H, inputs), weight_hh_lk (gates · H, H), two biases (gates · H,).

    Raises ValueError for no layer, and for dropout that is no probability.
    """

    gates: int
    states: int = 1
    run: Callable[..., Any]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"num_layers must be 1 or more; got {num_layers}")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.bidirectional = bias, batch_first, bidirectional
        self.between = Dropout(dropout, generator=generator)  # of a seed, the masks do not depend on the first values
        generator = np.random.default_rng(generator)
        self.directions = ("", "_reverse") if bidirectional else ("",)
        rows = self.gates * hidden_size
        for layer in range(num_layers):
            inputs = hidden_size * len(self.directions) if layer else input_size
            for direction in self.directions:
                shapes: list[tuple[int, ...]] = [(rows, inputs), (rows, hidden_size), (rows,), (rows,)]
                for name, shape in zip(self.names(layer, direction), shapes, strict=False):
                    setattr(self, name, Parameter(np.empty(shape, dtype)))
        bound = max(hidden_size, 1) ** -0.5
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound, generator=generator)

    def names(self, layer: int, direction: str) -> list[str]:
        """The names of the parameters of one layer in one direction, in the order in which the op takes them."""
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if self.bias else ("weight_ih", "weight_hh")
        return [f"{kind}_l{layer}{direction}" for kind in kinds]

    def forward(self, x: Tensor, state: Any = None, lengths: Array | None = None) -> tuple[Tensor, Any]:
        """x: (T, B, I), state: (layers · directions, B, H), for LSTM a pair of them, or zeros; lengths: (B,) or None.

        → y: (T, B, directions · H), and the last state. With batch_first, x and y are (B, T, …). Past its length y is 0
        and the state stays. Raises ValueError for shapes that do not fit.
        """
        if x.ndim != 3:
            raise ValueError(f"x must have three axes, steps, sequences and channels; got x {x.shape}")
        x = x.transpose(0, 1) if self.batch_first else x
        starts = self._starts(x, state)
        ends: list[Sequence[Tensor]] = []
        for layer in range(self.num_layers):
            shown = []
            for direction in self.directions:
                parameters = [getattr(self, name) for name in self.names(layer, direction)]
                parameters += [None] * (4 - len(parameters))
                start = [each[len(ends)] for each in starts]
                y, *end = self.run(x, *start, *parameters, lengths, reverse=direction == "_reverse")
                shown.append(y)
                ends.append(end)
            x = concatenate(shown, dim=-1) if len(shown) > 1 else shown[0]
            if layer < self.num_layers - 1 and self.between.p:
                x = self.between(x)
        last = tuple(stack(each) for each in zip(*ends, strict=True))
        return x.transpose(0, 1) if self.batch_first else x, last if self.states > 1 else last[0]

    def _starts(self, x: Tensor, state: Any) -> Sequence[Tensor]:
        shape = (self.num_layers * len(self.directions), x.shape[1], self.hidden_size)
        if state is None:
            return [Tensor(np.zeros_like(x.data, shape=shape)) for _ in range(self.states)]
        starts: Sequence[Tensor] = state if self.states > 1 else [state]
        for start in starts:
            if start.shape != shape:
                raise ValueError(
                    f"state must be (layers · directions, B, H) = {shape} for x {x.shape}; got {start.shape}"
                )
        return starts

    def extra_repr(self) -> str:
        """The sizes, and what is not as usual."""
        usual: dict[str, Any] = {"num_layers": 1, "bias": True, "batch_first": False, "bidirectional": False}
        other = [f"{name}={getattr(self, name)}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join([f"{self.input_size}, {self.hidden_size}", *other])


class RNN(_Recurrent):
    """nonlinearity: "tanh" or "relu". State: h."""

    gates = 1

    def __init__(self, *sizes: Any, nonlinearity: str = "tanh", **options: Any) -> None:
        super().__init__(*sizes, **options)
        self.nonlinearity = nonlinearity

    def run(self, *arguments: Any, **options: Any) -> Any:
        """One layer in one direction."""
        return apply_rnn(*arguments, nonlinearity=self.nonlinearity, **options)


class LSTM(_Recurrent):
    """State: the pair (h, c)."""

    gates, states = 4, 2
    run = staticmethod(apply_lstm)


class GRU(_Recurrent):
    """State: h."""

    gates = 3
    run = staticmethod(apply_gru)
