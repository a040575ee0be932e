"""Lesson 12: boxes: how they are written, and how much they overlap."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.boxes import boxes, of_objects, workload
from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

FORMATS = ("xyxy", "xywh", "cxcywh")
BOX = np.array([[0.0, 0.0, 2.0, 2.0]])
CROSSED = np.array([[3.0, 0.0, 1.0, 2.0]])


@cases("smooth", "integers", "extreme")
def four_numbers(draw: Draw) -> Case:
    return Case((draw.floats((draw.size(), 4)),))


@cases("smooth", "integers", "extreme")
def convert_inputs(draw: Draw) -> Case:
    options = {"in_fmt": draw.choice(FORMATS), "out_fmt": draw.choice(FORMATS)}
    return Case((draw.floats((draw.size(), 4)),), options)


@cases("smooth", "integers", "extreme")
def clip_inputs(draw: Draw) -> Case:
    return Case((draw.floats((draw.size(), 4)),), {"size": (draw.integer(0, 3), draw.integer(0, 3))})


@cases("smooth", "integers")
def two_lists(draw: Draw) -> Case:
    return Case(tuple(boxes(draw, draw.size(), draw.size())))


@cases("smooth", "integers")
def pairs(draw: Draw) -> Case:
    count = draw.size()
    first, second = boxes(draw, count, count)
    if count and draw.boolean():  # a network that does not know its left from its right
        first[0] = first[0, [2, 1, 0, 3]]
    return Case((first, second), {"reduction": draw.choice(("none", "sum", "mean"))})


def lists(n: int, m: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((of_objects(generator, n)[0], of_objects(generator, m)[0]))


def matched(n: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        first = of_objects(generator, n)[0]
        return Case((first, first + generator.normal(0, 3, first.shape).astype(np.float32)), {"reduction": "mean"})

    return build


FOUR = Refusal("five numbers a box", Case((zeros((2, 5)),)), says=("boxes", "(N, 4)", "(2, 5)"))
LISTS = {"small": lists(10, 10), "medium": lists(100, 100), "large": lists(500, 100)}
REFUSED_LISTS = (
    Refusal("corners out of order", Case((BOX, CROSSED)), says=("boxes2", "x1 ≤ x2", "[3.0, 0.0, 1.0, 2.0]")),
    Refusal("NaN", Case((BOX * np.nan, BOX)), says=("boxes1", "NaN")),
    Refusal("three numbers a box", Case((zeros((2, 3)), BOX)), says=("boxes1", "(N, 4)", "(2, 3)")),
    Refusal("one box without a list", Case((BOX[0], BOX)), says=("boxes1", "(N, 4)", "(4,)")),
    Refusal("whole numbers", Case((BOX.astype(np.int64), BOX)), says=("boxes1", "floating-point", "int64")),
    Refusal("two dtypes", Case((BOX, BOX.astype(np.float32))), says=("boxes2", "one dtype", "float32")),
)

ROWS = (
    Entry(
        "ops.detection.box_convert",
        lesson=12,
        title="Three ways to write a box",
        inputs=convert_inputs,
        refusals=(
            Refusal("five numbers a box", Case((zeros((2, 5)),), {"in_fmt": "xywh", "out_fmt": "xyxy"}),
                    says=("boxes", "(N, 4)", "(2, 5)")),
            Refusal("unknown way in", Case((BOX,), {"in_fmt": "xyhw", "out_fmt": "xyxy"}), says=("in_fmt", "xyhw")),
            Refusal("unknown way out", Case((BOX,), {"in_fmt": "xyxy", "out_fmt": ""}), says=("out_fmt", "cxcywh")),
        ),
        sizes={"small": workload(100, in_fmt="cxcywh", out_fmt="xyxy"),
               "medium": workload(5000, in_fmt="xyxy", out_fmt="xywh"),
               "large": workload(50_000, in_fmt="xywh", out_fmt="cxcywh")},
        mistakes=(
            Mistake("the centre is taken for a corner", '"cxcywh": ((1.0, -0.5), (1.0, 0.5))',
                    '"cxcywh": ((1.0, 0.0), (1.0, 1.0))'),
            Mistake("half the size", '"cxcywh": ((0.5, 0.5), (-1.0, 1.0))', '"cxcywh": ((0.5, 0.5), (-0.5, 0.5))'),
            Mistake("both maps the other way round", "_product(FROM_CORNERS[out_fmt], TO_CORNERS[in_fmt])",
                    "_product(TO_CORNERS[in_fmt], FROM_CORNERS[out_fmt])"),
            Mistake("the gradient is not transposed", "((m00, m10), (m01, m11)), dy", "((m00, m01), (m10, m11)), dy"),
            Mistake("0 · NaN is NaN", "if of_first == 0 or of_second == 0:", "if False:"),
            Mistake("width and x are neighbours", "boxes[:, :2], boxes[:, 2:]", "boxes[:, ::2], boxes[:, 1::2]"),
        ),
    ),
    Entry(
        "ops.detection.box_area",
        lesson=12,
        title="Area of a box",
        inputs=four_numbers,
        refusals=(FOUR,),
        sizes={"small": workload(100), "medium": workload(5000), "large": workload(50_000)},
        mistakes=(
            Mistake("two wrong signs make an area", "kept = np.maximum(size, 0)", "kept = size"),
            Mistake("pixels are counted, both ends included", "kept = np.maximum(size, 0)",
                    "kept = np.maximum(size + 1, 0)"),
            Mistake("crossed corners are put in order", "kept = np.maximum(size, 0)", "kept = np.abs(size)"),
            Mistake("the width has its own slope", "[:, ::-1]", ""),
            Mistake("no slope at 0", "size >= 0, dy", "size > 0, dy"),
            Mistake("a box without area has a slope", "np.where(size >= 0, dy[:, None] * across, 0)",
                    "dy[:, None] * across"),
            Mistake("both corners pull the same way", "dboxes[:, :2] = -dsize", "dboxes[:, :2] = dsize"),
        ),
    ),
    Entry(
        "ops.detection.clip_boxes_to_image",
        lesson=12,
        title="Boxes cut off at the image",
        inputs=clip_inputs,
        refusals=(
            Refusal("five numbers a box", Case((zeros((2, 5)),), {"size": (2, 2)}), says=("boxes", "(N, 4)", "(2, 5)")),
            Refusal("no width", Case((BOX,), {"size": (2,)}), says=("size", "(height, width)", "(2,)")),
            Refusal("negative height", Case((BOX,), {"size": (-2, 2)}), says=("size", "negative", "(-2, 2)")),
        ),
        sizes={"small": workload(100, size=(500, 800)), "medium": workload(5000, size=(500, 800)),
               "large": workload(50_000, size=(500, 800))},
        mistakes=(
            Mistake("the size is (width, height)", "height, width = size", "width, height = size"),
            Mistake("the last pixel is the border", "given, 0, limit)", "given, 0, limit - 1)"),
            Mistake("negative coordinates stay", "np.clip(given, 0, limit)", "np.minimum(given, limit)"),
            Mistake("no slope on the border", "(given <= limit)", "(given < limit)"),
            Mistake("the gradient is not stopped outside", "np.where(cache.inside, dy, 0)", "dy.copy()"),
        ),
    ),
    Entry(
        "ops.detection.box_iou",
        lesson=12,
        title="Intersection over union",
        inputs=two_lists,
        refusals=REFUSED_LISTS,
        sizes=LISTS,
        mistakes=(
            Mistake("intersection without the clamp at 0", "np.maximum(width, 0) * np.maximum(height, 0)",
                    "width * height"),
            Mistake("the clamp is on the product", "np.maximum(width, 0) * np.maximum(height, 0)",
                    "np.maximum(width * height, 0)"),
            Mistake("the intersection is counted twice", "+ _area(boxes2) - intersection\n", "+ _area(boxes2)\n"),
            Mistake("over the smaller area", "_area(boxes1) + _area(boxes2) - intersection\n",
                    "np.minimum(_area(boxes1), _area(boxes2))\n"),
            Mistake("0 / 0", "return np.where(b == 0, 0, a / b)", "return a / b"),
            Mistake("the union is taken for a constant", "dunion = -dintersection * iou", "dunion = 0 * iou"),
            Mistake("the intersection within the union is forgotten", "dintersection = dintersection - dunion", "pass"),
            Mistake("of equal edges one has it all", "share += (a >= b)", "share += (a > b)"),
            Mistake("the gradient belongs to the other edge", "first_is_larger(high2, high1)",
                    "first_is_larger(high1, high2)"),
            Mistake("corners out of order are accepted", '    require_corners("boxes2", boxes2)\n', ""),
        ),
    ),
    Entry(
        "ops.detection.generalized_box_iou",
        lesson=12,
        title="Generalized IoU",
        inputs=two_lists,
        refusals=REFUSED_LISTS,
        sizes=LISTS,
        mistakes=(
            Mistake("the share of the union, not of what is empty", "divide(enclosing - overlap.union, enclosing)",
                    "divide(overlap.union, enclosing)"),
            Mistake("over the union", "divide(enclosing - overlap.union, enclosing)",
                    "divide(enclosing - overlap.union, overlap.union)"),
            Mistake("the intersection in place of the union", "divide(enclosing - overlap.union, enclosing)",
                    "divide(enclosing - overlap.intersection, enclosing)"),
            Mistake("the empty share has no gradient", "dfilled = divide(dy, enclosing)", "dfilled = 0 * dy"),
            Mistake("the enclosing box is a constant", "denclosing = -dfilled * filled", "denclosing = 0 * dfilled"),
            Mistake("the enclosing box takes the inner edge", "first_is_larger(low2, low1)",
                    "first_is_larger(low1, low2)"),
            Mistake("IoU", "return y, Pairs(", "y = iou\n    return y, Pairs("),
        ),
    ),
    Entry(
        "ops.detection.generalized_box_iou_loss",
        lesson=12,
        title="Loss of boxes",
        inputs=pairs,
        refusals=(
            Refusal("two targets for three boxes", Case((zeros((3, 4)), zeros((2, 4)))), says=("(3, 4)", "(2, 4)")),
            Refusal("one target for all", Case((zeros((3, 4)), zeros((1, 4)))), says=("broadcasting", "(1, 4)")),
            Refusal("five numbers a box", Case((zeros((2, 5)), BOX)), says=("boxes1", "(N, 4)", "(2, 5)")),
            Refusal("unknown reduction", Case((BOX, BOX), {"reduction": "average"}), says=("reduction", "average")),
        ),
        sizes={"small": matched(10), "medium": matched(1000), "large": matched(20_000)},
        mistakes=(
            Mistake("the similarity is minimized", "losses = 1 - similarity", "losses = similarity - 1"),
            Mistake("never 0", "losses = 1 - similarity", "losses = 2 - similarity"),
            Mistake("the sign of the gradient", "compare_backward(-dloss,", "compare_backward(dloss,"),
            Mistake("the 1/N of the mean is forgotten on the way back",
                    "reduce_backward(dy, cache.reduction, cache.boxes)", "dy"),
            Mistake("mean over the four numbers", "reduction, len(boxes1)), Cache", "reduction, boxes1.size), Cache"),
            Mistake("predictions and targets change places", "dloss, cache.pairs)", "dloss, cache.pairs)[::-1]"),
        ),
    ),
)  # fmt: skip
