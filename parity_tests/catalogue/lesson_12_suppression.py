"""Lesson 12: which boxes to keep, and which anchors learn what."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.boxes import apart, of_objects, whole
from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

THRESHOLDS = (0.5, 0.3, 0.7, 0.0, 1.0, 0.25)
BOXES = np.array([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0]])
CROSSED = np.array([[0.0, 0.0, 2.0, 2.0], [1.0, 4.0, 3.0, 2.0]])
ONE = {"iou_threshold": 0.5}


def some_boxes(draw: Draw, count: int) -> np.ndarray:
    return whole(draw, count, size=draw.choice((3, 6))) if draw.mode == "integers" else apart(draw, count)


@cases("smooth", "integers")
def nms_inputs(draw: Draw) -> Case:
    count = draw.size(0, 12)
    return Case((some_boxes(draw, count), draw.floats((count,))), {"iou_threshold": draw.choice(THRESHOLDS)})


@cases("smooth", "integers")
def batched_inputs(draw: Draw) -> Case:
    count = draw.size(0, 12)
    arrays = (some_boxes(draw, count), draw.floats((count,)), draw.integers((count,), -1, 3))
    return Case(arrays, {"iou_threshold": draw.choice(THRESHOLDS)})


@cases("smooth", "integers")
def anchor_inputs(draw: Draw) -> Case:
    sizes = draw.uniform((draw.size(1, 3), 2), 0.5, 9.0)
    if draw.mode == "integers":
        sizes = np.ceil(sizes)
    return Case(
        (sizes,), {"grid": (draw.choice((1, 2, 3, 4, 0)), draw.size(1, 4)), "stride": draw.choice((1, 4, 8, 2.5))}
    )


@cases("smooth", "integers")
def assign_inputs(draw: Draw) -> Case:
    low, high = sorted((draw.choice((0.3, 0.25, 0.5, 0.0)), draw.choice((0.5, 0.5, 0.5, 0.7, 1.0))))
    options = {"low": low, "high": high, "allow_low_quality": draw.boolean()}
    return Case((some_boxes(draw, draw.choice((12, 8, 3, 0))), some_boxes(draw, draw.size(0, 4))), options)


def detections(count: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case(of_objects(generator, count), ONE)


def detections_of_classes(count: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        return Case((*of_objects(generator, count), generator.integers(0, 10, count)), ONE)

    return build


def sizes_at(rows: int) -> Callable[[np.random.Generator], Case]:
    options = {"grid": (rows, rows), "stride": 8}
    return lambda generator: Case((generator.uniform(10, 90, (9, 2)).astype(np.float32),), options)


def anchors_and_boxes(n: int, m: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((of_objects(generator, n)[0], of_objects(generator, m)[0]))


REFUSED_ASSIGNMENTS = (
    Refusal("corners out of order", Case((BOXES, CROSSED)), says=("x1 ≤ x2", "[1.0, 4.0, 3.0, 2.0]")),
    Refusal("NaN", Case((BOXES * np.nan, BOXES)), says=("NaN",)),
    Refusal("low above high", Case((BOXES, BOXES), {"low": 0.8, "high": 0.5}), says=("low", "high", "0.8", "0.5")),
    Refusal("no overlap", Case((BOXES, BOXES), {"high": 1.5}), says=("high", "[0, 1]", "1.5")),
)


def refused_nms(*more: np.ndarray) -> tuple[Refusal, ...]:
    scores = zeros(2)
    return (
        Refusal("corners out of order", Case((CROSSED, scores, *more), ONE), says=("x1 ≤ x2", "[1.0, 4.0, 3.0, 2.0]")),
        Refusal("NaN among the boxes", Case((BOXES * np.nan, scores, *more), ONE), says=("boxes", "NaN")),
        Refusal("NaN among the scores", Case((BOXES, scores * np.nan, *more), ONE), says=("scores", "NaN")),
        Refusal("five numbers a box", Case((zeros((2, 5)), scores, *more), ONE), says=("(N, 4)", "(2, 5)")),
        Refusal("a score too many", Case((BOXES, zeros(3), *more), ONE), says=("scores", "(3,)", "(2, 4)")),
        Refusal("no overlap", Case((BOXES, scores, *more), {"iou_threshold": 1.5}), says=("[0, 1]", "1.5")),
    )


ROWS = (
    Entry(
        "ops.detection.nms",
        lesson=12,
        title="Non-maximum suppression",
        inputs=nms_inputs,
        gradient=False,
        refusals=refused_nms(),
        sizes={"small": detections(100), "medium": detections(1000), "large": detections(5000)},
        mistakes=(
            Mistake("the least confident first", "(-scores).argsort(", "scores.argsort("),
            Mistake("of equal scores any", '(-scores).argsort(kind="stable")', "scores.argsort()[::-1]"),
            Mistake("at the threshold it is dropped", "w > iou_threshold", "w >= iou_threshold"),
            Mistake("boxes apart along both axes overlap", "np.maximum(w, 0, out=w)", "pass"),
            Mistake("a dropped box still drops others", "if dropped[i]:", "if False:"),
            Mistake("over the area of the other", "h -= w  # the union", "h[...] = area[rest]"),
            Mistake("the intersection is counted twice", "h -= w  # the union", "pass"),
            Mistake("places in the sorted list", "= order[~dropped]", "= np.flatnonzero(~dropped)"),
            Mistake("in the order of the list", "= order[~dropped]", "= np.sort(order[~dropped])"),
        ),
    ),
    Entry(
        "ops.detection.batched_nms",
        lesson=12,
        title="Suppression within classes",
        inputs=batched_inputs,
        gradient=False,
        refusals=(
            *refused_nms(np.zeros(2, np.int64)),
            Refusal("a group too few", Case((BOXES, zeros(2), np.zeros(1, np.int64)), ONE), says=("idxs", "(1,)")),
            Refusal("groups of floats", Case((BOXES, zeros(2), zeros(2)), ONE), says=("idxs", "integers", "float64")),
        ),
        sizes={"small": detections_of_classes(100), "medium": detections_of_classes(1000),
               "large": detections_of_classes(5000)},
        mistakes=(
            Mistake("across classes", "np.flatnonzero(idxs == group)", "np.flatnonzero(idxs == idxs)"),
            Mistake("one class after another", '= places[(-scores[places]).argsort(kind="stable")]',
                    "= np.concatenate(kept)"),
            Mistake("places within the class", "kept.append(members[nms.forward(", "kept.append((0 * members + np.arange(len(members)))[nms.forward("),
            Mistake("of equal scores the one of the first class", "np.sort(np.concatenate(kept))",
                    "np.concatenate(kept)"),
            Mistake("group -1 is dropped", "np.unique(idxs):", "np.unique(idxs[idxs >= 0]):"),
        ),
    ),
    Entry(
        "ops.detection.anchor_grid",
        lesson=12,
        title="Anchors",
        inputs=anchor_inputs,
        refusals=(
            Refusal("no size", Case((zeros((0, 2)),), {"grid": (2, 2), "stride": 8}), says=("anchors", "(0, 2)")),
            Refusal("a size of 0", Case((zeros((1, 2)),), {"grid": (2, 2), "stride": 8}), says=("anchors", "positive")),
            Refusal("no stride", Case((np.ones((1, 2)),), {"grid": (2, 2), "stride": 0}), says=("stride", "positive")),
            Refusal("a negative grid", Case((np.ones((1, 2)),), {"grid": (2, -2), "stride": 1}), says=("grid", "-2")),
        ),
        sizes={"small": sizes_at(8), "medium": sizes_at(32), "large": sizes_at(100)},
        mistakes=(
            Mistake("the corner of the cell, not its centre", "like=anchors) + 0.5) * stride\n    y",
                    "like=anchors)) * stride\n    y"),
            Mistake("rows and columns change places", "rows, columns = grid", "columns, rows = grid"),
            Mistake("twice as large", "None, None] / 2", "None, None]"),
            Mistake("half of the gradient is missing", "- dboxes[..., :2])", "- 0 * dboxes[..., :2])"),
            Mistake("the gradient of a moved box", "dboxes[..., 2:] - dboxes[..., :2]", "dboxes[..., 2:] + dboxes[..., :2]"),
            Mistake("the 1/2 is forgotten on the way back", ".sum(axis=-1) / 2", ".sum(axis=-1)"),
            Mistake("all sizes at a place, then the next place", "return boxes.reshape(-1, 4)",
                    "return np.moveaxis(boxes, 0, 2).reshape(-1, 4)"),
        ),
    ),
    Entry(
        "ops.detection.assign_anchors",
        lesson=12,
        title="Which anchor learns which box",
        inputs=assign_inputs,
        gradient=False,
        refusals=REFUSED_ASSIGNMENTS,
        sizes={"small": anchors_and_boxes(100, 3), "medium": anchors_and_boxes(2000, 10),
               "large": anchors_and_boxes(10_000, 30)},
        mistakes=(
            Mistake("at high it is not yet good", "largest >= high", "largest > high"),
            Mistake("at low it is background", "largest < low", "largest <= low"),
            Mistake("what is between learns that there is nothing", "largest < low, BACKGROUND, BETWEEN",
                    "largest < low, BACKGROUND, BACKGROUND"),
            Mistake("a box without a good anchor is left out", "rescued, best, assigned", "rescued, assigned, assigned"),
            Mistake("an anchor that does not touch the box is its best", "(of_box > 0)", "(of_box >= 0)"),
            Mistake("only if it is the best of all", "iou.max(axis=0)  #", "iou.max() + 0 * iou[0]  #"),
        ),
    ),
)  # fmt: skip
