"""Canvases with several handwritten digits and clutter: what the detector learns from, and is tested on.

Every digit is a real one of MNIST, at a size and a place that are drawn, each box the smallest around its ink. Clutter
are scraps of other digits, which no box belongs to. Canvases to learn from take training digits, canvases to be tested
on take test digits: nobody has seen those.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from .data import Split, as_floats, load
from .data.dataset import Array
from .tasks import Task

SIZE = 64  # pixels a side
MOST = 4  # digits on a canvas; there may be none
SCRAPS = 5
SCRAP = 6  # pixels a side
LENGTHS = range(26, 39)  # of a side of the 28 × 28 image, after it was scaled
INK = 0.3  # what is darker than this belongs to a digit, and to its box
APART = 0.05  # the share of the smaller of two boxes that both may cover
TRIES = 20


def task(train: int, test: int, seed: int, dtype: npt.DTypeLike) -> Task:
    """So many canvases of each kind. Raises DataError where MNIST is not to be had."""
    digits = load("mnist")
    if digits.test is None:
        raise ValueError("the digits must have a test part")
    inputs, targets = draw(digits.train, train, np.random.default_rng([seed, 10]), dtype)
    test_inputs, test_targets = draw(digits.test, test, np.random.default_rng([seed, 11]), dtype)
    return Task(inputs, targets, test_inputs, test_targets, source=digits.source)


def draw(digits: Split, count: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> tuple[Array, Array]:
    """→ canvases (count, 1, SIZE, SIZE), from 0 to 1, and boxes (count, MOST, 5): class x1 y1 x2 y2.

    Rows that are left over have the class -1.
    """
    canvases = np.zeros((count, 1, SIZE, SIZE), dtype)
    targets = np.zeros((count, MOST, 5), dtype)
    targets[..., 0] = -1
    for canvas, boxes in zip(canvases[:, 0], targets, strict=True):
        for _ in range(SCRAPS):
            _paste(canvas, _scrap(_one_of(digits, generator)[0], generator), generator.integers(0, SIZE - SCRAP, 2))
        placed = 0
        for _ in range(generator.integers(0, MOST + 1)):
            image, label = _one_of(digits, generator)
            digit = _cropped(_scaled(image, generator.choice(LENGTHS)))
            corner = _free_place(digit, boxes[:placed, 1:], generator)
            if corner is not None:
                _paste(canvas, digit, corner)
                boxes[placed] = label, *_box(digit, corner)
                placed += 1
    return canvases, targets


def _one_of(digits: Split, generator: np.random.Generator) -> tuple[Array, int]:
    place = int(generator.integers(len(digits.inputs)))
    return as_floats(digits.inputs[place]), int(digits.targets[place])


def _scrap(image: Array, generator: np.random.Generator) -> Array:
    """A small square out of the middle of a digit, where there is ink."""
    top, left = generator.integers(8, 20 - SCRAP, 2)
    return image[top : top + SCRAP, left : left + SCRAP]


def _scaled(image: Array, length: int) -> Array:
    """The image, length × length: every pixel a mean of the two nearest, along each axis."""
    weights = _interpolation(len(image), int(length))
    scaled: Array = weights @ image @ weights.T
    return scaled


@cache
def _interpolation(old: int, new: int) -> Array:
    """(new, old): how much of each old pixel is in each new one."""
    centre = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    weights: Array = np.maximum(1 - np.abs(centre[:, None] - np.arange(old)), 0).astype(np.float32)
    return weights


def _cropped(image: Array) -> Array:
    """The smallest rectangle that holds all ink."""
    rows, columns = (np.flatnonzero((image > INK).any(axis=axis)) for axis in (1, 0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _free_place(digit: Array, boxes: Array, generator: np.random.Generator) -> Array | None:
    """An upper left corner (row, column) where the digit hardly covers another; None where none was found."""
    for _ in range(TRIES):
        corner = generator.integers(0, SIZE - np.array(digit.shape) + 1)
        x1, y1, x2, y2 = _box(digit, corner)
        width = np.minimum(boxes[:, 2], x2) - np.maximum(boxes[:, 0], x1)
        height = np.minimum(boxes[:, 3], y2) - np.maximum(boxes[:, 1], y1)
        common = np.maximum(width, 0) * np.maximum(height, 0)
        area = np.minimum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), digit.size)
        if (common <= APART * area).all():
            return corner
    return None


def _box(digit: Array, corner: Array) -> tuple[int, int, int, int]:
    """x1 y1 x2 y2 of a digit whose upper left corner is at (row, column)."""
    (row, column), (height, width) = corner.tolist(), digit.shape
    return column, row, column + width, row + height


def _paste(canvas: Array, image: Array, corner: Array) -> None:
    """Lay an image on the canvas; where there is ink already, the darker of both stays."""
    row, column = corner
    height, width = image.shape
    part = canvas[row : row + height, column : column + width]
    np.maximum(part, image, out=part)
