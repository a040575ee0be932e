"""Lesson 12: YOLO: who finds what, what was said, and how wrong it was."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ones, zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

SOME = (1, 2, 3, 4, 1, 2, 3, 0)  # sizes; now and then nothing


def scene(draw: Draw, stride: int, *, classes: int) -> tuple[tuple[Any, Any, Any], tuple[int, int]]:
    """Boxes, labels and anchors with a grid that they lie on. In the smooth mode no centre is near a border."""
    grid = (draw.size(1, 4), draw.size(1, 4))
    images, most, kinds = draw.choice(SOME), draw.choice(SOME), draw.size(1, 3)
    middle = [draw.integers((images, most), 0, stride * n + 1) for n in reversed(grid)]  # the far border included
    half = [draw.integers((images, most), 0, stride + 1) for _ in grid]
    low, high = ([m + sign * h for m, h in zip(middle, half, strict=True)] for sign in (-1, 1))
    boxes = np.stack([*low, *high], axis=-1).astype(draw.dtype)
    anchors = draw.integers((kinds, 2), 1, 2 * stride).astype(draw.dtype)
    if draw.mode == "smooth":
        place = [draw.integers((images, most), 0, n) for n in reversed(grid)]
        centre = np.stack([(p + draw.uniform(p.shape, 0.1, 0.9)) * stride for p in place], axis=-1)
        size = draw.uniform((images, most, 2), 0.2, 3.0) * stride
        boxes = np.concatenate([centre - size / 2, centre + size / 2], axis=-1).astype(draw.dtype)
        anchors = draw.uniform((kinds, 2), 0.2, 2.0) * stride
    return (boxes, draw.integers((images, most), -1, classes), anchors.astype(draw.dtype)), grid


@cases("smooth", "integers")
def encode_inputs(draw: Draw) -> Case:
    stride = draw.choice((4, 8))
    arrays, grid = scene(draw, stride, classes=3)
    return Case(arrays, {"grid": grid, "stride": stride})


@cases("smooth")
def decode_inputs(draw: Draw) -> Case:
    kinds = draw.size(1, 3)
    offsets = draw.uniform((draw.choice(SOME), kinds, 4, draw.choice(SOME), draw.choice(SOME)), -4.0, 3.0)
    return Case((offsets, draw.uniform((kinds, 2), 0.5, 9.0)), {"stride": draw.choice((1, 8, 2.5))})


@cases("smooth")
def loss_inputs(draw: Draw) -> Case:
    stride, classes = draw.choice((4, 8)), draw.size(1, 4)
    (boxes, labels, anchors), grid = scene(draw, stride, classes=classes)
    prediction = draw.uniform((len(boxes), len(anchors) * (5 + classes), *grid), -2.0, 2.0)
    weights = {name: draw.choice((1.0, 0.5, 2.0)) for name in ("box_weight", "class_weight", "nothing_weight")}
    return Case((prediction, boxes, labels, anchors), {"stride": stride, **weights})


def batch(n: int, cells: int, kinds: int, classes: int) -> Callable[[np.random.Generator], tuple[Any, ...]]:
    """What a network with stride 8 says about n images, and six objects in each."""

    def build(generator: np.random.Generator) -> tuple[Any, ...]:
        centre = generator.uniform(4, 8 * cells - 4, (n, 6, 2))
        size = generator.uniform(8, 32, (n, 6, 2))
        boxes = np.concatenate([centre - size / 2, centre + size / 2], axis=-1)
        prediction = generator.standard_normal((n, kinds * (5 + classes), cells, cells))
        labels = generator.integers(-1, classes, (n, 6))
        anchors = generator.uniform(10, 30, (kinds, 2))
        return (*(a.astype(np.float32) for a in (prediction, boxes)), labels, anchors.astype(np.float32))

    return build


def loss_of(*shape: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case(batch(*shape)(generator), {"stride": 8})


def encoding_of(n: int, cells: int) -> Callable[[np.random.Generator], Case]:
    options = {"grid": (cells, cells), "stride": 8}
    return lambda generator: Case(batch(n, cells, 3, 10)(generator)[1:], options)


def decoding_of(n: int, cells: int, kinds: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        offsets = generator.standard_normal((n, kinds, 4, cells, cells)).astype(np.float32)
        return Case((offsets, generator.uniform(10, 30, (kinds, 2)).astype(np.float32)), {"stride": 8})

    return build


BOX = np.array([[[0.0, 0.0, 4.0, 4.0]]])  # one image with one box
LABEL = np.zeros((1, 1), np.int64)
ANCHOR = np.full((1, 2), 4.0)
GRID = {"grid": (2, 2), "stride": 4}
REFUSED_TARGETS = (
    ("corners out of order", (BOX[..., ::-1], LABEL, ANCHOR), ("x1 ≤ x2", "[4.0, 4.0, 0.0, 0.0]")),
    ("NaN", (BOX * np.nan, LABEL, ANCHOR), ("boxes", "NaN")),
    ("a centre off the grid", (BOX + 8, LABEL, ANCHOR), ("centres", "2 × 2", "[8.0, 8.0, 12.0, 12.0]")),
    ("a label below -1", (BOX, LABEL - 2, ANCHOR), ("labels", "-1", "-2")),
    ("labels of floats", (BOX, zeros((1, 1)), ANCHOR), ("labels", "integers", "float64")),
    ("a label too many", (BOX, np.zeros((1, 2), np.int64), ANCHOR), ("labels", "(1, 2)", "(1, 1, 4)")),
    ("five numbers a box", (zeros((1, 1, 5)), LABEL, ANCHOR), ("boxes", "(N, M, 4)", "(1, 1, 5)")),
    ("an anchor without size", (BOX, LABEL, 0 * ANCHOR), ("anchors", "positive")),
)
SAID = zeros((1, 6, 2, 2))

ROWS = (
    Entry(
        "ops.detection.yolo_encode",
        lesson=12,
        title="Which cell finds which box",
        inputs=encode_inputs,
        gradient=False,
        refusals=(
            *(Refusal(reason, Case(arrays, GRID), says) for reason, arrays, says in REFUSED_TARGETS),
            Refusal("no cells", Case((BOX, LABEL, ANCHOR), {"grid": (0, 2), "stride": 4}), says=("grid", "(0, 2)")),
        ),
        sizes={"small": encoding_of(8, 8), "medium": encoding_of(64, 16), "large": encoding_of(256, 32)},
        mistakes=(
            Mistake("on the border, in the first cell of the next row", "stride).astype(np.int64), columns - 1)",
                    "stride).astype(np.int64), columns) % columns"),
            Mistake("on the border, one cell too far in", "stride).astype(np.int64), rows - 1)",
                    "stride).astype(np.int64), max(rows - 2, 0))"),
            Mistake("between two cells, in the earlier one", "np.floor(centre_x / stride).astype(np.int64)",
                    "np.maximum(np.ceil(centre_x / stride) - 1, 0).astype(np.int64)"),
            Mistake("the nearest corner of a cell", "np.floor(centre_y / stride)", "np.round(centre_y / stride)"),
            Mistake("the cell of the corner, not of the centre", "= (x1 + x2) / 2, (y1 + y2) / 2",
                    "= np.maximum(x1, 0), np.maximum(y1, 0)"),
            Mistake("rows and columns change places", "(images, anchor, row, column), members",
                    "(images, anchor, np.minimum(column, rows - 1), np.minimum(row, columns - 1)), members"),
            Mistake("the last in the list has the cell", "np.minimum.at(owner, (images, anchor, row, column), members)",
                    "owner[images, anchor, row, column] = members"),
            Mistake("the largest common part, however large the anchor", "(common / union).argmax", "common.argmax"),
            Mistake("always the first anchor", "(common / union).argmax(axis=1)", "(0 * common).argmax(axis=1)"),
            Mistake("rows that are no boxes count", "np.nonzero(labels >= 0)", "np.nonzero(labels >= -1)"),
            Mistake("class 0 is no class", "np.nonzero(labels >= 0)", "np.nonzero(labels > 0)"),
        ),
    ),
    Entry(
        "ops.detection.yolo_decode",
        lesson=12,
        title="From a grid to boxes",
        inputs=decode_inputs,
        refusals=(
            Refusal("no stride", Case((zeros((1, 1, 4, 2, 2)), ANCHOR), {"stride": 0}), says=("stride", "positive")),
            Refusal("five numbers", Case((zeros((1, 1, 5, 2, 2)), ANCHOR), {"stride": 4}), says=("(1, 1, 5, 2, 2)",)),
            Refusal("other anchors", Case((zeros((1, 2, 4, 2, 2)), ANCHOR), {"stride": 4}), says=("anchors", "(1, 2)")),
            Refusal("two dtypes", Case((zeros((1, 1, 4, 2, 2), np.float32), ANCHOR), {"stride": 4}),
                    says=("one dtype", "float32")),
        ),
        sizes={"small": decoding_of(8, 8, 1), "medium": decoding_of(32, 16, 3), "large": decoding_of(64, 16, 3)},
        mistakes=(
            Mistake("rows and columns change places", "like=within)[:, None] + within[:, :, 1]",
                    "like=within)[:, None] + within[:, :, 0]"),
            Mistake("without the sigmoid", "within, bend = sigmoid.forward(offsets[:, :, :2])",
                    "within, bend = offsets[:, :, :2], sigmoid.forward(offsets[:, :, :2])[1]"),
            Mistake("sizes without the exponential", "factor = np.exp(offsets[:, :, 2:])", "factor = offsets[:, :, 2:]"),
            Mistake("centres in cells, not in pixels", "+ within[:, :, 0]) * stride", "+ within[:, :, 0])"),
            Mistake("the size reaches out to both sides", "[centre - size / 2, centre + size / 2]",
                    "[centre - size, centre + size]"),
            Mistake("the stride is forgotten on the way back", "(low + high) * stride", "low + high"),
            Mistake("the slope of the sigmoid is forgotten", "sigmoid.backward(dwithin, bend)", "dwithin"),
            Mistake("the slope of the exponential is that of the factor", "dsize * size]", "dsize * factor]"),
            Mistake("the 1/2 is forgotten on the way back", "(high - low) / 2", "(high - low)"),
        ),
    ),
    Entry(
        "ops.detection.yolo_loss",
        lesson=12,
        title="Loss of YOLO",
        share=0.5,
        inputs=loss_inputs,
        refusals=(
            *(Refusal(reason, Case((SAID, *arrays), {"stride": 4}), says) for reason, arrays, says in REFUSED_TARGETS),
            Refusal("no class", Case((SAID[:, :5], BOX, LABEL, ANCHOR), {"stride": 4}), says=("class", "(1, 5, 2, 2)")),
            Refusal("a label too large", Case((SAID, BOX, LABEL + 1, ANCHOR), {"stride": 4}), says=("from 0 to 0", "1")),
            Refusal("channels that two anchors cannot share", Case((zeros((1, 13, 2, 2)), BOX, LABEL, ones((2, 2))),
                    {"stride": 4}), says=("A · (5 + C)", "(1, 13, 2, 2)", "(2, 2)")),
            Refusal("other images", Case((zeros((2, 6, 2, 2)), BOX, LABEL, ANCHOR), {"stride": 4}),
                    says=("N of boxes", "(2, 6, 2, 2)", "(1, 1, 4)")),
        ),
        sizes={"small": loss_of(8, 8, 1, 10), "medium": loss_of(32, 8, 3, 10), "large": loss_of(64, 16, 3, 10)},
        mistakes=(
            Mistake("every cell is to say something", "present = (owner >= 0)", "present = (owner >= -1)"),
            Mistake("nothing weighs as much as something", "np.where(owner >= 0, 1, nothing_weight)",
                    "np.where(owner >= 0, 1, 1)"),
            Mistake("the weights are the wrong way round", "np.where(owner >= 0, 1, nothing_weight)",
                    "np.where(owner >= 0, nothing_weight, 1)"),
            Mistake("not divided by the number of objects", "share = 1 / max(len(members), 1)", "share = 1.0"),
            Mistake("the boxes have no weight", "(box_weight * box +", "(box +"),
            Mistake("the weight of the class is forgotten on the way back", "class_weight * share, share,",
                    "share, share,"),
            Mistake("the first box of the image, whoever was found", "boxes[image, members], reduction",
                    "boxes[image, 0 * members], reduction"),
            Mistake("boxes are not learnt", "dboxes[cache.found] = dfound", "pass"),
            Mistake("names are not learnt", "dprediction[image, anchor, 5:, row, column] = dnames", "pass"),
            Mistake("dy is forgotten for the logit", "(dy * cache.share, cache.presence)",
                    "(0 * dy + cache.share, cache.presence)"),
        ),
    ),
)  # fmt: skip
