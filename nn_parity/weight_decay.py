"""Weight decay against the L2 penalty: one and the same for SGD, two different things for Adam.

The penalty λ/2 · ‖w‖² adds λw to the gradient; decay shrinks w by the share lr · λ at every step. SGD multiplies the
gradient by lr, so the two are equal. Adam divides every gradient by its usual size, that of the penalty with it: a
weight with large gradients is hardly pulled at all, one with small gradients is pulled far too much. AdamW decays.

Here, weights that all start at 1 get gradients that differ in size by a factor of ten thousand and lead nowhere: up at
one step, down at the next. What a weight has lost after some steps, beside one that nothing pulls, is the pull.

Source: Loshchilov & Hutter 2017, "Decoupled weight decay regularization", arXiv:1711.05101.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scratch import nn
from scratch.autograd.tensor import Tensor
from scratch.optim.adam import Adam
from scratch.optim.adamw import AdamW
from scratch.optim.optimizer import Optimizer
from scratch.optim.sgd import SGD

from . import plots

STEPS, LEARNING_RATE, STRENGTH = 200, 0.01, 0.5
SIZES = np.logspace(-3, 1, 9)  # of the gradients
SHOWN = slice(None, None, 2)  # sizes that the table shows


class Pull(NamedTuple):
    """How much of each weight is lost to the penalty or to the decay, in percent."""

    optimizer: str
    penalty: list[float]
    decay: list[float]


def study(seed: int = 0) -> list[Pull]:
    """The pull on weights whose gradients have the `SIZES`, for SGD and for Adam. seed: of the sizes up and down."""
    sgd, adam = _trained(SGD, seed), _trained(Adam, seed)
    # A penalty by hand, added to the loss, and decay as the optimizer has it.
    return [
        Pull("SGD", _lost(_trained(SGD, seed, penalty=STRENGTH), sgd),
             _lost(_trained(SGD, seed, weight_decay=STRENGTH), sgd)),
        Pull("Adam", _lost(_trained(Adam, seed, penalty=STRENGTH), adam),
             _lost(_trained(AdamW, seed, weight_decay=STRENGTH), _trained(AdamW, seed, weight_decay=0.0))),
    ]  # fmt: skip


def _trained(kind: type[Optimizer], seed: int, *, penalty: float = 0.0, **options: Any) -> Any:
    """The weights after all steps."""
    generator = np.random.default_rng(seed)
    weight = nn.Parameter(np.ones(SIZES.shape))
    optimizer = kind([weight], lr=LEARNING_RATE, **options)  # type: ignore[call-arg]
    for _ in range(STEPS // 2):
        push = SIZES * generator.uniform(0.5, 1.5)
        for direction in (1, -1):
            loss = (weight * Tensor(push * direction)).sum()
            if penalty:
                loss = loss + (weight * weight).sum() * (penalty / 2)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return weight.data


def _lost(pulled: Any, free: Any) -> list[float]:
    return [float(share) for share in 100 * (free - pulled)]


def table(pulls: list[Pull]) -> str:
    """The study as text of at most 80 columns."""
    sizes = "".join(f"{size:>8g}" for size in SIZES[SHOWN])
    lines = [
        f"How much of a weight is gone after {STEPS} steps, in percent",
        "",
        f"{'size of its gradients':<24}{sizes}",
    ]
    for pull in pulls:
        decay = "AdamW, weight decay" if pull.optimizer == "Adam" else f"{pull.optimizer}, weight decay"
        for name, values in ((f"{pull.optimizer}, L2 penalty", pull.penalty), (decay, pull.decay)):
            lines.append(f"{name:<24}" + "".join(f"{value:>8.1f}" for value in values[SHOWN]))
    return "\n".join(lines)


def plot(pulls: list[Pull], file: Path) -> None:
    """The pull over the size of the gradients, an optimizer a panel."""
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(pulls), sharex=True, sharey=True)
    for panel, pull in zip(panels, pulls, strict=True):
        panel.plot(SIZES, pull.decay, "-", linewidth=5, alpha=0.4, label="weight decay")
        panel.plot(SIZES, pull.penalty, "o-", label="L2 penalty")
        panel.set(title=pull.optimizer, xscale="log", xlabel="size of the gradients")
        panel.legend()
    panels[0].set(ylabel=f"of the weight, gone after {STEPS} steps (%)")
    figure.savefig(file)
