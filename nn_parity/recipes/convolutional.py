"""Lesson 11: networks that look at images."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from .. import photographs
from ..data import as_floats, load
from ..data.dataset import Array
from ..scores import ROOT_MEAN_SQUARE_ERROR
from ..tasks import Task
from .recipe import Recipe

Shapes = Mapping[str, tuple[int, ...]]

MNIST_CNN: Shapes = {
    "conv1.weight": (16, 1, 5, 5),
    "conv1.bias": (16,),
    "conv2.weight": (32, 16, 5, 5),
    "conv2.bias": (32,),
    "hidden.weight": (64, 800),
    "hidden.bias": (64,),
    "output.weight": (10, 64),
    "output.bias": (10,),
}


def normalization(name: str, channels: int) -> Shapes:
    """The parameters and buffers of a batch normalization."""
    vectors = ("weight", "bias", "running_mean", "running_var")
    return {**{f"{name}.{vector}": (channels,) for vector in vectors}, f"{name}.num_batches_tracked": ()}


def basic_block(name: str, inputs: int, outputs: int) -> Shapes:
    """Those of a block of a residual network, with a projection where the channels change."""
    shapes = {
        f"{name}.conv1.weight": (outputs, inputs, 3, 3),
        **normalization(f"{name}.bn1", outputs),
        f"{name}.conv2.weight": (outputs, outputs, 3, 3),
        **normalization(f"{name}.bn2", outputs),
    }
    if inputs != outputs:
        shapes[f"{name}.downsample.0.weight"] = (outputs, inputs, 1, 1)
        shapes |= normalization(f"{name}.downsample.1", outputs)
    return shapes


CIFAR10_RESNET: Shapes = {
    "body.0.weight": (16, 3, 3, 3),
    **normalization("body.1", 16),
    **basic_block("body.3", 16, 16),
    **basic_block("body.4", 16, 32),
    **basic_block("body.5", 32, 64),
    "output.weight": (10, 64),
    "output.bias": (10,),
}


def drawn(shapes: Shapes) -> Callable[[np.random.Generator], dict[str, Array]]:
    """First values: weights normal with variance 2 / inputs of a neuron, scales and variances 1, all else 0.

    Source: He, Zhang, Ren & Sun 2015, arXiv:1502.01852.
    """

    def start(generator: np.random.Generator) -> dict[str, Array]:
        values: dict[str, Array] = {}
        for name, shape in shapes.items():
            if len(shape) > 1:
                values[name] = generator.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
            elif name.endswith("num_batches_tracked"):
                values[name] = np.zeros(shape, np.int64)
            else:
                ones = name.endswith(("running_var", ".weight"))
                values[name] = np.ones(shape) if ones else np.zeros(shape)
        return values

    return start


def classes_of_images(name: str) -> Callable[[int, npt.DTypeLike], Task]:
    """A data set of images with its channels in front, each normalized by statistics of the training part."""

    def real(seed: int, dtype: npt.DTypeLike) -> Task:
        dataset = load(name, seed=seed)
        test = dataset.test or dataset.train
        inputs, test_inputs = (as_floats(_with_channels(part.inputs), dtype) for part in (dataset.train, test))
        mean = inputs.mean(axis=(0, 2, 3), keepdims=True)
        deviation = inputs.std(axis=(0, 2, 3), keepdims=True)
        return Task(
            (inputs - mean) / deviation,
            dataset.train.targets,
            (test_inputs - mean) / deviation,
            test.targets,
            source=dataset.source,
            tested_on="test" if dataset.test else "training",
            mean=mean,
            deviation=deviation,
        )

    return real


def images_of(*shape: int) -> Callable[[int, np.random.Generator, npt.DTypeLike], Task]:
    """Random images of this shape in ten classes."""

    def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
        inputs = generator.standard_normal((examples, *shape)).astype(dtype)
        targets = generator.integers(0, 10, examples)
        return Task(inputs, targets, inputs, targets, source="made up")

    return made_up


def _with_channels(images: Array) -> Array:
    """(N, H, W) → (N, 1, H, W)."""
    return images[:, None] if images.ndim == 3 else images


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "photo_filters",
        "filters learned from photos",
        "photographs",
        "1-4 (3×3)",
        goal=0.002,
        epochs=30,
        batch_size=16,
        learning_rate=0.1,
        start=drawn({"filters.weight": (4, 1, 3, 3), "filters.bias": (4,)}),
        real=photographs.task,
        made_up=photographs.made_up_task,
        score=ROOT_MEAN_SQUARE_ERROR,
        by_hand={"filters.weight": photographs.KERNELS, "filters.bias": np.zeros(len(photographs.KERNELS))},
        report=photographs.report,
    ),
    Recipe(
        "mnist_cnn",
        "digits by 2 convolutions",
        "mnist",
        "conv16-conv32-64-10",
        goal=0.99,
        epochs=6,
        batch_size=64,
        learning_rate=0.02,
        start=drawn(MNIST_CNN),
        real=classes_of_images("mnist"),
        made_up=images_of(1, 28, 28),
        settings={"momentum": 0.9, "weight_decay": 5e-4},
    ),
    Recipe(
        "cifar10_resnet",
        "photos by 3 residual blocks",
        "cifar10",
        "conv16-block16-block32-block64-10",
        goal=0.48,
        epochs=4,
        batch_size=64,
        learning_rate=0.05,
        start=drawn(CIFAR10_RESNET),
        real=classes_of_images("cifar10"),
        made_up=images_of(3, 32, 32),
        settings={"momentum": 0.9, "weight_decay": 5e-4, "seed": 0},
    ),
)
