"""Curves of a training, by Matplotlib (an optional dependency)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .data.dataset import Array

if TYPE_CHECKING:
    from .lockstep import Training
    from .recipes.recipe import Recipe

FORMATS = (".png", ".svg", ".pdf")


class PlotError(Exception):
    """No plot can be made; the message says why."""


def check_format(file: Path) -> None:
    """Raise PlotError when Matplotlib is not installed or the file has another ending than it can write."""
    if find_spec("matplotlib") is None:
        raise PlotError("needs Matplotlib: pip install 'nn-parity[plot]'")
    if file.suffix.lower() not in FORMATS:
        raise PlotError(f"the file must end in {', '.join(FORMATS)}; got {file.name}")


def curves(recipe: Recipe, training: Training, file: Path) -> None:
    """Loss, score and, of two sides, the difference of their losses, one above the other over the epochs."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    both, measure = len(training.sides) > 1, training.measure
    scale = 100 if measure.percent else 1
    figure = Figure(figsize=(8, 9 if both else 6), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(3 if both else 2, 1, sharex=True)
    figure.suptitle(f"{recipe.name}: {recipe.title}")
    epochs = np.arange(1, training.taken + 1) / training.steps_per_epoch
    window = max(1, training.taken // 200)
    for side, style in zip(training.sides, ("-", "--"), strict=False):
        losses = np.array(side.losses[: training.taken])
        panels[0].plot(_mean_over(epochs, window), _mean_over(losses, window), style, label=side.label)
        taken, scores = np.array(side.scores).T
        panels[1].plot(taken / training.steps_per_epoch, scale * scores, style, marker="o", label=side.label)
    panels[0].set(yscale="log", ylabel="training loss")
    panels[1].axhline(scale * recipe.goal, color="grey", linewidth=0.8, label="target")
    panels[1].set(ylabel=f"{training.task.tested_on} {measure.name}{', %' if measure.percent else ''}")
    if both:
        first, last = (np.array(side.losses[: training.taken]) for side in training.sides)
        apart = abs(first - last)
        panels[2].plot(epochs, apart, linewidth=0.5, color="lightgrey", label="at each step")
        panels[2].plot(epochs, np.maximum.accumulate(apart), label="largest so far")
        panels[2].set(ylabel="difference of the losses")
        if apart.any():
            panels[2].set_yscale("log", nonpositive="mask")
    for panel in panels:
        panel.legend()
    panels[-1].set_xlabel("epoch")
    figure.savefig(file)


def _mean_over(values: Array, window: int) -> Array:
    """Means of stretches: the loss of single batches jumps."""
    whole = len(values) // window * window
    means: Array = values[:whole].reshape(-1, window).mean(axis=1)
    return means
