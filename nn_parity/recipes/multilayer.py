"""Recipes of multilayer perceptrons: all that has to be said is how wide the layers are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..data import Dataset, load
from ..data.dataset import Array
from ..tasks import Scale, Task, per_feature, prepare
from .recipe import Recipe


def multilayer_perceptron(
    name: str,
    title: str,
    *,
    data: str,
    sizes: tuple[int, ...],
    scale: Scale = per_feature,
    draw: Callable[[int], Dataset] | None = None,
    **rest: Any,
) -> Recipe:
    """A recipe with parameters layer1.weight, layer1.bias, layer2.weight …

    sizes: inputs, neurons of each layer. draw: makes data that belong to the project alone, from a seed.
    """

    def start(generator: np.random.Generator) -> dict[str, Array]:
        return linear_layers(sizes, generator)

    def real(seed: int, dtype: npt.DTypeLike) -> Task:
        return prepare(draw(seed) if draw else load(data, seed=seed), scale, dtype, outputs=sizes[-1])

    def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
        inputs = generator.standard_normal((examples, sizes[0])).astype(dtype)
        if sizes[-1] > 1:
            targets = generator.integers(0, sizes[-1], examples)
        else:
            targets = generator.integers(0, 2, (examples, 1)).astype(dtype)
        return Task(inputs, targets, inputs, targets, source="made up")

    network = "-".join(map(str, sizes))
    return Recipe(name, title, data, network, start=start, real=real, made_up=made_up, **rest)


def linear_layers(sizes: tuple[int, ...], generator: np.random.Generator) -> dict[str, Array]:
    """Weights normal with variance 2 / inputs, biases zero.

    Source: He, Zhang, Ren & Sun 2015, arXiv:1502.01852.
    """
    start: dict[str, Array] = {}
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        start[f"layer{layer}.weight"] = generator.standard_normal((outputs, inputs)) * np.sqrt(2 / inputs)
        start[f"layer{layer}.bias"] = np.zeros(outputs)
    return start
