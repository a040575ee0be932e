"""Lesson 12: a detector of digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .. import canvases
from ..data.dataset import Array
from ..scores import Score
from ..tasks import Task
from .recipe import Recipe, State

LAYERS = {  # channels out, channels in, pixels a side of the kernel
    "layer1": (16, 1, 3),
    "layer2": (32, 16, 3),
    "layer3": (64, 32, 3),
    "layer4": (64, 64, 3),
    "layer5": (64, 64, 3),
    "head": (15, 64, 1),
}
ANCHOR = (17.0, 22.0)  # width and height of a typical digit


def mean_average_precision(predicted: Array, targets: Array, *, iou_thresholds: tuple[float, ...] = (0.5,)) -> float:
    """predicted: (N, K, 6), class score x1 y1 x2 y2; targets: (N, M, 5), class x1 y1 x2 y2; class -1 is no box.

    → the mean over the thresholds, by the definition of COCO.
    """
    from scratch.ops.detection import mean_average_precision as metric

    image, place = np.nonzero(predicted[..., 0] >= 0)
    target_image, target_place = np.nonzero(targets[..., 0] >= 0)
    said, there = predicted[image, place], targets[target_image, target_place]
    of_threshold = metric.forward(
        said[:, 2:], said[:, 1], said[:, 0].astype(np.int64), image,
        there[:, 1:], there[:, 0].astype(np.int64), target_image, iou_thresholds=iou_thresholds,
    )  # fmt: skip
    return float(of_threshold.mean())


def start(generator: np.random.Generator) -> dict[str, Array]:
    """Weights normal with variance 2 / fan_in, biases zero; but "here" begins as unlikely as it is."""
    parameters: dict[str, Array] = {}
    for name, (outputs, inputs, kernel) in LAYERS.items():
        deviation = np.sqrt(2 / (inputs * kernel * kernel)) * (0.1 if name == "head" else 1)
        parameters[f"{name}.weight"] = generator.standard_normal((outputs, inputs, kernel, kernel)) * deviation
        parameters[f"{name}.bias"] = np.zeros(outputs)
    parameters["head.bias"][4] = -3.0
    return parameters


def real(seed: int, dtype: npt.DTypeLike) -> Task:
    """Canvases with digits of MNIST."""
    return canvases.task(train=10_000, test=500, seed=seed, dtype=dtype)


def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    """Small canvases of noise, with boxes whose centres keep clear of the borders of the cells."""
    inputs = generator.standard_normal((examples, 1, 32, 32)).astype(dtype)
    centre = 8 * (generator.integers(0, 4, (examples, 3, 2)) + generator.uniform(0.1, 0.9, (examples, 3, 2)))
    size = generator.uniform(6, 24, (examples, 3, 2))
    labels = generator.integers(-1, 10, (examples, 3, 1))
    targets = np.concatenate([labels, centre - size / 2, centre + size / 2], axis=-1).astype(dtype)
    return Task(inputs, targets, inputs, targets, source="made up")


def _strictly(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    thresholds = tuple((50 + 5 * i) / 100 for i in range(10))
    value = mean_average_precision(predict(task.test_inputs), task.test_targets, iou_thresholds=thresholds)
    return f"mAP@[.5:.95] {value:.4f}"


RECIPES = (
    Recipe(
        "digit_detector",
        "a small YOLO finds digits",
        data="mnist",
        network="5 convolutions 3×3 (16-32-64-64-64), head 1×1",
        goal=0.90,
        epochs=4,
        batch_size=16,
        learning_rate=2e-3,
        start=start,
        real=real,
        made_up=made_up,
        settings={"anchor": ANCHOR},
        score=Score("mAP@0.5", mean_average_precision, percent=True),
        report=_strictly,
    ),
)
