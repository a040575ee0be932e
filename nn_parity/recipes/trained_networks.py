"""Recipes of lesson 10: networks made of layers, with all that helps training."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..data.dataset import Array
from ..scores import Score, require_one_answer_each
from ..tasks import Task, whole
from .multilayer import multilayer_perceptron
from .recipe import Recipe


def cosine(done: float) -> float:
    """The learning rate falls along half a wave of a cosine."""
    return (1 + math.cos(math.pi * done)) / 2


def constant(done: float) -> float:
    """The learning rate stays: nobody knows when the training will end."""
    return 1.0


def _r2(predicted: Array, targets: Array) -> float:
    """The share of the variance that is explained."""
    require_one_answer_each(predicted, targets)
    return float(1 - ((predicted - targets) ** 2).sum() / ((targets - targets.mean()) ** 2).sum())


def _with_batch_norm(recipe: Recipe, widths: tuple[int, ...]) -> Recipe:
    """Layers before a normalization have no bias; the normalization begins with weight 1 and bias 0."""

    def start(generator: np.random.Generator) -> dict[str, Array]:
        layers, found = recipe.start(generator), {}
        for number, width in enumerate(widths, start=1):
            found[f"layer{number}.weight"] = layers.pop(f"layer{number}.weight")
            del layers[f"layer{number}.bias"]
            norm = {"weight": np.ones(width), "bias": np.zeros(width), "running_mean": np.zeros(width),
                    "running_var": np.ones(width), "num_batches_tracked": np.array(0)}  # fmt: skip
            found.update({f"norm{number}.{name}": value for name, value in norm.items()})
        return found | layers

    return replace(recipe, start=start)


def _with_standardised_targets(recipe: Recipe) -> Recipe:
    """Targets with mean 0 and deviation 1 over the training part."""

    def real(seed: int, dtype: npt.DTypeLike) -> Task:
        task = recipe.real(seed, dtype)
        mean, deviation = task.targets.mean(), task.targets.std()
        return replace(
            task,
            targets=((task.targets - mean) / deviation).astype(dtype),
            test_targets=((task.test_targets - mean) / deviation).astype(dtype),
        )

    return replace(recipe, real=real)


RECIPES = (
    _with_batch_norm(
        multilayer_perceptron(
            "mnist_batch_norm",
            "batch norm, dropout and Adam",
            data="mnist",
            sizes=(784, 512, 128, 10),
            goal=0.983,
            epochs=12,
            batch_size=128,
            learning_rate=2e-3,
            schedule=cosine,
            scale=whole,
            settings={"dropout": 0.3},
        ),
        (512, 128),
    ),
    multilayer_perceptron(
        "early_stopping",
        "too large, stopped in time",
        data="breast_cancer",
        sizes=(30, 128, 1),
        goal=0.96,
        epochs=200,
        batch_size=32,
        learning_rate=2e-3,
        schedule=constant,
        settings={"patience": 10},
        set_aside=0.2,
    ),
    _with_standardised_targets(
        multilayer_perceptron(
            "diabetes",
            "a regression, judged by R²",
            data="diabetes",
            sizes=(10, 16, 1),
            goal=0.45,
            epochs=30,
            batch_size=32,
            learning_rate=1e-2,
            schedule=cosine,
            settings={"dropout": 0.2, "weight_decay": 0.1},
            score=Score("R²", _r2),
        )
    ),
)
