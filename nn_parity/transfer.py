"""What transfer buys: a network that has learned MNIST at 8×8 pixels, and scikit-learn's digits with few labels.

    from scratch    numbers by chance at first, and everything learns
    features        the pretrained body is frozen, and a new head learns to read it
    fine-tuned      a new head on the pretrained body, which learns on with a small share of the learning rate
    adapted         as fine-tuned, but the head is kept too: the classes are the same, only the images are others

All take the same batches, as many steps, and are tested on the same images, which nobody has learned from. The network
that sees no label at all is the pretrained one as it is: how well does MNIST prepare for another scanner?

Source: Yosinski, Clune, Bengio & Lipson 2014, arXiv:1411.1792.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from . import plots
from .data.dataset import Array
from .lockstep import Training, sides_of
from .recipes import RECIPES, Recipe, transfer
from .recipes.convolutional import drawn

SEEDS = 5
PLANS: dict[int | None, int] = {10: 30, 50: 8, None: 4}  # labels a class (None: all) → epochs
NO_LABELS = "no labels"

Start = Callable[[np.random.Generator], dict[str, Array]]


class Method(NamedTuple):
    """Where a network begins, what of it is frozen, and how fast its parts learn."""

    start: Start
    frozen: tuple[str, ...]
    shares: dict[str, float]


PACES = {"body.*": 0.3, "output.*": 1.0}
METHODS = {
    "from scratch": Method(drawn(transfer.SHAPES), (), {"*": 1.0}),
    "features": Method(transfer.with_a_new_head, ("body.*",), {"output.*": 1.0}),
    "fine-tuned": Method(transfer.with_a_new_head, (), PACES),
    "adapted": Method(lambda generator: dict(transfer.pretrained()), (), PACES),
}


class Outcome(NamedTuple):
    """The accuracy of one training on the test part. labels: a class; None is all there are."""

    method: str
    labels: int | None
    seed: int
    accuracy: float


def recipe_of(method: Method, labels: int | None, epochs: int) -> Recipe:
    """The recipe `fine_tuning` with another start, other settings, and as many labels."""
    recipe = RECIPES["fine_tuning"]
    return replace(
        recipe,
        start=method.start,
        real=transfer.few_digits(labels),
        epochs=epochs,
        settings={**recipe.settings, "frozen": method.frozen, "shares": method.shares},
    )


def study(seeds: int = SEEDS, side: str = "scratch", plans: dict[int | None, int] | None = None) -> Iterator[Outcome]:
    """All trainings, one after the other, and for each seed the pretrained network as it is. Raises DataError."""
    for seed in range(seeds):
        for labels, epochs in (plans or PLANS).items():
            for name, method in METHODS.items():
                yield Outcome(name, labels, seed, _accuracy(recipe_of(method, labels, epochs), seed, side, train=True))
        untouched = recipe_of(METHODS["adapted"], None, 1)
        yield Outcome(NO_LABELS, None, seed, _accuracy(untouched, seed, side, train=False))


def _accuracy(recipe: Recipe, seed: int, side: str, *, train: bool) -> float:
    training = Training.by(recipe, recipe.task(seed), sides_of(recipe, side, recipe.parameters(seed)), seed=seed)
    if train:
        for _ in training:
            pass
    return training.score_of(training.sides[0])


def trainings(seeds: int = SEEDS) -> int:
    """How many outcomes a study has."""
    return seeds * (len(PLANS) * len(METHODS) + 1)


def mean_and_spread(outcomes: list[Outcome], method: str, labels: int | None) -> tuple[float, float]:
    """Over the seeds, in percent: the mean, and the standard deviation of one."""
    values = [100 * each.accuracy for each in outcomes if (each.method, each.labels) == (method, labels)]
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def label_text(labels: int | None) -> str:
    """For people: "10", "all (~144)"."""
    return "all (~144)" if labels is None else str(labels)


def table(outcomes: list[Outcome]) -> str:
    """The study as text of at most 80 columns."""
    seeds = len({each.seed for each in outcomes})
    lines = [
        f"Accuracy on scikit-learn's digits, %: mean ± deviation of {seeds} seeds",
        "",
        f"{'labels a class':<16}" + "".join(f"{name:>15}" for name in METHODS),
        f"{0:<16}" + f"{'–':>15}" * (len(METHODS) - 1) + f"{_cell(outcomes, NO_LABELS, None):>15}",
    ]
    for labels in dict.fromkeys(each.labels for each in outcomes if each.method in METHODS):
        cells = "".join(f"{_cell(outcomes, name, labels):>15}" for name in METHODS)
        lines.append(f"{label_text(labels):<16}{cells}")
    return "\n".join(lines)


def _cell(outcomes: list[Outcome], method: str, labels: int | None) -> str:
    return "{:.1f} ± {:.1f}".format(*mean_and_spread(outcomes, method, labels))


def plot(outcomes: list[Outcome], file: Path) -> None:
    """Accuracy over the labels, a line a method, with bars of one deviation."""
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    panel: Any = figure.subplots()
    found = list(dict.fromkeys(each.labels for each in outcomes if each.method in METHODS))
    for shift, name in zip(np.linspace(-0.09, 0.09, len(METHODS)), METHODS, strict=True):
        means, spreads = np.array([mean_and_spread(outcomes, name, labels) for labels in found]).T
        panel.errorbar(np.arange(len(found)) + shift, means, spreads, marker="o", capsize=3, label=name)
    untouched, _ = mean_and_spread(outcomes, NO_LABELS, None)
    panel.axhline(untouched, color="grey", linestyle="--", label="pretrained, no labels")
    panel.set_xticks(range(len(found)), [label_text(labels) for labels in found])
    panel.set(
        title="From MNIST at 8×8 to scikit-learn's digits",
        xlabel="labels a class",
        ylabel="accuracy on the test part, %",
    )
    panel.legend()
    figure.savefig(file)
