"""Training one network, or two side by side: the same parameters to start from, the same batches, step by step."""

from __future__ import annotations

import importlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from .data.dataset import Array
from .recipes.recipe import Recipe, to_zero
from .scores import ACCURACY, Score
from .tasks import Task

REFERENCE = "reference_torch"
CHECKPOINTS = 10  # how often a training is scored on its way
AT_ONCE = 500  # examples that a network answers in one go: what it computes on the way takes memory


class TrainingError(Exception):
    """A training cannot start or go on; the message says why."""


def find_project(package: str, name: str) -> ModuleType:
    """The module `package.projects.name`. Raises TrainingError when it is not there, or is not a project."""
    full = f"{package}.projects.{name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name == "torch":
            raise TrainingError("this side needs PyTorch: pip install torch") from error
        if error.name is not None and f"{full}.".startswith(f"{error.name}."):
            raise TrainingError(f"there is no {full} ({error.name} cannot be found)") from error
        raise TrainingError(f"{full} cannot be imported: {error}") from error
    if not hasattr(module, "Network"):
        raise TrainingError(f"{full} has no class Network")
    return module


@dataclass
class Side:
    """One network in training, and what it has shown so far."""

    label: str
    network: Any
    hand_over: Callable[[Array], Any] = field(repr=False)  # turns an array into what the network computes with
    losses: list[float] = field(default_factory=list)
    scores: list[tuple[int, float]] = field(default_factory=list)  # after how many steps, how good
    seconds: float = 0.0  # spent in steps
    over: bool = False  # the network has said that its training is over

    def step(self, inputs: Array, targets: Array, learning_rate: float) -> None:
        """One update. Raises TrainingError when the loss is no number any more, or the step is not written yet."""
        x, target = self.hand_over(inputs), self.hand_over(targets)
        begin = time.perf_counter()
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # told by the loss
                loss = self.network.step(x, target, learning_rate)
        except NotImplementedError as error:
            raise TrainingError(f"{self.label}: not written yet ({error})") from error
        self.seconds += time.perf_counter() - begin
        self.losses.append(loss)
        if not math.isfinite(loss):
            raise TrainingError(
                f"{self.label}: the loss is {loss} at step {len(self.losses)}: the training has diverged. "
                f"Try a smaller learning rate than {learning_rate:.3g}."
            )

    def epoch_end(self, inputs: Array, targets: Array) -> None:
        """Ask the network whether it is done."""
        self.over = self.over or bool(self.network.epoch_end(self.hand_over(inputs), self.hand_over(targets)))

    def predict(self, inputs: Array) -> Array:
        """The answers to all inputs."""
        parts = [inputs[begin : begin + AT_ONCE] for begin in range(0, len(inputs), AT_ONCE)]
        return np.concatenate([np.asarray(self.network.predict(self.hand_over(part))) for part in parts])

    def parameters(self) -> dict[str, Array]:
        """A copy of the parameters as they are now."""
        return {name: np.asarray(value).copy() for name, value in self.network.state_dict().items()}


def scratch_side(module: ModuleType, start: Mapping[str, Array], settings: Mapping[str, Any]) -> Side:
    """The network of a NumPy project."""
    return Side("scratch", module.Network(dict(start), **settings), lambda array: array)


def torch_side(module: ModuleType, start: Mapping[str, Array], settings: Mapping[str, Any]) -> Side:
    """The network of a PyTorch project."""
    from torch import from_numpy  # takes a second: only here, where it is needed

    tensors = {name: from_numpy(value.copy()) for name, value in start.items()}
    return Side("torch", module.Network(tensors, **settings), from_numpy)


def sides_of(recipe: Recipe, which: str, start: Mapping[str, Array], candidate: str = "scratch") -> list[Side]:
    """`which`: scratch, torch or both. `candidate`: the package on the scratch side. Raises TrainingError."""
    sides = []
    if which in ("scratch", "both"):
        sides.append(scratch_side(find_project(candidate, recipe.name), start, recipe.settings))
    if which in ("torch", "both"):
        sides.append(torch_side(find_project(REFERENCE, recipe.name), start, recipe.settings))
    return sides


@dataclass
class Difference:
    """The largest difference so far of the losses of two sides, and the step after which it was seen."""

    largest: float = 0.0
    step: int = 0

    def see(self, losses: Sequence[float], step: int) -> None:
        """Another step was taken; `losses`: one of each side."""
        apart = abs(losses[0] - losses[-1])
        if apart > self.largest:
            self.largest, self.step = apart, step


@dataclass
class Training:
    """A run of one or two sides over a task. Iterate over it; each item is the number of steps taken.

    Everything it has found out stays readable at any time: a run may be broken off and looked at.
    """

    task: Task
    sides: Sequence[Side]
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int = 0
    schedule: Callable[[float], float] = to_zero  # the share of the steps that are done → a factor
    measure: Score = ACCURACY
    limit: int | None = None  # stop after so many steps, if the epochs have more
    set_aside: float = 0.0  # the share of the training examples that only `epoch_end` is shown
    taken: int = 0
    difference: Difference = field(default_factory=Difference)

    @classmethod
    def by(cls, recipe: Recipe, task: Task, sides: Sequence[Side], **changes: Any) -> Training:
        """A training by the recipe, with changes."""
        values: dict[str, Any] = {
            "epochs": recipe.epochs,
            "batch_size": recipe.batch_size or len(task.inputs),
            "learning_rate": recipe.learning_rate,
            "schedule": recipe.schedule,
            "measure": recipe.score,
            "limit": recipe.limit,
            "set_aside": recipe.set_aside,
        }
        return cls(task, sides, **{**values, **changes})

    @cached_property
    def _shuffled(self) -> Array:
        """The numbers of the examples; in an order that is drawn where some are set aside, the last of them."""
        numbers = np.arange(len(self.task.inputs))
        return np.random.default_rng([self.seed, 3]).permutation(numbers) if self.set_aside else numbers

    @property
    def _learned_from(self) -> Array:
        return self._shuffled[: len(self._shuffled) - round(self.set_aside * len(self._shuffled))]

    @property
    def steps_per_epoch(self) -> int:
        """The last batch of an epoch may be a small one."""
        return math.ceil(len(self._learned_from) / self.batch_size)

    @property
    def steps(self) -> int:
        """How many steps there are in all, if no network says before that its training is over."""
        planned = self.epochs * self.steps_per_epoch
        return planned if self.limit is None else min(planned, self.limit)

    def __iter__(self) -> Iterator[int]:
        """Take the steps."""
        every = math.ceil(self.steps / CHECKPOINTS)
        if every > self.steps_per_epoch:  # whole epochs read better
            every = math.ceil(every / self.steps_per_epoch) * self.steps_per_epoch
        for batch in self._batches():
            inputs, targets = self.task.inputs[batch], self.task.targets[batch]
            learning_rate = self.learning_rate * self.schedule(self.taken / self.steps)
            going = [side for side in self.sides if not side.over]
            for side in going:
                side.step(inputs, targets, learning_rate)
            self.taken += 1
            if len(going) == len(self.sides):
                self.difference.see([side.losses[-1] for side in self.sides], self.taken)
            if self.set_aside and self.taken % self.steps_per_epoch == 0:
                self._end_epoch(going)
            over = all(side.over for side in self.sides)
            if self.taken % every == 0 or self.taken == self.steps or over:
                self.score()
            yield self.taken
            if over:
                return

    def _end_epoch(self, sides: Sequence[Side]) -> None:
        aside = self._shuffled[len(self._learned_from) :]
        for side in sides:
            side.epoch_end(self.task.inputs[aside], self.task.targets[aside])

    def score(self) -> None:
        """Put the networks to the test as they are now."""
        for side in self.sides:
            if not side.scores or side.scores[-1][0] < self.taken:
                side.scores.append((self.taken, self.score_of(side)))

    def score_of(self, side: Side) -> float:
        """How well a side does on the test data now."""
        return self.measure.of(side.predict(self.task.test_inputs), self.task.test_targets)

    def by_hand(self, recipe: Recipe) -> float:
        """How well the network would do with the parameters that a person would choose."""
        side = self.sides[0]
        dtype = self.task.inputs.dtype
        network = type(side.network)(
            {name: side.hand_over(value.astype(dtype)) for name, value in (recipe.by_hand or {}).items()},
            **recipe.settings,
        )
        return self.score_of(Side(side.label, network, side.hand_over))

    def reached(self, goal: float) -> bool:
        """Whether every side has got as far as that."""
        return all(side.scores and self.measure.reached(side.scores[-1][1], goal) for side in self.sides)

    def results(self, goal: float) -> dict[str, Any]:
        """What was found out, for machines."""
        sides = {
            side.label: {
                "score": side.scores[-1][1],
                "seconds": side.seconds,
                "scores": [{"step": step, "score": value} for step, value in side.scores],
                "losses": side.losses[: self.taken],
            }
            for side in self.sides
        }
        results: dict[str, Any] = {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "steps": self.steps,
            "steps_taken": self.taken,
            "scored_by": self.measure.name,
            "target": goal,
            "reached": self.reached(goal),
            "tested_on": self.task.tested_on,
            "sides": sides,
        }
        if len(self.sides) > 1:
            results["largest_loss_difference"] = {"value": self.difference.largest, "step": self.difference.step}
            results["final_parameter_difference"] = self.parameter_difference()
        return results

    def parameter_difference(self) -> float:
        """The largest difference of a parameter between the two sides now."""
        first, last = self.sides[0].parameters(), self.sides[-1].parameters()
        return max(float(np.max(np.abs(first[name] - last[name]))) for name in first)

    def _batches(self) -> Iterator[Array]:
        """The examples of each step, in an order that is drawn anew for every epoch."""
        generator = np.random.default_rng([self.seed, 2])
        examples = self._learned_from
        while True:
            order = examples[generator.permutation(len(examples))]
            for begin in range(0, len(order), self.batch_size):
                if self.taken == self.steps:
                    return
                yield order[begin : begin + self.batch_size]
