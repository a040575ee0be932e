"""Recurrent layers: torch.nn's, with lengths in the place of packed sequences, and dropout by NumPy's generator."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Own(nn.RNNBase):
    """What the three have in common. The parameters, their names and shapes are those of torch.nn."""

    states = 1
    function: Callable[..., Any]

    def __init__(
        self, *sizes: Any, dropout: float = 0.0, generator: np.random.Generator | int | None = None, **options: Any
    ) -> None:
        if dropout and not 0 <= dropout <= 1:
            raise ValueError(f"dropout {dropout}")
        super().__init__(*sizes, **options)
        self.between = dropout
        self.generator = np.random.default_rng(generator)

    def forward(self, x: Tensor, state: Any = None, lengths: Tensor | None = None) -> tuple[Tensor, Any]:
        """x: (T, B, I), or (B, T, I) with batch_first → y, and the last state."""
        if x.ndim != 3:
            raise ValueError(f"x must have three axes, got {tuple(x.shape)}")
        x = x.transpose(0, 1) if self.batch_first else x
        ways = 2 if self.bidirectional else 1
        shape = (self.num_layers * ways, x.shape[1], self.hidden_size)
        starts = [x.new_zeros(shape)] * self.states if state is None else state if self.states > 1 else [state]
        dropping = self.between > 0 and self.training
        # All layers at once, or where something happens between them, one after another.
        groups = [[layer] for layer in range(self.num_layers)] if dropping else [list(range(self.num_layers))]
        ends = []
        for group in groups:
            first, last = group[0] * ways, (group[-1] + 1) * ways
            x, *end = self._run(x, [start[first:last] for start in starts], group, lengths)
            ends.append(end)
            if dropping and group[0] < self.num_layers - 1:
                keep = torch.from_numpy(np.asarray(self.generator.random(tuple(x.shape)) >= self.between))
                x = x * keep / (1 - self.between) if self.between < 1 else x * 0
        found = [torch.cat(each) for each in zip(*ends, strict=True)]
        return x.transpose(0, 1) if self.batch_first else x, tuple(found) if self.states > 1 else found[0]

    def _run(self, x: Tensor, starts: list[Tensor], group: list[int], lengths: Tensor | None) -> tuple[Tensor, ...]:
        directions = ("", "_reverse") if self.bidirectional else ("",)
        kinds = KINDS if self.bias else KINDS[:2]
        given = [getattr(self, f"{kind}_l{layer}{way}") for layer in group for way in directions for kind in kinds]
        options = (given, self.bias, len(group), 0.0, self.training, self.bidirectional)
        if lengths is None:
            y, *ends = type(self).function(x, tuple(starts) if self.states > 1 else starts[0], *options, False)
            return (y, *ends)
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        starts = [start[:, packed.sorted_indices] for start in starts]
        start = tuple(starts) if self.states > 1 else starts[0]
        data, *ends = type(self).function(packed.data, packed.batch_sizes, start, *options)
        shown = PackedSequence(data, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
        y, _ = pad_packed_sequence(shown, total_length=len(x))
        return (y, *(end[:, packed.unsorted_indices] for end in ends))


class RNN(_Own):
    """torch.nn.RNN."""

    def __init__(self, *sizes: Any, nonlinearity: str = "tanh", **options: Any) -> None:
        super().__init__(f"RNN_{nonlinearity.upper()}", *sizes, **options)
        self.nonlinearity = nonlinearity

    def _run(self, *arguments: Any) -> tuple[Tensor, ...]:
        RNN.function = torch.rnn_tanh if self.nonlinearity == "tanh" else torch.rnn_relu
        return super()._run(*arguments)


class LSTM(_Own):
    """torch.nn.LSTM."""

    states = 2
    function = staticmethod(torch.lstm)

    def __init__(self, *sizes: Any, **options: Any) -> None:
        super().__init__("LSTM", *sizes, **options)


class GRU(_Own):
    """torch.nn.GRU."""

    function = staticmethod(torch.gru)

    def __init__(self, *sizes: Any, **options: Any) -> None:
        super().__init__("GRU", *sizes, **options)
