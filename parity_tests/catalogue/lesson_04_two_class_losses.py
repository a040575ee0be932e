"""Lesson 4: losses for two classes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_04_classification_losses import REDUCTIONS, classes, sizes, unknown_reduction, zeros


def smaller_weight(draw: Draw, shape: tuple[int, ...]) -> Any:
    """No weight, or one that broadcasts to the shape."""
    kept = draw.choice((None, len(shape), draw.integer(0, len(shape))))
    if kept is None:
        return None
    axes = [size if draw.boolean() else 1 for size in shape[len(shape) - kept :]]
    return draw.uniform(tuple(axes), 0.25, 4.0)


@cases("smooth", "integers")
def probabilities(draw: Draw) -> Case:
    shape = draw.shape(max_rank=3)
    if draw.mode == "integers":  # 0 and 1 are the corners
        p, target = draw.integers(shape, 0, 5) / 4, draw.integers(shape, 0, 3) / 2
        p, target = np.asarray(p, draw.dtype), np.asarray(target, draw.dtype)
    else:
        p, target = draw.uniform(shape, 0.01, 0.98), draw.uniform(shape, 0.01, 0.98)
    return Case((p, target, smaller_weight(draw, shape)), {"reduction": draw.choice(REDUCTIONS)})


@cases("smooth", "extreme")
def logits(draw: Draw) -> Case:
    shape = draw.shape(max_rank=3)
    x = draw.floats(shape)
    x = np.where(np.isneginf(x), np.nan, x)  # see the divergence
    target = draw.uniform(shape, 0, 1)
    if draw.mode == "extreme" and draw.boolean():
        target = np.asarray(draw.booleans(shape), draw.dtype)
    arrays = (x, target, smaller_weight(draw, shape), smaller_weight(draw, shape))
    return Case(arrays, {"reduction": draw.choice(REDUCTIONS)})


@cases("smooth", "integers")
def scores_and_labels(draw: Draw) -> Case:
    shape = draw.shape(max_rank=3)
    labels = draw.signs(shape)
    if draw.mode == "smooth":  # a label that is moved by one rounding is no label
        labels = labels.astype(np.int64)
    return Case((draw.floats(shape), labels), {"reduction": draw.choice(REDUCTIONS)})


def two_class_workload(rows: int, columns: int, *, logits: bool) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        target = generator.uniform(0.01, 0.99, (rows, columns))
        x = generator.standard_normal((rows, columns)) if logits else generator.uniform(0.01, 0.99, (rows, columns))
        weights = (None, None) if logits else (None,)
        return Case((x.astype(np.float32), target.astype(np.float32), *weights))

    return build


def hinge_workload(rows: int, columns: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        scores = generator.standard_normal((rows, columns)).astype(np.float32)
        return Case((scores, generator.choice([-1, 1], (rows, columns))))

    return build


WEIGHT_FORGOTTEN = Mistake("backward forgets the weight", replace="dloss = dloss * weight", by="pass")

ROWS = (
    Entry(
        "ops.losses.binary_cross_entropy",
        lesson=4,
        title="Binary cross-entropy",
        inputs=probabilities,
        refusals=(
            Refusal("a score, not a probability", Case((zeros(3) + 2, zeros(3))), says=("input", "[0, 1]", "2")),
            Refusal("a negative probability", Case((zeros(3) - 1, zeros(3))), says=("input", "[0, 1]", "-1")),
            Refusal("NaN", Case((zeros(3) + np.float32(np.nan), zeros(3))), says=("input", "[0, 1]", "nan")),
            Refusal("labels of a hinge loss", Case((zeros(3), zeros(3) - 1)), says=("target", "[0, 1]", "-1")),
            Refusal("shapes that would broadcast", Case((zeros(2, 3), zeros(3))), says=("target", "(2, 3)", "(3,)")),
            Refusal("integer targets", Case((zeros(2), classes(0, 1))), says=("target", "float32", "int64")),
            Refusal("a weight too many", Case((zeros(2, 3), zeros(2, 3), zeros(4))), says=("weight", "(2, 3)", "(4,)")),
            Refusal("a weight that enlarges", Case((zeros(3), zeros(3), zeros(2, 3))), says=("weight", "(2, 3)")),
            unknown_reduction(zeros(3), zeros(3)),
        ),
        sizes=sizes(two_class_workload, logits=False),
        mistakes=(
            WEIGHT_FORGOTTEN,
            Mistake("log 0 is not clamped", replace="np.maximum(np.log(input), -100)", by="np.log(input)"),
            Mistake("nothing keeps the denominator from 0", replace="np.maximum((1 - p) * p, EPSILON)",
                    by="((1 - p) * p)"),
            Mistake("the sign of the gradient", replace="dloss * (p - target)", by="dloss * (target - p)"),
            Mistake("only the positive examples count", replace="(target - 1) * log_no - target", by="-target"),
            Mistake("p − t, as if there were logits", replace="(p - target) / np.maximum((1 - p) * p, EPSILON)",
                    by="(p - target)"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, p.size)", by="dy"),
            Mistake("the target gets no gradient", replace="return dinput, dtarget", by="return dinput, dtarget * 0"),
            Mistake("scores are accepted", replace='    all_within("input", input, 0, 1)\n', by=""),
        ),
    ),
    Entry(
        "ops.losses.binary_cross_entropy_with_logits",
        lesson=4,
        title="Binary cross-entropy of logits",
        inputs=logits,
        refusals=(
            Refusal("shapes that would broadcast", Case((zeros(2, 3), zeros(3))), says=("target", "(2, 3)", "(3,)")),
            Refusal("integer targets", Case((zeros(2), classes(0, 1))), says=("target", "float32", "int64")),
            Refusal("a weight too many", Case((zeros(2, 3), zeros(2, 3), zeros(4))), says=("weight", "(2, 3)", "(4,)")),
            Refusal("a pos_weight too many", Case((zeros(2, 3), zeros(2, 3), None, zeros(2))),
                    says=("pos_weight", "(2, 3)", "(2,)")),
            unknown_reduction(zeros(3), zeros(3)),
        ),
        divergences=(
            Divergence(
                "a logit of −inf on a positive example is infinitely wrong; PyTorch subtracts inf from inf: NaN",
                Case((zeros(1) - np.float32(np.inf), zeros(1) + 1, None, None)),
            ),
        ),
        sizes=sizes(two_class_workload, logits=True),
        mistakes=(
            WEIGHT_FORGOTTEN,
            Mistake("exp overflows", replace="np.exp(-np.abs(x), out=decay_)", by="np.exp(-x, out=decay_)"),
            Mistake("log(p) of a p that has become 0 or 1",
                    replace="return np.maximum(-x, 0) + tail, np.maximum(x, 0) + tail",
                    by="return -np.log(1 / (1 + np.exp(-x))), -np.log(1 - 1 / (1 + np.exp(-x)))"),
            Mistake("yes and no are exchanged", replace="np.maximum(-x, 0) + tail, np.maximum(x, 0) + tail",
                    by="np.maximum(x, 0) + tail, np.maximum(-x, 0) + tail"),
            Mistake("pos_weight also takes from the negatives", replace="(1 - t) * if_no",
                    by="(1 - positive_) * if_no"),
            Mistake("pos_weight is forgotten on the way back", replace="(1 - t) * yes, positive_ * no",
                    by="yes, t"),
            Mistake("the slope of the sigmoid comes twice", replace="(1 - t) * yes, positive_ * no",
                    by="(1 - t) * yes * yes * no, positive_ * no * yes * no"),
            Mistake("the sign of the gradient", replace="dinput *= dloss", by="dinput *= -dloss"),
            Mistake("the target gradient has the wrong sign", replace="        return -x\n", by="        return x\n"),
            Mistake("the target gradient forgets pos_weight", replace="if pos_weight is None:\n        return -x",
                    by="if True:\n        return -x"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, input.size)", by="dy"),
            Mistake("shapes may broadcast", replace="    same_shape(input, target)\n", by=""),
        ),
    ),
    Entry(
        "ops.losses.hinge",
        lesson=4,
        title="Hinge loss",
        inputs=scores_and_labels,
        refusals=(
            Refusal("labels 0 and 1", Case((zeros(2), classes(0, 1))), says=("target", "−1 and +1", "[0, 1]")),
            Refusal("shapes that would broadcast", Case((zeros(2, 3), zeros(3) + 1)),
                    says=("target", "(2, 3)", "(3,)")),
            unknown_reduction(zeros(3), zeros(3) + 1),
        ),
        sizes=sizes(hinge_workload),
        mistakes=(
            Mistake("a gradient at the corner too", replace="cache.shortfall > 0", by="cache.shortfall >= 0"),
            Mistake("the perceptron: right is right enough", replace="1 - label * input", by="-label * input"),
            Mistake("the sign of the gradient", replace="-cache.label * dloss", by="cache.label * dloss"),
            Mistake("the label is forgotten in the gradient", replace="-cache.label * dloss", by="-dloss"),
            Mistake("right answers are pushed on", replace="np.where(cache.shortfall > 0, -cache.label * dloss, 0)",
                    by="-cache.label * dloss"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, cache.reduction, cache.label.size)", by="dy"),
            Mistake("integer labels make float64", replace="target.astype(input.dtype)", by="target"),
            Mistake("labels 0 and 1 are accepted", replace="not np.all((target == 1) | (target == -1))", by="False"),
        ),
    ),
)  # fmt: skip
