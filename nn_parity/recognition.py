"""How good are drawn digits? Not by eye: by a classifier that has learned from real ones.

    confident    the share of images that it is sure of: its highest probability is at least 0.9
    classes      how many of the ten digits there are, at least one image in a hundred each
    Fréchet      how far the drawn images are from real ones, in what the classifier's last hidden layer makes of them

Confidence alone can be had by drawing one perfect 1 over and over; that is what the classes are for. A Fréchet distance
sees both, and variety within a class too. It fits a normal distribution to the features of either kind, and is the
distance of the two:

    |mean₁ - mean₂|² + trace( cov₁ + cov₂ - 2 (cov₁ cov₂)^½ )

Heusel et al. 2017, arXiv:1706.08500, have it with the features of Inception; with other features the numbers are
others, and can be compared among themselves only.

The classifier is the project `mnist_mlp` of `scratch/`, trained when it is first needed. It takes some seconds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from .data.dataset import Array
from .scores import Score

EPOCHS = 4
SURE = 0.9
PRESENT = 0.01  # the share of the images that a class needs to count as present


class Figures(NamedTuple):
    """What the classifier says about a set of images."""

    confident: float
    classes: int
    counts: list[int]  # how many images of each digit
    frechet: float


class Classifier:
    """784-128-64-10, after a training on real digits."""

    def __init__(self) -> None:
        from .lockstep import Training, find_project, scratch_side
        from .recipes import RECIPES

        recipe = RECIPES["mnist_mlp"]
        task = recipe.task()
        side = scratch_side(find_project("scratch", recipe.name), recipe.parameters(), recipe.settings)
        for _ in Training.by(recipe, task, [side], epochs=EPOCHS):
            pass
        self.parameters = side.parameters()
        self.mean, self.deviation = task.mean, task.deviation
        self.real = self.features(task.test_inputs * self.deviation + self.mean)

    def features(self, images: Array) -> Array:
        """images: (N, 784), pixels from 0 to 1 → the last hidden layer: (N, 64)."""
        x = (images.astype(np.float32) - self.mean) / self.deviation
        for layer in ("layer1", "layer2"):
            x = np.maximum(x @ self.parameters[f"{layer}.weight"].T + self.parameters[f"{layer}.bias"], 0)
        return x

    def probabilities(self, images: Array) -> Array:
        """images: (N, 784) → of each digit: (N, 10)."""
        logits = self.features(images) @ self.parameters["layer3.weight"].T + self.parameters["layer3.bias"]
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Array = weights / weights.sum(axis=1, keepdims=True)
        return shares


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The one that judges all images. Raises DataError without MNIST."""
    return Classifier()


def figures(images: Array) -> Figures:
    """images: (N, 784), pixels from 0 to 1. Raises ValueError for other shapes."""
    confident, counts = _recognized(images)
    judge = classifier()
    present = int(np.sum(counts >= PRESENT * len(images)))
    return Figures(confident, present, counts.tolist(), frechet_distance(judge.features(images), judge.real))


def recognized(images: Array, targets: Any = None) -> float:
    """The share of images that the classifier is sure of; 0 where a digit is missing."""
    confident, counts = _recognized(images)
    return confident if np.all(counts >= PRESENT * len(images)) else 0.0


def frechet_distance(first: Array, second: Array) -> float:
    """The distance of the normal distributions that fit two sets of features (N, C) and (M, C) best."""
    (mean1, cov1), (mean2, cov2) = ((f.mean(axis=0), np.cov(f, rowvar=False)) for f in _wide(first, second))
    values, vectors = np.linalg.eigh(cov1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    overlap = np.linalg.eigvalsh(root @ cov2 @ root)  # the eigenvalues of cov1 cov2, by a symmetric matrix
    cross = np.sqrt(np.maximum(overlap, 0)).sum()
    return float(np.sum((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2) - 2 * cross)


def _recognized(images: Array) -> tuple[float, Array]:
    """The share that the classifier is sure of, and how many of each digit."""
    if images.ndim != 2 or images.shape[1] != 784 or not len(images):
        raise ValueError(f"images must be (N, 784), at least one; got {images.shape}")
    probabilities = classifier().probabilities(images)
    counts = np.bincount(probabilities.argmax(axis=1), minlength=10)
    return float(np.mean(probabilities.max(axis=1) >= SURE)), counts


def _wide(*features: Array) -> list[Array]:
    return [each.astype(np.float64) for each in features]


RECOGNIZED = Score("sure", recognized, percent=True)
