"""Seven optimizers on one task: how fast each learns, and how much it minds the learning rate.

    nn-parity demo optimizers                       tables
    nn-parity demo optimizers --plot optimizers.png and curves

The same network of 64-32-10 neurons learns scikit-learn's digits of 8×8 pixels, from the same parameters and on the
same batches, for five epochs. No optimizer gets a learning rate that somebody likes: each is run with every rate of
one grid, a factor of about three apart, and shown with the one whose loss is lowest at the end. The other rates are
shown too: an optimizer that is best at one rate and fails at its neighbours is a hard one to use.

Muon is for matrices; the biases beside it are moved by AdamW with the same rate, as its author has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scratch import nn
from scratch.autograd.tensor import Tensor
from scratch.optim.adagrad import Adagrad
from scratch.optim.adam import Adam
from scratch.optim.adamw import AdamW
from scratch.optim.lion import Lion
from scratch.optim.muon import Muon
from scratch.optim.rmsprop import RMSprop
from scratch.optim.sgd import SGD

from . import plots
from .data.dataset import Array
from .recipes import RECIPES
from .tasks import Task

EPOCHS, BATCH, WIDTH = 5, 32, 32
RATES = tuple(float(f"{10**exponent:.0e}") for exponent in np.arange(-4, 1, 0.5))  # 1e-4, 3e-4 … 3
SMOOTHED = 20  # steps over which the curves are averaged

Make = Callable[[nn.Module, float], Sequence[Any]]


def _one(kind: Callable[..., Any], **options: Any) -> Make:
    return lambda network, rate: [kind(network.parameters(), lr=rate, **options)]


def _muon(network: nn.Module, rate: float) -> Sequence[Any]:
    parameters = list(network.parameters())
    matrices, rest = ([p for p in parameters if (p.ndim == 2) == wanted] for wanted in (True, False))
    return [Muon(matrices, lr=rate, weight_decay=0.0), AdamW(rest, lr=rate, weight_decay=0.0)]


OPTIMIZERS: dict[str, Make] = {
    "SGD": _one(SGD),
    "SGD, momentum": _one(SGD, momentum=0.9),
    "AdaGrad": _one(Adagrad),
    "RMSprop": _one(RMSprop),
    "Adam": _one(Adam),
    "Lion": _one(Lion),
    "Muon": _muon,
}


class Run(NamedTuple):
    """One training: the loss of every step (infinite from where it diverged), and the share of test digits known."""

    losses: list[float]
    accuracy: float

    @property
    def final(self) -> float:
        """The mean loss over the last steps."""
        return float(np.mean(self.losses[-SMOOTHED:]))


Study = dict[str, dict[float, Run]]  # optimizer → learning rate → what came of it


def study(seed: int = 0, names: Iterable[str] = tuple(OPTIMIZERS)) -> Study:
    """Optimizers with every rate. seed: of the first parameters, the order of the batches and the test part."""
    task = RECIPES["digits"].task(seed)
    return {name: {rate: _train(OPTIMIZERS[name], rate, task, seed) for rate in RATES} for name in names}


def _train(make: Make, rate: float, task: Task, seed: int) -> Run:
    network = nn.Sequential(nn.Linear(64, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 10))
    generator = np.random.default_rng(seed)
    for layer in (network[0], network[2]):
        nn.init.kaiming_normal_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    optimizers, loss, losses = make(network, rate), nn.CrossEntropyLoss(), []
    for _ in range(EPOCHS):
        order = generator.permutation(len(task.inputs))
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            network.zero_grad()
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a rate may be too large
                value = loss(network(Tensor(task.inputs[batch])), Tensor(task.targets[batch]))
                value.backward()
                for optimizer in optimizers:
                    optimizer.step()
            losses.append(float(value.item()))
    finite = np.isfinite(losses).all()
    with np.errstate(over="ignore", invalid="ignore"):
        right = network(Tensor(task.test_inputs)).data.argmax(axis=1) == task.test_targets
    return Run(losses if finite else [np.inf] * len(losses), float(right.mean()) if finite else 0.0)


def best(runs: dict[float, Run]) -> float:
    """The rate whose loss is lowest at the end."""
    return min(runs, key=lambda rate: runs[rate].final)


def table(found: Study) -> str:
    """The study as text of at most 80 columns."""
    lines = [
        f"Digits of 8×8 pixels, 64-{WIDTH}-10, {EPOCHS} epochs; each with the best of {len(RATES)} learning rates",
        "",
        f"{'':<14}{'rate':>8}{'loss after epoch 1':>20}{f'epoch {EPOCHS}':>10}{'test':>9}{'good rates':>13}",
    ]
    lowest = min(runs[best(runs)].final for runs in found.values())
    for name, runs in found.items():
        rate = best(runs)
        run = runs[rate]
        steps = len(run.losses) // EPOCHS
        first = float(np.mean(run.losses[steps - SMOOTHED : steps]))
        good = sum(other.final <= _near(lowest) for other in runs.values())
        lines.append(f"{name:<14}{rate:>8g}{first:>20.3f}{run.final:>10.3f}{run.accuracy:>9.1%}{good:>13}")
    lines += ["", f"good rates: those that end with a loss of at most {_near(lowest):.2f}"]
    return "\n".join(lines)


def _near(lowest: float) -> float:
    """A loss that is nearly as good: a tenth more than the lowest, and a tenth of guessing."""
    return 1.1 * lowest + 0.1 * float(np.log(10))


def plot(found: Study, file: Path) -> None:
    """Left the losses over the steps at the best rates, right where the training ends over all rates."""
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    over_steps, over_rates = figure.subplots(1, 2)
    for name, runs in found.items():
        rate = best(runs)
        over_steps.plot(_smooth(runs[rate].losses), label=f"{name} ({rate:g})")
        over_rates.plot(RATES, [run.final for run in runs.values()], "o-", markersize=4, label=name)
    over_steps.set(title="at the best rate", xlabel="step", ylabel="loss", yscale="log")
    over_rates.set(title=f"after {EPOCHS} epochs", xlabel="learning rate", xscale="log", yscale="log", ylim=(5e-3, 5))
    over_steps.legend(fontsize="small")
    figure.savefig(file)


def _smooth(values: Sequence[float]) -> Array:
    return np.convolve(values, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
