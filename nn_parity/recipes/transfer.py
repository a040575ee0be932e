"""Lesson 14: a network that learns digits from MNIST, and goes on with another kind of digits and few labels.

The other digits are scikit-learn's: 8×8 pixels, about 180 of each, from bitmaps that were made to fill the square. So
MNIST is cut to its middle 24×24, in which the strokes are, and every 3×3 pixels become their mean.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import checkpoints
from ..data import as_floats, load
from ..data.dataset import Array
from ..tasks import Task
from .convolutional import drawn, images_of, normalization
from .recipe import Recipe

PRETRAINED = Path(__file__).parents[1] / "weights" / "pretraining.safetensors"  # by PyTorch, from the recipe below
LABELS = 10  # a class
SETTINGS: dict[str, Any] = {"momentum": 0.9, "weight_decay": 5e-4}

SHAPES = {
    "body.0.weight": (16, 1, 3, 3),
    **normalization("body.1", 16),
    "body.3.weight": (32, 16, 3, 3),
    **normalization("body.4", 32),
    "body.7.weight": (32, 32, 3, 3),
    **normalization("body.8", 32),
    "output.weight": (10, 128),
    "output.bias": (10,),
}


def small_mnist(seed: int, dtype: npt.DTypeLike) -> Task:
    """MNIST at 8×8: pixels from 0 to 1. Raises DataError."""
    dataset = load("mnist", seed=seed)
    assert dataset.test is not None
    train, test = (shrunk(as_floats(part.inputs, dtype)) for part in (dataset.train, dataset.test))
    return Task(train, dataset.train.targets, test, dataset.test.targets, source=dataset.source)


def shrunk(images: Array) -> Array:
    """images: (N, 28, 28) → means of 3×3 pixels of the middle: (N, 1, 8, 8)."""
    middle = images[:, 2:26, 2:26].reshape(-1, 8, 3, 8, 3)
    return middle.mean(axis=(2, 4))[:, None]  # type: ignore[no-any-return]


def few_digits(labels: int | None) -> Any:
    """So many labels a class of the digits of scikit-learn (None: all of the training part), tested on the test part.

    The seed chooses who is tested and who is learned from.
    """

    def real(seed: int, dtype: npt.DTypeLike) -> Task:
        dataset = load("digits", seed=seed)
        assert dataset.test is not None
        train, test = ((part.inputs / 16).astype(dtype)[:, None] for part in (dataset.train, dataset.test))
        order = np.random.default_rng([seed, 4]).permutation(len(train))
        kinds = dataset.train.targets[order]
        chosen = np.concatenate([order[kinds == kind][:labels] for kind in range(10)])
        return Task(train[chosen], dataset.train.targets[chosen], test, dataset.test.targets, source=dataset.source)

    return real


@lru_cache(maxsize=1)
def pretrained() -> dict[str, Array]:
    """What PyTorch saved after the training by the recipe `pretraining`."""
    return checkpoints.load(PRETRAINED, "pretraining")


def with_a_new_head(generator: np.random.Generator) -> dict[str, Array]:
    """The pretrained network, with zeros where the old answers were."""
    from scratch.projects.pretraining import Network  # not before it is needed
    from scratch.training.load_pretrained import load_pretrained
    from scratch.training.replace_head import replace_head

    network = Network(drawn(SHAPES)(generator), **SETTINGS)
    load_pretrained(network, pretrained(), skip=("output.*",))
    replace_head(network, "output", 10)
    return network.state_dict()


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "pretraining",
        "MNIST at 8×8, to go on from",
        "mnist",
        "conv16-conv32-conv32-10",
        goal=0.98,
        epochs=4,
        batch_size=64,
        learning_rate=0.05,
        start=drawn(SHAPES),
        real=small_mnist,
        made_up=images_of(1, 8, 8),
        settings=SETTINGS,
    ),
    Recipe(
        "fine_tuning",
        "other digits, 10 labels each",
        "digits",
        "pretrained conv16-conv32-conv32-10",
        goal=0.9,
        epochs=10,
        batch_size=20,
        learning_rate=0.05,
        start=with_a_new_head,
        real=few_digits(LABELS),
        made_up=images_of(1, 8, 8),
        settings={"frozen": ("body.[01].*",), "shares": {"body.*": 0.3, "output.*": 1.0}, **SETTINGS},
    ),
)
