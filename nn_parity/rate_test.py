"""The learning-rate range test: a training whose learning rate grows at every step until the loss explodes.

Where the loss falls most steeply the rate is good; where it begins to rise, the rate is too large. A few hundred steps
say what would else take a search.

Source: Smith 2015, "Cyclical learning rates for training neural networks", arXiv:1506.01186.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .lockstep import TrainingError

if TYPE_CHECKING:
    from .lockstep import Side
    from .recipes.recipe import Recipe
    from .tasks import Task

KEPT = 0.9  # of the running mean, at each step
EXPLODED = 4.0  # times the best loss: nothing comes after that


@dataclass(frozen=True)
class Rates:
    """The loss before each step, and its running mean."""

    rates: list[float]
    losses: list[float]
    smooth: list[float]

    @property
    def suggested(self) -> float:
        """Where the running mean falls most steeply over the logarithm of the rate, before its lowest point.

        Steeply over a stretch of steps: from one step to the next it falls and rises by chance.
        """
        smooth = np.array(self.smooth[: int(np.argmin(self.smooth)) + 1])
        stretch = max(1, len(self.smooth) // 12)
        if len(smooth) <= 2 * stretch:
            return self.rates[0]
        falls = smooth[: -2 * stretch] - smooth[2 * stretch :]
        return self.rates[int(np.argmax(falls)) + stretch]


def study(
    side: Side, recipe: Recipe, task: Task, *, low: float = 1e-5, high: float = 10.0, steps: int = 300, seed: int = 0
) -> Rates:
    """Train one side by batches of the recipe's size, from the low learning rate to the high one."""
    generator = np.random.default_rng(seed)
    size = min(recipe.batch_size or len(task.inputs), len(task.inputs))
    rates: list[float] = []
    smooth: list[float] = []
    mean, best = 0.0, math.inf
    for step in range(steps):
        chosen = generator.choice(len(task.inputs), size, replace=False)
        rate = low * (high / low) ** (step / max(steps - 1, 1))
        try:
            side.step(task.inputs[chosen], task.targets[chosen], rate)
        except TrainingError:  # it is meant to explode
            break
        mean = KEPT * mean + (1 - KEPT) * side.losses[-1]
        rates.append(rate)
        smooth.append(mean / (1 - KEPT ** (step + 1)))  # the mean began at 0: as in Adam
        best = min(best, smooth[-1])
        if smooth[-1] > EXPLODED * best:
            break
    return Rates(rates, side.losses[: len(rates)], smooth)
