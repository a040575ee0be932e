"""What the two sides of a project share: the data, where training starts, how it goes on, and what it must reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..data.dataset import Array
from ..scores import ACCURACY, Score
from ..tasks import Task

State = Mapping[str, Array]
Report = Callable[[Task, State, Callable[[Array], Array]], str]


def to_zero(done: float) -> float:
    """The learning rate falls along a straight line to zero."""
    return 1 - done


@dataclass(frozen=True)
class Recipe:
    """A project without its network: the network and its step are in `projects/NAME.py` of each tree.

    `Network(parameters, **settings)` there has `step(x, target, learning_rate)`, which makes one update and returns
    the loss before it, `predict(x)` and `state_dict()`. What is random inside of it, such as the masks of dropout, is
    drawn from a NumPy generator that both sides seed alike. Where the recipe sets examples aside, the network also has
    `epoch_end(x, target)`, which is shown them after every epoch and answers whether the training is over.
    """

    name: str
    title: str
    data: str  # of `nn-parity data`, or a name of its own
    network: str  # for people: "784-128-64-10"
    goal: float  # the score to reach
    epochs: int
    learning_rate: float  # at the start; `schedule` says how it goes on
    start: Callable[[np.random.Generator], dict[str, Array]]  # draws the first parameters (and buffers), by name
    real: Callable[[int, npt.DTypeLike], Task]  # seed, dtype → the data as the network takes them; raises DataError
    made_up: Callable[[int, np.random.Generator, npt.DTypeLike], Task]  # so many examples of random data of that shape
    batch_size: int | None = None  # None: all examples at once
    limit: int | None = None  # stop after so many updates, if the epochs have more
    settings: Mapping[str, Any] = field(default_factory=dict)  # what else Network takes
    schedule: Callable[[float], float] = to_zero  # the share of the updates that are done → a factor
    score: Score = ACCURACY
    set_aside: float = 0.0  # the share of the training examples that `epoch_end` is shown, and `step` is not
    by_hand: State | None = None  # parameters that a person would choose, to compare with
    report: Report | None = None  # says in words or pictures what was learned

    def task(self, seed: int = 0, dtype: npt.DTypeLike = np.float32) -> Task:
        """The data as the network takes them. Raises DataError."""
        return self.real(seed, dtype)

    def made_up_task(self, examples: int, seed: int = 0, dtype: npt.DTypeLike = np.float64) -> Task:
        """Random data of the right shape, for steps that need no sense: comparing two sides, timing."""
        return self.made_up(examples, np.random.default_rng(seed), dtype)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters on both sides, in order: those of PyTorch's `state_dict`."""
        return tuple(self.parameters())

    def parameters(self, seed: int = 0, dtype: npt.DTypeLike = np.float32) -> dict[str, Array]:
        """Where training starts. Drawn in float64 first, so that both dtypes start from the same numbers."""
        drawn = self.start(np.random.default_rng([seed, 1]))
        return {name: value.astype(dtype) if value.dtype.kind == "f" else value for name, value in drawn.items()}
