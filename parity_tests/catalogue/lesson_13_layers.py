"""Lesson 13: recurrent networks as layers. Several layers, two directions, dropout, lengths, pieces of a sequence."""

from typing import Any

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
DIRECTIONS = ("", "_reverse")
NAMES = tuple(f"{kind}_l{layer}{direction}" for layer in (0, 1) for direction in DIRECTIONS for kind in KINDS)


def recurrent_network(
    nn: Any, *, kind: str, pieces: bool, given_state: bool, padded: bool = False, **options: Any
) -> Any:
    """One layer; in two pieces, between which the gradient stops, or at once. Shows y and the last state."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = getattr(nn, kind)(**options)

        def forward(self, x: Any, h0: Any, c0: Any, lengths: Any) -> Any:
            state = None
            if given_state:
                state = (h0, c0) if kind == "LSTM" else h0
            if not pieces:
                y, last = self.layer(x, state, lengths if padded else None)
                return y, *(last if kind == "LSTM" else (last,))
            y, last = self.layer(x, state)
            last = tuple(s.detach() for s in last) if kind == "LSTM" else last.detach()
            again, last = self.layer(x, last)
            return y, again, *(last if kind == "LSTM" else (last,))

    return Network()


def cells_network(nn: Any, *, kind: str, steps: int, **options: Any) -> Any:
    """A loop over a cell, from no state on."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.cell = getattr(nn, kind)(**options)

        def forward(self, x: Any) -> Any:
            state, shown = None, []
            for t in range(steps):
                state = self.cell(x[t], state)
                shown += state if kind == "LSTMCell" else (state,)
            return tuple(shown)

    return Network()


@cases("smooth", "extreme")
def layer_inputs(draw: Draw) -> Case:
    kind, layers, ways = draw.choice(("RNN", "LSTM", "GRU")), draw.choice((1, 2, 2)), draw.choice((1, 2))
    steps, batch, inputs, hidden = draw.choice((2, 3, 3, 1)), draw.size(1, 2), draw.size(1, 3), draw.size(1, 2)
    bias, batch_first = draw.integer(0, 3) > 0, draw.boolean()
    pieces = draw.mode != "smooth" and draw.boolean()  # where the gradient stops, a finite difference sees it go on
    options: dict[str, Any] = {"kind": kind, "input_size": inputs, "hidden_size": hidden, "num_layers": layers}
    options |= {"bias": bias, "batch_first": batch_first, "bidirectional": ways == 2, "pieces": pieces}
    options |= {"given_state": draw.integer(0, 3) > 0, "training": draw.boolean()}
    if draw.boolean():
        options |= {"dropout": draw.choice((0.3, 0.5)), "generator": draw.integer(0, 99), "training": True}
    if kind == "RNN":
        options["nonlinearity"] = draw.choice(("tanh", "relu"))
    x = draw.uniform((batch, steps, inputs) if batch_first else (steps, batch, inputs), -2.0, 2.0)
    states = [draw.uniform((layers * ways, batch, hidden), -1.0, 1.0) for _ in range(2)]
    options["padded"] = draw.boolean()
    lengths = draw.integers((batch,), 1, steps + 1)
    found = []
    for layer in (0, 1):
        for way in (0, 1):
            rows, width = GATES[kind] * hidden, ways * hidden if layer else inputs
            there = layer < layers and way < ways
            shapes = ((rows, width), (rows, hidden), (rows,), (rows,))
            wanted = [there and (bias or len(shape) > 1) for shape in shapes]
            found += [draw.uniform(shape, -1.5, 1.5) if want else None for shape, want in zip(shapes, wanted)]
    return Case((x, *states, lengths, *found), options)


@cases("smooth")
def cell_inputs(draw: Draw) -> Case:
    kind = draw.choice(("RNN", "LSTM", "GRU"))
    steps, batch, inputs, hidden, bias = (
        draw.size(1, 3),
        draw.size(1, 3),
        draw.size(1, 3),
        draw.size(1, 3),
        draw.boolean(),
    )
    rows = GATES[kind] * hidden
    found = [draw.uniform(shape, -1.5, 1.5) for shape in ((rows, inputs), (rows, hidden), (rows,), (rows,))]
    options = {"kind": f"{kind}Cell", "steps": steps, "input_size": inputs, "hidden_size": hidden, "bias": bias}
    if kind == "RNN":
        options["nonlinearity"] = draw.choice(("tanh", "relu"))
    x = draw.uniform((steps, batch, inputs), -2.0, 2.0)
    return Case((x, *(found if bias else [*found[:2], None, None])), options)


def one_layer(x: Any, h0: Any, **options: Any) -> Case:
    """A plain network with three inputs and two hidden channels."""
    found = (zeros((2, 3)), zeros((2, 2)), zeros(2), zeros(2))
    options = {"kind": "RNN", "input_size": 3, "hidden_size": 2, "pieces": False, "given_state": True} | options
    return Case((x, h0, h0, zeros(4, int), *found), options)


ROWS = (
    Entry(
        "nn.recurrent",
        lesson=13,
        title="RNN, LSTM and GRU as layers",
        share=0.5,
        inputs=layer_inputs,
        adapter=network(
            recurrent_network, inputs=("x", "h0", "c0", "lengths"), state=tuple(f"layer.{name}" for name in NAMES)
        ),
        refusals=(
            Refusal("no batch axis", one_layer(zeros((5, 3)), zeros((1, 4, 2))), says=("x", "three axes", "(5, 3)")),
            Refusal("a state of another batch", one_layer(zeros((5, 4, 3)), zeros((1, 3, 2))), says=("state", "(1, 4, 2)", "(1, 3, 2)")),
            Refusal("no layer", one_layer(zeros((5, 4, 3)), zeros((1, 4, 2)), num_layers=0), says=("num_layers", "0")),
            Refusal("more than certain", one_layer(zeros((5, 4, 3)), zeros((1, 4, 2)), dropout=1.5), says=("p", "0 to 1", "1.5")),
        ),
        mistakes=(
            Mistake("the reverse direction runs forth", replace='reverse=direction == "_reverse"', by="reverse=False"),
            Mistake("the directions change places", replace="concatenate(shown, dim=-1)", by="concatenate(shown[::-1], dim=-1)"),
            Mistake("the directions are added", replace="concatenate(shown, dim=-1)", by="concatenate([shown[0] + shown[1], shown[0] - shown[0]], dim=-1)"),
            Mistake("every layer starts from the state of the first", replace="each[len(ends)]", by="each[0]"),
            Mistake("the state given is ignored", replace="        if state is None:", by="        if True:"),
            Mistake("batch_first is forgotten on the way out", replace="return x.transpose(0, 1) if self.batch_first else x, last if", by="return x, last if"),
            Mistake("dropout after the last layer too", replace="layer < self.num_layers - 1 and self.between.p", by="self.between.p"),
            Mistake("no dropout", replace="layer < self.num_layers - 1 and self.between.p", by="False"),
            Mistake("lengths are ignored", replace="*parameters, lengths, reverse", by="*parameters, None, reverse"),
            Mistake("always tanh", replace="nonlinearity=self.nonlinearity, **options", by='nonlinearity="tanh", **options'),
            Mistake("of all layers only the last state of the first", replace="zip(*ends, strict=True))", by="zip(*[ends[0]] * len(ends), strict=True))"),
        ),
    ),
    Entry(
        "nn.recurrent_cells",
        lesson=13,
        title="Recurrent cells as layers",
        share=0.5,
        inputs=cell_inputs,
        adapter=network(cells_network, state=tuple(f"cell.{kind}" for kind in KINDS)),
        mistakes=(
            Mistake("always tanh", replace="nonlinearity=self.nonlinearity)", by='nonlinearity="tanh")'),
            Mistake("h and c change places", replace="h, c = (self.zeros(x), self.zeros(x)) if state is None else state", by="c, h = (self.zeros(x), self.zeros(x)) if state is None else state"),
            Mistake("starts from ones", replace="np.zeros_like(x.data, shape=(x.shape[0], self.hidden_size))", by="np.ones_like(x.data, shape=(x.shape[0], self.hidden_size))"),
            Mistake("bias_hh is used twice", replace="self.weight_hh, self.bias_ih, self.bias_hh", by="self.weight_hh, self.bias_hh, self.bias_hh"),
            Mistake("the state is forgotten", replace="apply_gru_cell(x, self.zeros(x) if h is None else h,", by="apply_gru_cell(x, self.zeros(x),"),
        ),
    ),
)  # fmt: skip
