"""What bad first values do to a deep network: how large the signal and the gradient are, layer by layer.

    nn-parity demo initialization                     tables for tanh and ReLU
    nn-parity demo initialization --plot curves.png   and the curves

Thirty dense layers of a hundred neurons get the same random input, under five ways to set the weights. Nothing is
trained; one forward and one backward show who could be. What a signal of size 1 has become after 30 layers, and what
has become of the gradient when it is back at the first, is a factor to the power of 30, and there are three cases: it
vanishes, it explodes, or the factor is near 1. For ReLU it is Kaiming's that is 1; Xavier's forgets that half of the
signal is lost in every layer. Xavier's is for tanh. Too large a weight cannot make a signal explode there: the neurons
*saturate*, at ±1, and hardly tell one example from another. On the way back, through those that do not, the gradient
explodes all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scratch import nn
from scratch.autograd.tensor import Tensor

from . import plots

DEPTH, WIDTH, EXAMPLES = 30, 100, 200
SHOWN = (1, 2, 5, 10, 20, 30)  # layers that the table shows
GONE, HUGE = 1e-4, 1e4  # what counts as vanished or exploded

Fill = Callable[[Tensor, np.random.Generator], Any]

INITIALIZERS: dict[str, Fill] = {
    "zeros": lambda weight, generator: nn.init.zeros_(weight),
    "too small": lambda weight, generator: nn.init.normal_(weight, std=0.01, generator=generator),
    "too large": lambda weight, generator: nn.init.normal_(weight, std=1.0, generator=generator),
    "Xavier": lambda weight, generator: nn.init.xavier_normal_(weight, generator=generator),
    "Kaiming": lambda weight, generator: nn.init.kaiming_normal_(weight, generator=generator),
}
ACTIVATIONS: dict[str, type[nn.Module]] = {"tanh": nn.Tanh, "ReLU": nn.ReLU}


class Depths(NamedTuple):
    """What one initializer makes of a network: a number for each layer, from the first to the last."""

    initializer: str
    signal: list[float]  # root mean square of the activations
    dead: list[float]  # share of the activations with a slope near 0: |tanh| above 0.99, or a ReLU that is silent
    gradient: list[float]  # root mean square of ∂loss/∂weight


def study(activation: str, seed: int = 0) -> list[Depths]:
    """One forward and one backward of a deep network for each initializer. activation: "tanh" or "ReLU"."""
    return [_measure(name, fill, activation, seed) for name, fill in INITIALIZERS.items()]


def _measure(initializer: str, fill: Fill, activation: str, seed: int) -> Depths:
    generator = np.random.default_rng(seed)
    pairs = [(nn.Linear(WIDTH, WIDTH, bias=False), ACTIVATIONS[activation]()) for _ in range(DEPTH)]
    network = nn.Sequential(*(module for pair in pairs for module in pair))
    outputs: list[Any] = []
    for dense, active in pairs:
        fill(dense.weight, generator)
        active.register_forward_hook(lambda module, inputs, y: outputs.append(y.data))
    x = Tensor(generator.standard_normal((EXAMPLES, WIDTH), np.float32))
    y = network(x)
    y.backward(generator.standard_normal(y.shape, np.float32))
    dead = [np.mean(np.abs(y) > 0.99 if activation == "tanh" else y == 0) for y in outputs]
    gradients = [_root_mean_square(dense.weight.grad.data) for dense, _ in pairs if dense.weight.grad is not None]
    return Depths(initializer, [_root_mean_square(y) for y in outputs], [float(share) for share in dead], gradients)


def table(activation: str, depths: list[Depths]) -> str:
    """The study as text of at most 80 columns."""
    lines = [
        f"{DEPTH} layers of {WIDTH} {activation} neurons, input of size 1",
        "",
        f"{'size of the signal after layer':<31}" + "".join(f"{layer:>8}" for layer in SHOWN),
        *(_row(each.initializer, each.signal) for each in depths),
        "",
        f"{'size of the gradient in layer':<31}" + "".join(f"{layer:>8}" for layer in SHOWN),
        *(_row(each.initializer, each.gradient) for each in depths),
        "",
        *(f"{each.initializer + ':':<11}{verdict(each)}" for each in depths),
    ]
    return "\n".join(lines)


def verdict(depths: Depths) -> str:
    """Why the network can be trained, or why not."""
    last, first_gradient, last_gradient = depths.signal[-1], depths.gradient[0], depths.gradient[-1]
    if depths.signal[0] == 0:
        return "nothing comes through, and no gradient comes back: never learns"
    if last < GONE:
        return "the signal vanishes; every example looks the same to the last layers"
    if last > HUGE:
        return "the signal explodes; the first step throws the weights out of range"
    if first_gradient > HUGE * last_gradient:
        return f"{depths.dead[-1]:.0%} of the neurons are saturated; the gradient explodes"
    return "signal and gradient keep their size: can be trained"


def plot(studies: dict[str, list[Depths]], file: Path) -> None:
    """The curves over depth, an activation a column. Raises PlotError without Matplotlib or for another ending."""
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * len(studies), 7), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, len(studies), sharex=True, squeeze=False)
    layers = np.arange(1, DEPTH + 1)
    for column, (activation, depths) in zip(panels.T, studies.items(), strict=True):
        for each in depths:
            name = each.initializer if any(each.signal) else f"{each.initializer} (0 has no place here)"
            column[0].plot(layers, each.signal, label=name)
            column[1].plot(layers, each.gradient, label=each.initializer)
        column[0].set(title=activation, ylabel="size of the signal")
        column[1].set(xlabel="layer", ylabel="size of the gradient")
    for panel in panels.flat:
        panel.set_yscale("log", nonpositive="mask")  # zeros have no place on this scale
    figure.legend(*panels.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(INITIALIZERS))
    figure.savefig(file)


def _row(name: str, values: list[float]) -> str:
    return f"  {name:<29}" + "".join(f"{_short(values[layer - 1]):>8}" for layer in SHOWN)


def _short(value: float) -> str:
    return f"{value:.2f}" if value == 0 or 0.01 <= value < 1000 else f"{value:.0e}"


def _root_mean_square(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
