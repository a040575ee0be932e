"""The image of the edge detector: bright rectangles on a dark ground, cut into patches of 3×3 pixels."""

from __future__ import annotations

import numpy as np

from .data import Dataset, Split
from .data.dataset import Array

SIZE = 18  # pixels a side; the patches make a picture of 16×16
RECTANGLES = 4
GRAIN = 0.05  # standard deviation of the noise, where dark is 0 and bright is 1

# What a neuron looks for when a person sets its weights: dark on the left, bright on the right. The sum over a clean
# edge is 3, and 2 where the edge fills two of three rows, so the threshold lies below.
BY_HAND = {
    "layer1.weight": np.array([[-1, 0, 1, -1, 0, 1, -1, 0, 1]]),
    "layer1.bias": np.array([-1.5]),
}


def dataset(seed: int = 0) -> Dataset:
    """One image to learn from and another to be tested on: inputs (256, 3, 3), class 1 where light begins."""
    generator = np.random.default_rng(seed)
    train, test = _patches(generator), _patches(generator)
    return Dataset("edges", train, test, classes=("no edge", "edge"), source="drawn")


def _patches(generator: np.random.Generator) -> Split:
    clean = _draw(generator)
    grainy = clean + GRAIN * generator.standard_normal(clean.shape)
    windows = np.lib.stride_tricks.sliding_window_view
    rise = (windows(clean, (3, 3))[..., 2] - windows(clean, (3, 3))[..., 0]).sum(axis=-1)  # (16, 16), -3 … 3
    return Split(windows(grainy, (3, 3)).reshape(-1, 3, 3), (rise >= 2).astype(np.int64).reshape(-1))


def _draw(generator: np.random.Generator) -> Array:
    image = np.zeros((SIZE, SIZE))
    for _ in range(RECTANGLES):
        top, left = generator.integers(0, SIZE - 5, 2)
        height, width = generator.integers(4, 9, 2)
        image[top : top + height, left : left + width] = 1
    return image


def pictures(**columns: Array) -> str:
    """Pictures of square images side by side, each under its name, drawn in characters: `·` dark, `█` bright."""
    side = SIZE - 2
    lines = ["   ".join(f"{name.replace('_', ' '):<{side}}" for name in columns)]
    for row in range(side):
        cells = (column.reshape(side, side)[row] > 0.5 for column in columns.values())
        lines.append("   ".join("".join("█" if bright else "·" for bright in cell) for cell in cells))
    return "\n".join(line.rstrip() for line in lines)
