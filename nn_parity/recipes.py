"""The projects: for each what it learns, from which data, and how. Both sides cook by the same recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from . import edges
from .data import Dataset, load
from .data.dataset import Array
from .tasks import Task, as_it_is, per_feature, prepare, whole

State = Mapping[str, Array]
Report = Callable[[Task, State, Callable[[Array], Array]], str]


@dataclass(frozen=True)
class Recipe:
    """All that the two sides of a project share; the network and its step are in `projects/NAME.py` of each tree."""

    name: str
    title: str
    data: str
    sizes: tuple[int, ...]  # inputs, neurons of each layer
    goal: float  # the share of right answers to reach
    epochs: int
    learning_rate: float  # at the start; it falls along a straight line to zero
    batch_size: int | None = None  # None: all examples at once
    settings: Mapping[str, float] = field(default_factory=dict)  # what else Network takes
    tolerance: float = 0.0  # how far off a right answer may be: 0 for classes
    scale: Callable[[Array], tuple[Array, Array]] = per_feature
    draw: Callable[[int], Dataset] | None = None  # for data that belong to the project alone
    by_hand: State | None = None  # parameters that a person would choose, to compare with
    report: Report | None = None  # says in words or pictures what was learned

    def dataset(self, seed: int = 0) -> Dataset:
        """The data as they are. Raises DataError."""
        return self.draw(seed) if self.draw else load(self.data, seed=seed)

    def task(self, seed: int = 0, dtype: npt.DTypeLike = np.float32) -> Task:
        """The data as the network takes them. Raises DataError."""
        return prepare(self.dataset(seed), self.scale, dtype, outputs=self.sizes[-1])

    def made_up_task(self, examples: int, seed: int = 0, dtype: npt.DTypeLike = np.float64) -> Task:
        """Random data of the right shape, for steps that need no sense: comparing two sides, timing."""
        generator = np.random.default_rng(seed)
        inputs = generator.standard_normal((examples, self.sizes[0])).astype(dtype)
        if self.sizes[-1] > 1:
            targets = generator.integers(0, self.sizes[-1], examples)
        else:
            targets = generator.integers(0, 2, (examples, 1)).astype(dtype)
        return Task(inputs, targets, inputs, targets, source="made up")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters on both sides, in order: those of PyTorch's `state_dict`."""
        layers = range(1, len(self.sizes))
        return tuple(f"layer{layer}.{part}" for layer in layers for part in ("weight", "bias"))

    def parameters(self, seed: int = 0, dtype: npt.DTypeLike = np.float32) -> dict[str, Array]:
        """Where training starts: weights normal with variance 2 / inputs, biases zero.

        Each weight is drawn in float64 first, so that both dtypes start from the same numbers.
        Source: He, Zhang, Ren & Sun 2015, arXiv:1502.01852.
        """
        generator = np.random.default_rng([seed, 1])
        start: dict[str, Array] = {}
        for layer, (inputs, outputs) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), start=1):
            weight = generator.standard_normal((outputs, inputs)) * np.sqrt(2 / inputs)
            start[f"layer{layer}.weight"] = weight.astype(dtype)
            start[f"layer{layer}.bias"] = np.zeros(outputs, dtype)
        return start


def _formula(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """The straight line, with the standardisation of the input undone."""
    slope = float(state["layer1.weight"][0, 0] / task.deviation[0])
    start = float(state["layer1.bias"][0] - slope * task.mean[0])
    return f"°F = {slope:.4f} · °C + {start:.4f}"


def _picture(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """The test image, where light begins in it, where the neuron says so, and the weights that make it say so."""
    middles = task.test_inputs[:, 4]
    image = edges.pictures(image=middles, edges=task.test_targets, neuron=predict(task.test_inputs))
    rows = ["  ".join(f"{weight:6.2f}" for weight in row) for row in state["layer1.weight"].reshape(3, 3)]
    return "\n".join([image, "", f"weights (bias {state['layer1.bias'][0]:.2f}):", *rows])


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "celsius_to_fahrenheit",
            "one neuron learns a formula",
            data="celsius",
            sizes=(1, 1),
            goal=1.0,
            tolerance=0.1,
            epochs=200,
            learning_rate=0.1,
            report=_formula,
        ),
        Recipe(
            "edge_detector",
            "one neuron finds edges",
            data="edges",
            sizes=(9, 1),
            goal=0.98,
            epochs=60,
            batch_size=16,
            learning_rate=5.0,
            scale=as_it_is,
            draw=edges.dataset,
            by_hand=edges.BY_HAND,
            report=_picture,
        ),
        Recipe(
            "xor",
            "what takes two layers",
            data="xor",
            sizes=(2, 4, 1),
            goal=1.0,
            epochs=500,
            learning_rate=0.5,
        ),
        Recipe(
            "spiral",
            "64 hidden neurons unwind 3 arms",
            data="spiral",
            sizes=(2, 64, 3),
            goal=0.96,
            epochs=2000,
            learning_rate=1.0,
        ),
        Recipe(
            "breast_cancer",
            "benign or malignant?",
            data="breast_cancer",
            sizes=(30, 16, 1),
            goal=0.96,
            epochs=20,
            batch_size=32,
            learning_rate=0.1,
        ),
        Recipe(
            "digits",
            "digits of 8×8 pixels",
            data="digits",
            sizes=(64, 64, 10),
            goal=0.96,
            epochs=30,
            batch_size=32,
            learning_rate=0.1,
            settings={"momentum": 0.9},
        ),
        Recipe(
            "mnist_mlp",
            "digits of 28×28 pixels, 3 layers",
            data="mnist",
            sizes=(784, 128, 64, 10),
            goal=0.978,
            epochs=10,
            batch_size=64,
            learning_rate=0.05,
            settings={"momentum": 0.9, "weight_decay": 5e-4},
            scale=whole,
        ),
    )
}
