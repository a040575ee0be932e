"""Lesson 4: losses for numbers: squared, absolute, and Huber's compromise."""

from collections.abc import Callable

import numpy as np

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

REDUCTIONS = ("mean", "mean", "sum", "none")


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


@cases("smooth", "integers", "extreme")
def prediction_and_target(draw: Draw) -> Case:
    shape = draw.shape()
    return Case((draw.floats(shape), draw.floats(shape)), {"reduction": draw.choice(REDUCTIONS)})


@cases("smooth", "integers", "extreme")
def huber_inputs(draw: Draw) -> Case:
    shape = draw.shape()
    options = {"reduction": draw.choice(REDUCTIONS), "delta": draw.choice([1.0, 0.5, 2.0])}
    return Case((draw.floats(shape), draw.floats(shape)), options)


def normal_pair(*shape: int) -> Callable[[np.random.Generator], Case]:
    """A workload: predictions and targets of this shape."""
    return lambda generator: Case(
        (generator.standard_normal(shape).astype(np.float32), generator.standard_normal(shape).astype(np.float32))
    )


SIZES = {"small": normal_pair(32, 10), "medium": normal_pair(512, 1000), "large": normal_pair(4096, 1000)}

REFUSED_PAIRS = (
    Refusal("shapes that would broadcast", Case((zeros(2, 3), zeros(3))), says=("target", "(2, 3)", "(3,)")),
    Refusal("a column against a row", Case((zeros(3, 1), zeros(3))), says=("target", "(3, 1)", "(3,)")),
    Refusal("integer targets", Case((zeros(3), np.zeros(3, np.int64))), says=("target", "float32", "int64")),
    Refusal("unknown reduction", Case((zeros(3), zeros(3)), {"reduction": "average"}),
            says=("reduction", "mean", "sum", "none", "average")),
)  # fmt: skip

NOT_AVERAGED = Mistake(
    "the 1/N of the mean is forgotten on the way back",
    replace="dloss = reduce_backward(dy, cache.reduction, cache.difference.size)",
    by="dloss = dy",
)
SAME_SIGN = Mistake("the target moves like the input", replace="return dinput, -dinput", by="return dinput, dinput")
BROADCASTS = Mistake("shapes may broadcast", replace="    same_shape(input, target)\n", by="")

ROWS = (
    Entry(
        "ops.losses.mse_loss",
        lesson=4,
        title="Mean squared error",
        inputs=prediction_and_target,
        refusals=REFUSED_PAIRS,
        sizes=SIZES,
        mistakes=(
            NOT_AVERAGED,
            SAME_SIGN,
            BROADCASTS,
            Mistake("the 2 of the square is forgotten", replace="2 * cache.difference", by="cache.difference"),
            Mistake("half the square, not the square", replace="difference * difference", by="0.5 * difference**2"),
            Mistake("averages over the batch only", replace="reduction, difference.size)",
                    by="reduction, difference.shape[0] if difference.ndim else 1)"),
            Mistake("the sign of the gradient", replace="2 * cache.difference", by="-2 * cache.difference"),
            Mistake("dy is forgotten", replace="2 * cache.difference * dloss", by="2 * cache.difference"),
        ),
    ),
    Entry(
        "ops.losses.l1_loss",
        lesson=4,
        title="Mean absolute error",
        inputs=prediction_and_target,
        refusals=REFUSED_PAIRS,
        sizes=SIZES,
        mistakes=(
            NOT_AVERAGED,
            SAME_SIGN,
            BROADCASTS,
            Mistake("slope 1 at 0", replace="cache.difference > 0", by="cache.difference >= 0"),
            Mistake("slope −1 at 0", replace="cache.difference < 0", by="cache.difference <= 0"),
            Mistake("NaN spreads into the gradient", replace="sign = above.astype(cache.difference.dtype) - below",
                    by="sign = np.sign(cache.difference)"),
            Mistake("the slope of the square", replace="sign = above.astype(cache.difference.dtype) - below",
                    by="sign = 2 * cache.difference"),
            Mistake("no absolute value", replace="np.abs(difference)", by="difference"),
            Mistake("root of the sum of squares", replace="reduce(np.abs(difference), reduction, difference.size)",
                    by="np.sqrt(reduce(difference**2, reduction, difference.size))"),
        ),
    ),
    Entry(
        "ops.losses.huber_loss",
        lesson=4,
        title="Huber loss",
        inputs=huber_inputs,
        refusals=(
            *REFUSED_PAIRS,
            Refusal("no width", Case((zeros(3), zeros(3)), {"delta": 0.0}), says=("delta", "positive", "0.0")),
            Refusal("negative delta", Case((zeros(3), zeros(3)), {"delta": -1.0}), says=("delta", "positive", "-1.0")),
        ),
        sizes=SIZES,
        mistakes=(
            SAME_SIGN,
            BROADCASTS,
            Mistake("the 1/N of the mean is forgotten on the way back",
                    replace="reduce_backward(dy, cache.reduction, cache.clipped.size)", by="dy"),
            Mistake("the half is forgotten", replace="difference - 0.5 * clipped", by="difference - clipped"),
            Mistake("the pieces do not meet", replace="difference - 0.5 * clipped", by="difference"),
            Mistake("delta is always 1", replace="np.clip(difference, -delta, delta)",
                    by="np.clip(difference, -1.0, 1.0)"),
            Mistake("nothing is clipped: least squares", replace="np.clip(difference, -delta, delta)", by="difference"),
            Mistake("the gradient is not clipped", replace="Cache(clipped, reduction)",
                    by="Cache(difference, reduction)"),
            Mistake("only outliers above are clipped", replace="np.clip(difference, -delta, delta)",
                    by="np.minimum(difference, delta)"),
            Mistake("smooth L1: divided by delta", replace="return reduce(losses,", by="return reduce(losses / delta,"),
            Mistake("a negative delta is accepted", replace="not delta > 0", by="False"),
        ),
    ),
)  # fmt: skip
