"""Vanishing and exploding gradients: what the last output of a recurrent network can tell the input of t steps ago.

    nn-parity demo gradients-over-time                     a table
    nn-parity demo gradients-over-time --plot curves.png   and the curves

A gradient that goes back through a plain RNN is multiplied at every step by the same recurrent matrix, and by the
slopes of tanh, which are at most 1. After t steps that is a factor to the power of t: with small weights it vanishes,
and what happened long ago is never learned; with large ones it explodes, and one step throws everything away. Even a
matrix that only turns and never shrinks, an orthogonal one, loses to the slopes. In an LSTM the way from memory to
memory is a product with the forget gate alone. With the gate half open, at bias 0, that is a factor of a half, and no
better. A bias that opens the gate at the beginning is what makes the difference, as the update gate's does for the GRU.

Nothing is trained: random input, the networks as they begin, one forward and one backward through all steps.

Sources: Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063; the bias of the forget gate:
Gers, Schmidhuber & Cummins 2000, Jozefowicz, Zaremba & Sutskever 2015.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scratch import nn
from scratch.autograd.tape import no_grad
from scratch.autograd.tensor import Tensor

from . import plots

STEPS, SEQUENCES, INPUTS, HIDDEN = 101, 32, 16, 64
SHOWN = (0, 1, 2, 5, 10, 20, 50, 100)  # steps back that the table shows
VANISHED, EXPLODED = 1e-3, 1e3  # what has become of a gradient of size 1


class Reach(NamedTuple):
    """The size of the gradient for the input of 0, 1, 2 … steps before the last, where that of the last is 1."""

    network: str
    gradient: list[float]


def rnn(scale: float, generator: np.random.Generator) -> Any:
    """Recurrent weights that are an orthogonal matrix times this."""
    network: Any = nn.RNN(INPUTS, HIDDEN, dtype=np.float64, generator=generator)
    nn.init.orthogonal_(network.weight_hh_l0, gain=scale, generator=generator)
    return network


def gated(kind: Callable[..., Any], bias: float, generator: np.random.Generator) -> Any:
    """An LSTM whose forget gate, or a GRU whose update gate, has this bias: the second gate in either of them."""
    network = kind(INPUTS, HIDDEN, dtype=np.float64, generator=generator)
    with no_grad():
        network.bias_ih_l0[HIDDEN : 2 * HIDDEN] = bias
        network.bias_hh_l0[HIDDEN : 2 * HIDDEN] = 0
    return network


NETWORKS: dict[str, Callable[[np.random.Generator], Any]] = {
    "RNN, weights × 0.5": lambda generator: rnn(0.5, generator),
    "RNN, orthogonal": lambda generator: rnn(1.0, generator),
    "RNN, weights × 2": lambda generator: rnn(2.0, generator),
    "LSTM, forget bias 0": lambda generator: gated(nn.LSTM, 0.0, generator),
    "LSTM, forget bias 1": lambda generator: gated(nn.LSTM, 1.0, generator),
    "LSTM, forget bias 3": lambda generator: gated(nn.LSTM, 3.0, generator),
    "GRU, update bias 0": lambda generator: gated(nn.GRU, 0.0, generator),
    "GRU, update bias 3": lambda generator: gated(nn.GRU, 3.0, generator),
}


def study(seed: int = 0) -> list[Reach]:
    """One forward and one backward through each network, on the same input."""
    return [Reach(name, _measure(build, seed)) for name, build in NETWORKS.items()]


def _measure(build: Callable[[np.random.Generator], Any], seed: int) -> list[float]:
    generator = np.random.default_rng(seed)
    x = Tensor(generator.standard_normal((STEPS, SEQUENCES, INPUTS)), requires_grad=True)
    upstream = generator.standard_normal((SEQUENCES, HIDDEN))
    y, _ = build(generator)(x)
    y[-1].backward(upstream)
    assert x.grad is not None
    sizes = np.sqrt(np.mean(np.square(x.grad.data), axis=(1, 2)))[::-1]
    return [float(size) for size in sizes / sizes[0]]


def table(reaches: list[Reach]) -> str:
    """The study as text of at most 80 columns."""
    lines = [
        "Gradient of the last output for the input some steps back, in units of the last",
        "",
        f"{'steps back':<20}" + "".join(f"{step:>7}" for step in SHOWN),
        *(f"{each.network:<20}" + "".join(_short(each.gradient[step]) for step in SHOWN) for each in reaches),
        "",
        *(f"{each.network + ':':<21}{verdict(each)}" for each in reaches),
    ]
    return "\n".join(lines)


def verdict(reach: Reach) -> str:
    """What becomes of the gradient, and how fast."""
    last = reach.gradient[-1]
    factor = last ** (1 / (STEPS - 1))
    if last < VANISHED:
        return f"vanishes, by {factor:.2f} a step"
    if last > EXPLODED:
        return f"explodes, by {factor:.2f} a step"
    return f"{STEPS - 1} steps back there still is something to learn from"


def plot(reaches: list[Reach], file: Path) -> None:
    """The curves over the steps back. Raises PlotError without Matplotlib or for another ending."""
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    FigureCanvasAgg(figure)
    panel = figure.subplots()
    colours = {"RNN": "tab:red", "LSTM": "tab:blue", "GRU": "tab:green"}
    styles = dict.fromkeys(colours, 0)
    for each in reaches:
        kind = each.network.partition(",")[0]
        style = ("-", "--", ":")[styles[kind]]
        styles[kind] += 1
        panel.plot(each.gradient, style, color=colours[kind], label=each.network)
    panel.set(yscale="log", ylim=(1e-12, 1e8), xlim=(0, STEPS - 1))
    panel.set(xlabel="steps back", ylabel="gradient of the last output for the input")
    panel.axhline(1, color="grey", linewidth=0.6)
    panel.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(file)


def _short(value: float) -> str:
    return f"{value:>7.2f}" if 0.01 <= value < 1000 else f"{value:>7.0e}"
