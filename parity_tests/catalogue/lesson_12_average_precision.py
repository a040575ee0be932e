"""Lesson 12: how good a detector is, as COCO judges it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.boxes import of_objects, whole
from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

# All in whole numbers: where a rounding can reorder a ranking there is nothing to measure.


def confidence(draw: Draw, count: int) -> Any:
    """Scores; some the same."""
    return draw.floats((count,)) if draw.boolean() else draw.uniform((count,), 0.0, 1.0)


def near(draw: Draw, targets: Any) -> Any:
    """For each target a box that is it, or nearly."""
    moved = targets + draw.integers(targets.shape, 0, 2) * draw.choice((0, 1, 1))
    return np.concatenate([np.minimum(moved[:, :2], moved[:, 2:]), np.maximum(moved[:, :2], moved[:, 2:])], axis=1)


def some_thresholds(draw: Draw) -> tuple[float, ...]:
    return draw.choice(((0.5,), (0.5, 0.75), (0.5, 0.6, 0.8, 1.0), (0.25, 0.0)))


@cases("integers")
def matching_inputs(draw: Draw) -> Case:
    targets = whole(draw, draw.size(0, 5), size=5)
    boxes = np.concatenate([near(draw, targets), near(draw, targets), whole(draw, draw.size(0, 3), size=5)])
    boxes = boxes[draw.permutation(len(boxes))].astype(draw.dtype)
    return Case((boxes, confidence(draw, len(boxes)), targets), {"iou_thresholds": some_thresholds(draw)})


@cases("integers")
def ranking_inputs(draw: Draw) -> Case:
    count = draw.size(0, 30)
    matched = draw.booleans((count,)) | draw.booleans((count,))
    return Case((confidence(draw, count), matched), {"positives": int(matched.sum()) + draw.choice((0, 0, 1, 7))})


@cases("integers")
def detections_of_images(draw: Draw) -> Case:
    targets = whole(draw, draw.size(0, 8), size=5)
    labels, images = draw.integers((len(targets),), 0, 3), draw.integers((len(targets),), 0, 3)
    chance = draw.size(0, 4)
    boxes = np.concatenate([near(draw, targets), near(draw, targets), whole(draw, chance, size=5)]).astype(draw.dtype)
    own_labels = np.concatenate([labels, np.where(draw.booleans(labels.shape), labels, 0),
                                 draw.integers((chance,), 0, 4)])  # fmt: skip
    own_images = np.concatenate([images, images, draw.integers((chance,), 0, 4)])
    order = draw.permutation(len(boxes))
    arrays = (boxes[order], confidence(draw, len(boxes)), own_labels[order], own_images[order], targets, labels, images)
    return Case(arrays, {"iou_thresholds": some_thresholds(draw), "max_detections": draw.choice((100, 2, 1))})


def one_image(detections: int, targets: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((*of_objects(generator, detections), of_objects(generator, targets)[0]))


def ranking(count: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        scores = generator.random(count).astype(np.float32)
        return Case((scores, generator.random(count) < scores), {"positives": count})

    return build


def data_set(images: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        targets = of_objects(generator, 5 * images)[0]
        labels, places = generator.integers(0, 10, len(targets)), generator.integers(0, images, len(targets))
        boxes = targets + generator.normal(0, 3, targets.shape).astype(np.float32)
        scores = generator.random(len(boxes)).astype(np.float32)
        return Case((boxes, scores, labels, places, targets, labels, places), exact=True)

    return build


BOXES = np.array([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0]])
TWO = np.zeros(2, np.int64)
BOTH = np.ones(2, np.bool_)


def refused(*tail: Any, says_boxes: str) -> tuple[Refusal, ...]:
    scores = zeros(2)
    return (
        Refusal("corners out of order", Case((BOXES[:, ::-1], scores, *tail)), says=("boxes", "x1 ≤ x2")),
        Refusal("NaN among the boxes", Case((BOXES * np.nan, scores, *tail)), says=("boxes", "NaN")),
        Refusal("NaN among the scores", Case((BOXES, scores * np.nan, *tail)), says=("scores", "NaN")),
        Refusal("a score too many", Case((BOXES, zeros(3), *tail)), says=("scores", "(3,)", "(2, 4)")),
        Refusal("no overlap", Case((BOXES, scores, *tail), {"iou_thresholds": (50,)}), says=("[0, 1]", "50")),
        Refusal("targets of five numbers", Case((BOXES, scores, *(zeros((2, 5)) if a is BOXES else a for a in tail))),
                says=(says_boxes, "(N, 4)", "(2, 5)")),
    )  # fmt: skip


ROWS = (
    Entry(
        "ops.detection.match_detections",
        lesson=12,
        title="Which detection found which object",
        inputs=matching_inputs,
        gradient=False,
        refusals=refused(BOXES, says_boxes="targets"),
        sizes={"small": one_image(10, 5), "medium": one_image(100, 20), "large": one_image(300, 100)},
        mistakes=(
            Mistake("an object is found twice", "taken[every[hit], best[hit]] = True", "pass"),
            Mistake("the least confident first", "(-scores).argsort(", "scores.argsort("),
            Mistake("in the order of the list", '(-scores).argsort(kind="stable")', "np.arange(len(scores))"),
            Mistake("above the threshold", ">= at_least", "> at_least"),
            Mistake("of equals the first", "count - 1 - free[:, ::-1].argmax(axis=1)", "free.argmax(axis=1)"),
            Mistake("the best object, even if it is taken", "np.where(taken, -1, iou[i])", "iou[i] + 0.0 * taken"),
            Mistake("what one threshold takes is taken for all", "taken[every[hit], best[hit]]", "taken[:, best[hit]]"),
        ),
    ),
    Entry(
        "ops.detection.average_precision",
        lesson=12,
        title="Average precision",
        inputs=ranking_inputs,
        gradient=False,
        refusals=(
            Refusal("NaN among the scores", Case((zeros(2) * np.nan, BOTH), {"positives": 2}), says=("scores", "NaN")),
            Refusal("more right than there are", Case((zeros(2), BOTH), {"positives": 1}), says=("positives", "2", "1")),
            Refusal("a score too many", Case((zeros(3), BOTH), {"positives": 3}), says=("scores", "(3,)", "(2,)")),
            Refusal("shares, not hits", Case((zeros(2), zeros(2)), {"positives": 2}), says=("booleans", "float64")),
            Refusal("a table", Case((zeros((2, 2)), np.ones((2, 2), np.bool_)), {"positives": 4}), says=("(2, 2)",)),
        ),
        sizes={"small": ranking(50), "medium": ranking(1000), "large": ranking(5000)},
        mistakes=(
            Mistake("11 levels, as VOC 2007 had", "LEVELS = 101", "LEVELS = 11"),
            Mistake("the area under the stairs, as VOC 2010 had",
                    "stairs[reached].sum() / LEVELS", "(stairs * np.diff(recall, prepend=0.0)).sum()"),
            Mistake("no stairs: precision as it is", "np.maximum.accumulate(precision[::-1])[::-1]", "precision"),
            Mistake("stairs from the wrong end", "np.maximum.accumulate(precision[::-1])[::-1]",
                    "np.maximum.accumulate(precision)"),
            Mistake("above the level", 'side="left"', 'side="right"'),
            Mistake("recall of what was found, not of what is there", "hits / positives", "hits / right"),
            Mistake("the mean over the levels that were reached", ".sum() / LEVELS", ".sum() / max(len(reached), 1)"),
            Mistake("of equal scores the right one first", '(-scores).argsort(kind="stable")',
                    "np.lexsort((~matched, -scores))"),
            Mistake("nothing to find is all wrong", "np.full_like(scores, np.nan, shape=())",
                    "np.full_like(scores, 0, shape=())"),
        ),
    ),
    Entry(
        "ops.detection.mean_average_precision",
        lesson=12,
        title="Mean average precision",
        inputs=detections_of_images,
        gradient=False,
        refusals=(
            *refused(TWO, TWO, BOXES, TWO, TWO, says_boxes="target_boxes"),
            Refusal("labels of floats", Case((BOXES, zeros(2), zeros(2), TWO, BOXES, TWO, TWO)),
                    says=("labels", "integers", "float64")),
            Refusal("a target without image", Case((BOXES, zeros(2), TWO, TWO, BOXES, TWO, TWO[:1])),
                    says=("target_images", "(1,)", "(2, 4)")),
            Refusal("none may count", Case((BOXES, zeros(2), TWO, TWO, BOXES, TWO, TWO), {"max_detections": 0}),
                    says=("max_detections", "0")),
        ),
        sizes={"small": data_set(4), "medium": data_set(20), "large": data_set(40)},
        mistakes=(
            Mistake("objects of other images are found", "target_boxes[target_images == image]", "target_boxes"),
            Mistake("objects of other classes are found", "np.flatnonzero(labels == label), np.",
                    "np.flatnonzero(labels == labels), np."),
            Mistake("classes that occur nowhere count as 0", "sums / len(classes)",
                    "sums / len(np.union1d(classes, labels))"),
            Mistake("any detections, not the most confident", '(-scores[members]).argsort(kind="stable")][:max_detections]',
                    '(-scores[members]).argsort(kind="stable")][-max_detections:]'),
            Mistake("all detections count", '(-scores[members]).argsort(kind="stable")][:max_detections]',
                    '(-scores[members]).argsort(kind="stable")]'),
            Mistake("only what was found is there to be found", "positives=len(theirs)",
                    "positives=max(int(matched.sum()), 1)"),
            Mistake("nothing to find is all wrong", "np.full_like(scores, np.nan,", "np.full_like(scores, 0,"),
        ),
    ),
)  # fmt: skip
