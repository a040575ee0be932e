"""Lesson 11: augmentation of batches of images."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def a_batch(draw: Draw) -> Any:
    return draw.floats((draw.size(0, 4), draw.integer(1, 3), draw.integer(1, 6), draw.integer(1, 6)))


@cases("smooth", "integers", "extreme")
def flip_inputs(draw: Draw) -> Case:
    x = a_batch(draw)
    return Case((x, draw.booleans((len(x),))))


@cases("smooth", "integers", "extreme")
def crop_inputs(draw: Draw) -> Case:
    x, padding = a_batch(draw), draw.integer(0, 4)
    return Case((x, *(draw.integers((len(x),), 0, 2 * padding + 1) for _ in range(2))), {"padding": padding})


@cases("smooth", "integers", "extreme")
def cutout_inputs(draw: Draw) -> Case:
    x, size = a_batch(draw), draw.integer(0, 6)
    return Case((x, *(draw.integers((len(x),), -3, 5) for _ in range(2))), {"size": size})


@cases("smooth", "extreme")
def normalize_inputs(draw: Draw) -> Case:
    x = a_batch(draw)
    channels = (x.shape[1],)
    return Case((x, draw.uniform(channels, -2.0, 2.0), draw.uniform(channels, 0.2, 3.0)))


def images(*others: Callable[[np.random.Generator, int], Any], **options: Any) -> dict[str, Any]:
    """Workloads: a batch of small images, and what goes with each of them."""

    def build(n: int, side: int) -> Callable[[np.random.Generator], Case]:
        def case(generator: np.random.Generator) -> Case:
            x = generator.standard_normal((n, 3, side, side), dtype=np.float32)
            return Case((x, *(other(generator, n) for other in others)), options)

        return case

    return {"small": build(16, 16), "medium": build(64, 32), "large": build(256, 32)}


def places(generator: np.random.Generator, n: int) -> Any:
    return generator.integers(0, 9, n)


def coins(generator: np.random.Generator, n: int) -> Any:
    return generator.random(n) < 0.5


def of_channels(generator: np.random.Generator, n: int) -> Any:
    return generator.uniform(0.2, 0.6, 3).astype(np.float32)


X, N = zeros((2, 3, 5, 6)), np.zeros(2, np.int64)

ROWS = (
    Entry(
        "ops.augmentation.flip",
        lesson=11,
        title="Mirrored images",
        inputs=flip_inputs,
        refusals=(
            Refusal("no batch", Case((zeros((5, 6)), zeros(5) > 0)), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("a coin too many", Case((X, zeros(3) > 0)), says=("mirrored", "(3,)", "(2, 3, 5, 6)")),
            Refusal("numbers for coins", Case((X, N)), says=("mirrored", "True or False", "int64")),
        ),
        sizes=images(coins),
        mistakes=(
            Mistake("upside down", replace="x[..., ::-1], x", by="x[:, :, ::-1], x"),
            Mistake("channels in reverse", replace="x[..., ::-1], x", by="x[:, ::-1], x"),
            Mistake("all or none", replace="mirrored[:, None, None, None]", by="mirrored.any()"),
            Mistake("the others are mirrored", replace="x[..., ::-1], x", by="x, x[..., ::-1]"),
            Mistake("the gradient is not mirrored back", replace="return mirror(dy, cache.mirrored)", by="return dy"),
        ),
    ),
    Entry(
        "ops.augmentation.crop",
        lesson=11,
        title="Shifted images",
        inputs=crop_inputs,
        refusals=(
            Refusal("no batch", Case((zeros((5, 6)), N, N)), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("beyond the padding", Case((X, N + 9, N)), says=("top", "8", "9")),
            Refusal("before the padding", Case((X, N, N - 1)), says=("left", "from 0", "-1")),
            Refusal("a place too many", Case((X, np.zeros(3, np.int64), N)), says=("top", "(3,)")),
            Refusal("a place between pixels", Case((X, N, N + 0.5)), says=("left", "whole numbers", "float64")),
            Refusal("negative padding", Case((X, N, N), {"padding": -1}), says=("padding", "-1")),
        ),
        sizes=images(places, places),
        mistakes=(
            Mistake(
                "top and left are swapped",
                replace="y[n] = padded[n, :, row : row + height, column : column + width]",
                by="y[n] = padded[n, :, column : column + height, row : row + width]",
            ),
            Mistake(
                "all images are shifted alike",
                replace="y[n] = padded[n, :, row : row + height, column : column + width]",
                by="y[n] = padded[n, :, top[0] : top[0] + height, left[0] : left[0] + width]",
            ),
            Mistake(
                "the border is rolled round",
                replace="y[n] = padded[n, :, row : row + height, column : column + width]",
                by="y[n] = np.roll(x[n], (padding - row, padding - column), (1, 2))",
            ),
            Mistake(
                "the gradient is not shifted back",
                replace="dpadded[n, :, row : row + height, column : column + width] = dy[n]",
                by="dpadded[n, :, padding : padding + height, padding : padding + width] = dy[n]",
            ),
        ),
    ),
    Entry(
        "ops.augmentation.cutout",
        lesson=11,
        title="Cutout",
        inputs=cutout_inputs,
        refusals=(
            Refusal("no batch", Case((zeros((5, 6)), N, N), {"size": 2}), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("a negative size", Case((X, N, N), {"size": -2}), says=("size", "-2")),
            Refusal("a place too many", Case((X, N, np.zeros(3, np.int64)), {"size": 2}), says=("left", "(3,)")),
            Refusal("a place between pixels", Case((X, N + 0.5, N), {"size": 2}), says=("top", "whole numbers")),
        ),
        sizes=images(places, places, size=8),
        mistakes=(
            Mistake(
                "top and left are swapped", replace="inside(x.shape[2], top, size)", by="inside(x.shape[2], left, size)"
            ),
            Mistake(
                "whole rows and columns are hidden",
                replace="hidden_rows[:, :, None] & hidden",
                by="hidden_rows[:, :, None] | hidden",
            ),
            Mistake(
                "a pixel too many", replace="(places < start[:, None] + size)", by="(places <= start[:, None] + size)"
            ),
            Mistake("multiplied by 0: NaN stays", replace="np.where(hidden, x.dtype.type(0), x)", by="x * ~hidden"),
            Mistake("what is hidden gets a gradient", replace="np.where(cache.hidden, dy.dtype.type(0), dy)", by="dy"),
            Mistake(
                "only what is hidden gets a gradient",
                replace="np.where(cache.hidden, dy.dtype.type(0), dy)",
                by="np.where(cache.hidden, dy, dy.dtype.type(0))",
            ),
        ),
    ),
    Entry(
        "ops.augmentation.normalize",
        lesson=11,
        title="Normalized images",
        inputs=normalize_inputs,
        refusals=(
            Refusal("no batch", Case((zeros((5, 6)), zeros(5), zeros(5))), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("a mean too many", Case((X, zeros(4), np.ones(3))), says=("mean", "(4,)", "(2, 3, 5, 6)")),
            Refusal("a constant channel", Case((X, zeros(3), zeros(3))), says=("std", "0")),
        ),
        sizes=images(of_channels, of_channels),
        mistakes=(
            Mistake("the mean is added", replace="(x - mean[:, None, None])", by="(x + mean[:, None, None])"),
            Mistake("times the deviation", replace="mean[:, None, None]) / std", by="mean[:, None, None]) * std"),
            Mistake("by the variance", replace="std = std[:, None, None]", by="std = std[:, None, None] ** 2"),
            Mistake(
                "statistics of this batch",
                replace="    y = (x - mean",
                by="    mean = x.mean(axis=(0, 2, 3)) if x.size else mean\n    y = (x - mean",
            ),
            Mistake("dx is not divided", replace="dx = dy / std\n    return", by="dx = dy + 0 * std\n    return"),
            Mistake("dmean has the wrong sign", replace="-dx.sum(axis=(0, 2, 3)),", by="dx.sum(axis=(0, 2, 3)),"),
            Mistake("dstd without y", replace="-(dx * y).sum(axis=(0, 2, 3))", by="-dx.sum(axis=(0, 2, 3))"),
        ),
    ),
)
