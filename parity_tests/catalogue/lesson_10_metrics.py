"""Lesson 10: metrics of classifiers and of regressions."""

from collections.abc import Callable
from typing import Any

from numpy import array, nan, ones, zeros
from numpy.random import Generator

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def class_numbers(draw: Draw) -> tuple[Any, Any, int]:
    """Some classes are missing on one side or on both, and sometimes there is one only."""
    size, classes = draw.integer(1, 12), draw.integer(1, 5)
    return draw.integers((size,), 0, classes), draw.integers((size,), 0, draw.integer(1, classes)), classes


@cases("integers")
def classified(draw: Draw) -> Case:
    return Case(class_numbers(draw)[:2])


@cases("integers")
def counted(draw: Draw) -> Case:
    predicted, target, classes = class_numbers(draw)
    return Case((predicted, target), {"num_classes": draw.choice((None, classes, classes + 2))})


@cases("integers")
def averaged(draw: Draw) -> Case:
    predicted, target, classes = class_numbers(draw)
    options = {
        "average": draw.choice(("micro", "macro", "weighted", "none")),
        "num_classes": draw.choice((None, None, classes, classes + 2)),
        "zero_division": draw.choice((0.0, 1.0)),
    }
    return Case((predicted, target), options)


@cases("smooth", "integers")
def ranked(draw: Draw) -> Case:
    size, classes = draw.integer(1, 8), draw.integer(1, 6)
    return Case((draw.floats((size, classes)), draw.integers((size,), 0, classes)), {"k": draw.integer(1, classes)})


@cases("smooth", "integers")
def scored(draw: Draw) -> Case:
    size = draw.integer(1, 12)
    return Case((draw.floats((size,)), draw.integers((size,), 0, draw.choice((2, 2, 2, 1)))))


@cases("smooth", "integers")
def regressed(draw: Draw) -> Case:
    shape = draw.choice(((draw.integer(2, 9),), (draw.integer(2, 9), draw.integer(1, 3))))
    target = draw.floats(shape)
    if draw.mode == "integers" and draw.boolean():
        target[:] = target[:1]  # nothing varies
        return Case((target.copy() if draw.boolean() else draw.floats(shape), target))
    if draw.mode == "integers":
        return Case((target.copy(), target))  # quotients of whole numbers round
    return Case((draw.floats(shape), target))


def labels(size: int, classes: int = 10) -> Callable[[Generator], Case]:
    return lambda generator: Case((generator.integers(0, classes, size), generator.integers(0, classes, size)))


LABELS = {"small": labels(100), "medium": labels(10_000), "large": labels(1_000_000)}
TWO = (array([0, 1, 1]), array([0, 1, 0]))
BAD_LABELS = (
    Refusal("two lengths", Case((array([0, 1]), array([0]))), says=("(N,)", "(2,)", "(1,)")),
    Refusal("nobody", Case((zeros(0, int), zeros(0, int))), says=("N at least 1", "(0,)")),
    Refusal("logits", Case((zeros((2, 3), int), zeros((2, 3), int))), says=("(N,)", "(2, 3)")),
    Refusal("probabilities", Case((ones(2), array([0, 1]))), says=("predicted", "integers", "float64")),
    Refusal("a class below 0", Case((array([0, -1]), array([0, 1]))), says=("predicted", "from 0", "-1")),
)
BAD_AVERAGE = Refusal("another average", Case(TWO, {"average": "mean"}), says=("average", "'mean'"))
ALIKE = Mistake("there is no average but one", replace="average, zero_division", by='"macro", zero_division')
NO_DIVISION = Mistake("zero_division is ignored", replace="average, zero_division)", by="average, 0.5)")
ALL_CLASSES = Mistake("num_classes is ignored", replace="target, num_classes)", by="target, None)")
FLIPPED = Mistake(
    "predicted and target change places", replace="counts(predicted, target", by="counts(target, predicted"
)
SUPPORT = Mistake("weighted by what was called", replace="right + missed, average", by="right + wrong, average")

ROWS = (
    Entry(
        "ops.metrics.accuracy",
        lesson=10,
        title="Accuracy",
        inputs=classified,
        gradient=False,
        refusals=BAD_LABELS,
        sizes=LABELS,
        mistakes=(
            Mistake("the share of errors", replace="predicted == target", by="predicted != target"),
            Mistake("a number, not a share", replace=".mean()", by=".sum(dtype=float)"),
            Mistake(
                "one class off is near enough", replace="(predicted == target)", by="(abs(predicted - target) < 2)"
            ),
            Mistake("shapes are not checked", replace="    require_classes(predicted, target)\n", by=""),
        ),
    ),
    Entry(
        "ops.metrics.top_k_accuracy",
        lesson=10,
        title="Top-k accuracy",
        inputs=ranked,
        gradient=False,
        refusals=(
            Refusal("k above the classes", Case((zeros((2, 3)), array([0, 1])), {"k": 4}), says=("k", "3", "4")),
            Refusal("no guess", Case((zeros((2, 3)), array([0, 1])), {"k": 0}), says=("k", "0")),
            Refusal("one score each", Case((zeros(2), array([0, 1])), {"k": 1}), says=("(N, classes)", "(2,)")),
            Refusal(
                "an unknown class", Case((zeros((2, 3)), array([0, 3])), {"k": 1}), says=("target", "below 3", "3")
            ),
            Refusal("NaN", Case((zeros((2, 3)) + nan, array([0, 1])), {"k": 1}), says=("scores", "NaN")),
        ),
        sizes={"small": lambda g: Case((g.standard_normal((100, 100)), g.integers(0, 100, 100)))},
        mistakes=(
            Mistake("k - 1 guesses", replace="(rank < k)", by="(rank < k - 1)"),
            Mistake("k + 1 guesses", replace="(rank < k)", by="(rank <= k)"),
            Mistake("the lowest scores", replace="scores > own", by="scores < own"),
            Mistake("a tie is always right", replace=" | (scores == own) & before", by=""),
            Mistake(
                "a tie is always wrong",
                replace="(scores == own) & before",
                by="(scores == own) & (np.arange(classes) != target[:, None])",
            ),
            Mistake("the last of equal scores", replace="like=scores) < target", by="like=scores) > target"),
        ),
    ),
    Entry(
        "ops.metrics.confusion_matrix",
        lesson=10,
        title="Confusion matrix",
        inputs=counted,
        gradient=False,
        refusals=(
            *BAD_LABELS,
            Refusal("a class too many", Case(TWO, {"num_classes": 1}), says=("num_classes", "1")),
        ),
        sizes=LABELS,
        mistakes=(
            Mistake(
                "transposed",
                replace="target.astype(np.int64) * classes + predicted",
                by="predicted.astype(np.int64) * classes + target",
            ),
            Mistake("num_classes is ignored", replace="found if num_classes is None else num_classes", by="found"),
            Mistake(
                "counts what is right only", replace="np.bincount(pairs,", by="np.bincount(pairs[predicted == target],"
            ),
            Mistake(
                "a share, not a number",
                replace=".reshape(classes, classes)",
                by=".reshape(classes, classes) / len(target)",
            ),
            Mistake("once, however often", replace="np.bincount(pairs,", by="np.bincount(np.unique(pairs),"),
        ),
    ),
    Entry(
        "ops.metrics.precision",
        lesson=10,
        title="Precision",
        inputs=averaged,
        gradient=False,
        refusals=(*BAD_LABELS, BAD_AVERAGE),
        sizes=LABELS,
        mistakes=(
            ALIKE,
            NO_DIVISION,
            ALL_CLASSES,
            FLIPPED,
            SUPPORT,
            Mistake("recall", replace="right, right + wrong", by="right, right + missed"),
        ),
    ),
    Entry(
        "ops.metrics.recall",
        lesson=10,
        title="Recall",
        inputs=averaged,
        gradient=False,
        refusals=(*BAD_LABELS, BAD_AVERAGE),
        sizes=LABELS,
        mistakes=(
            ALIKE,
            NO_DIVISION,
            ALL_CLASSES,
            FLIPPED,
            Mistake("not weighted", replace="right + missed, average", by="right * 0 + 1, average"),
            Mistake("precision", replace="right, _, missed", by="right, missed, _"),
        ),
    ),
    Entry(
        "ops.metrics.f1_score",
        lesson=10,
        title="F1 score",
        inputs=averaged,
        gradient=False,
        refusals=(*BAD_LABELS, BAD_AVERAGE),
        sizes=LABELS,
        mistakes=(
            ALIKE,
            NO_DIVISION,
            ALL_CLASSES,
            SUPPORT,
            Mistake("the Jaccard index", replace="2 * right, 2 * right + wrong", by="right, right + wrong"),
            Mistake("the 2 below is forgotten", replace="2 * right + wrong", by="right + wrong"),
            Mistake(
                "F2: recall counts more",
                replace="2 * right, 2 * right + wrong + missed",
                by="5 * right, 5 * right + wrong + 4 * missed",
            ),
        ),
    ),
    Entry(
        "ops.metrics.roc_auc",
        lesson=10,
        title="Area under the ROC curve",
        inputs=scored,
        gradient=False,
        refusals=(
            Refusal("two lengths", Case((zeros(3), array([0, 1]))), says=("(N,)", "(3,)", "(2,)")),
            Refusal("three classes", Case((zeros(3), array([0, 1, 2]))), says=("target", "0 or 1", "2")),
            Refusal("NaN", Case((array([0.0, nan]), array([0, 1]))), says=("scores", "NaN")),
            Refusal("nobody", Case((zeros(0), zeros(0, int))), says=("(N,)", "(0,)")),
        ),
        sizes={"small": lambda g: Case((g.standard_normal(1000), g.integers(0, 2, 1000)))},
        mistakes=(
            Mistake("a tie is won", replace="last - (count - 1) / 2", by="last"),
            Mistake("a tie is lost", replace="last - (count - 1) / 2", by="last - count + 1"),
            Mistake("the area above the curve", replace="positive = target == 1", by="positive = target == 0"),
            Mistake("pairs among positives count", replace=" - positives * (positives + 1) / 2", by=""),
            Mistake(
                "ranks from 0",
                replace=".sum() - positives * (positives + 1) / 2",
                by=".sum() - positives * (positives - 1) / 2",
            ),
            Mistake("one class is no better than chance", replace="math.nan", by="0.5"),
        ),
    ),
    Entry(
        "ops.metrics.r2_score",
        lesson=10,
        title="R²",
        inputs=regressed,
        gradient=False,
        refusals=(
            Refusal("two shapes", Case((zeros(3), zeros((3, 1)))), says=("(N,)", "(3,)", "(3, 1)")),
            Refusal("one example", Case((zeros(1), zeros(1))), says=("at least 2", "(1,)")),
            Refusal("classes", Case((array([0, 1]), array([0, 1]))), says=("floating-point", "int64")),
        ),
        sizes={"small": lambda g: Case((g.standard_normal((1000, 3)), g.standard_normal((1000, 3))))},
        mistakes=(
            Mistake("what is not explained", replace="1 - missed /", by="missed /"),
            Mistake("around 0, not around the mean", replace="target - target.mean(axis=0)", by="target"),
            Mistake(
                "around the mean of the predictions",
                replace="target - target.mean(axis=0)",
                by="target - predicted.mean(axis=0)",
            ),
            Mistake(
                "the variance of the predictions",
                replace="(target - target.mean(axis=0)) ** 2",
                by="(predicted - predicted.mean(axis=0)) ** 2",
            ),
            Mistake("constant targets are always met", replace="np.where(missed == 0, 1, 0)", by="1.0"),
            Mistake("constant targets are never met", replace="np.where(missed == 0, 1, 0)", by="0.0"),
            Mistake(
                "all outputs in one",
                replace="((target - predicted) ** 2).sum(axis=0)",
                by="((target - predicted) ** 2).sum(keepdims=True)[0]",
            ),
        ),
    ),
)
