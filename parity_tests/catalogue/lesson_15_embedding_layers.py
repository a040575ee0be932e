"""Lesson 15: embeddings and positions as layers."""

from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network
from .lesson_15_embedding import TABLE, TOKENS

# Networks, written once for both sides


def tied_network(nn: Any, *, tokens: int, width: int, padding_idx: int | None, tied: bool) -> Any:
    """Tokens in, a score for every token out; with the table of the input, or another layer."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(tokens, width, padding_idx)
            self.output = nn.TiedOutput(self.embedding) if tied else nn.Linear(width, tokens, bias=False)

        def forward(self, input: Any) -> Any:
            vectors = self.embedding(input)
            return vectors, self.output(vectors)

    return Network()


def positions_network(nn: Any, *, kind: str, max_length: int, width: int, base: float) -> Any:
    """One of the three layers, called with positions and without."""
    layers = {
        "learned": lambda: nn.PositionalEmbedding(max_length, width),
        "sinusoidal": lambda: nn.SinusoidalEncoding(base),
        "rotary": lambda: nn.RotaryEmbedding(base=base),
    }

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layers[kind]()

        def forward(self, x: Any, positions: Any) -> Any:
            return self.layer(x), self.layer(x, positions)

    return Network()


# Inputs


@cases("smooth", "integers")
def embedding_layer_inputs(draw: Draw) -> Case:
    tokens, width = draw.size(1, 5), draw.size(1, 4)
    tied, padded = draw.integer(0, 2) > 0, draw.mode != "smooth" and draw.integer(0, 3) > 0
    options = {"tokens": tokens, "width": width, "tied": tied}
    options["padding_idx"] = draw.integer(-tokens, tokens - 1) if padded else None
    output = None if tied else draw.floats((tokens, width))
    return Case(
        (draw.integers(draw.choice(((7,), (3, 2), ())), 0, tokens), draw.floats((tokens, width)), output), options
    )


@cases("smooth")
def positions_layer_inputs(draw: Draw) -> Case:
    kind = draw.choice(("learned", "sinusoidal", "rotary"))
    count, width, longest = draw.size(1, 5), 2 * draw.size(1, 3), draw.size(5, 8)
    x = draw.floats((*draw.choice(((), (2,))), count, width))
    weight = draw.floats((longest, width)) if kind == "learned" else None
    options = {"kind": kind, "max_length": longest, "width": width, "base": draw.choice((10000.0, 50.0))}
    return Case((x, draw.integers((count,), 0, longest), weight), options)


ROWS = (
    Entry(
        "nn.embedding",
        lesson=15,
        title="Embedding as a layer; tied output",
        inputs=embedding_layer_inputs,
        adapter=network(tied_network, inputs=("input",), state=("embedding.weight", "output.weight")),
        refusals=(
            Refusal(
                "padding_idx outside",
                Case((TOKENS, TABLE, TABLE), {"tokens": 3, "width": 4, "padding_idx": 3, "tied": False}),
                says=("padding_idx", "3 rows", "3"),
            ),
            Refusal(
                "a token outside",
                Case((TOKENS + 1, TABLE, TABLE), {"tokens": 3, "width": 4, "padding_idx": None, "tied": False}),
                says=("input", "0 to 2", "3"),
            ),
        ),
        mistakes=(
            Mistake("tied by a copy", replace="self.weight = embedding.weight", by="self.weight = Tensor(embedding.weight.data.copy())"),
            Mistake("the output teaches the table nothing", replace="(x, self.weight, None)", by="(x, self.weight.detach(), None)"),
            Mistake("the input teaches the table nothing", replace="(input, self.weight, p", by="(input, self.weight.detach() + 0 * self.weight, p"),
            Mistake("scaled by the root of the width, which is the caller's choice", replace="padding_idx=self.padding_idx)", by="padding_idx=self.padding_idx) * self.embedding_dim**0.5"),
            Mistake("padding_idx is not passed on", replace="padding_idx=self.padding_idx)", by="padding_idx=None)"),
            Mistake("a negative padding_idx is not understood", replace="padding_idx % num_embeddings", by="max(padding_idx, 0)"),
            Mistake("padding_idx is not checked", replace="not -num_embeddings <= padding_idx < num_embeddings", by="False"),
        ),
    ),
    Entry(
        "nn.positional_encoding",
        lesson=15,
        title="Positions as layers",
        inputs=positions_layer_inputs,
        adapter=network(positions_network, inputs=("x", "positions"), state=("layer.weight",)),
        refusals=(
            Refusal(
                "longer than was trained",
                Case((zeros((6, 2)), np.arange(6), zeros((5, 2))), {"kind": "learned", "max_length": 5, "width": 2, "base": 1.0}),
                says=("positions", "max_length 5", "5"),
            ),
        ),
        mistakes=(
            Mistake("learned positions take the place of the tokens", replace="return x + apply_embedding", by="return 0 * x + apply_embedding"),
            Mistake("learned positions are not learned", replace="(positions, self.weight)", by="(positions, self.weight.detach())"),
            Mistake("positions given are ignored", replace="    if positions is not None:\n        return positions\n", by=""),
            Mistake("positions count from 1", replace="np.arange(x.shape[-2])", by="np.minimum(np.arange(x.shape[-2]) + 1, x.shape[-2])"),
            Mistake("sines use another base", replace="apply_sinusoidal(x, positions_of(x, positions), base=self.base)", by="apply_sinusoidal(x, positions_of(x, positions))"),
            Mistake("rotations use another base", replace="apply_rotary(x, positions_of(x, positions), base=self.base)", by="apply_rotary(x, positions_of(x, positions))"),
            Mistake("rotary positions are added", replace="return apply_rotary(", by="return x + apply_rotary("),
        ),
    ),
)  # fmt: skip
