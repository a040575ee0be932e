"""Lesson 3: activations without a kink, and the two that make shares of scores."""

import numpy as np

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_03_activations import BOOLEANS, COMPLEX, SIZES, WHOLE, WHOLE_NUMBERS, normal


@cases("smooth", "extreme")
def silu_inputs(draw: Draw) -> Case:
    x = draw.floats(draw.shape())
    # Between the two, PyTorch's e⁻ˣ overflows in float64 and gives 0, where the truth is not yet 0.
    return Case((np.where((x > -746) & (x < -708), x.dtype.type(-700), x),))


@cases("smooth", "extreme")
def softplus_inputs(draw: Draw) -> Case:
    options = {"beta": draw.choice([1.0, 0.5, 3.0]), "threshold": draw.choice([20.0, 4.0, 50.0])}
    return Case((draw.floats(draw.shape()),), options)


@cases("smooth", "extreme")
def gelu_inputs(draw: Draw) -> Case:
    x, approximate = draw.floats(draw.shape()), draw.choice(["none", "tanh"])
    if approximate == "none":  # gelu(+inf) is inf or NaN, depending on the processor: pytorch/pytorch#185770
        x = np.nan_to_num(x, nan=np.nan, posinf=1e4, neginf=-np.inf)
    return Case((x,), {"approximate": approximate})


@cases("smooth", "extreme")
def scores_and_an_axis(draw: Draw) -> Case:
    shape = draw.shape()
    x = draw.floats(shape)
    if draw.mode == "smooth":  # far from zero, where it shows what is subtracted from what
        x = x + x.dtype.type(draw.choice((0.0, 0.0, 1000.0)))
    return Case((x,), {"dim": draw.axis(len(shape))})


SOFTMAX_SIZES = {
    "small": normal(32, 64, dim=-1),
    "medium": normal(512, 1024, dim=-1),
    "large": normal(4096, 1024, dim=-1),
}

SCORES = np.zeros((2, 3))
SOFTMAX_REFUSALS = (
    Refusal("whole numbers", Case((WHOLE_NUMBERS,), {"dim": 1}), says=("x", "floating-point", "int64")),
    Refusal("an axis too far", Case((SCORES,), {"dim": 2}), says=("dim", "-2 to 1", "2", "(2, 3)")),
    Refusal("an axis too far back", Case((SCORES,), {"dim": -3}), says=("dim", "-2 to 1", "-3", "(2, 3)")),
    Refusal("an axis of a number", Case((np.zeros(()),), {"dim": 1}), says=("dim", "-1 to 0", "1", "()")),
    Refusal("an axis that is not whole", Case((SCORES,), {"dim": 1.0}), says=("dim", "int", "1.0")),
)

ROWS = (
    Entry(
        "ops.activations.softplus",
        lesson=3,
        title="Softplus",
        inputs=softplus_inputs,
        refusals=(
            WHOLE,
            BOOLEANS,
            COMPLEX,
            Refusal("beta of zero", Case((SCORES,), {"beta": 0.0}), says=("beta", "positive", "0.0")),
            Refusal("negative beta", Case((SCORES,), {"beta": -1.0}), says=("beta", "positive", "-1.0")),
        ),
        sizes=SIZES,
        mistakes=(
            Mistake("log(1 + e) loses a small e", replace="np.log1p(e)", by="np.log(1 + e)"),
            Mistake("the threshold is forgotten", replace="linear = scaled > threshold", by="linear = scaled > 100"),
            Mistake(
                "the threshold is compared with x", replace="linear = scaled > threshold", by="linear = x_ > threshold"
            ),
            Mistake("no division by beta", replace="np.divide(np.log1p(e), beta, out=y_)", by="np.log1p(e, out=y_)"),
            Mistake("the scaled x is returned", replace="np.copyto(y_, x_,", by="np.copyto(y_, scaled,"),
            Mistake("the slope is the relu's", replace="np.divide(e, 1 + e,", by="np.greater(x_, 0,"),
            Mistake("beta in the slope", replace="np.divide(e, 1 + e,", by="np.divide(beta * e, 1 + e,"),
            Mistake("the slope is 1 / (1 + e)", replace="np.divide(e, 1 + e,", by="np.divide(1, 1 + e,"),
            Mistake("no slope beyond the threshold", replace="np.copyto(slope_, 1,", by="np.copyto(slope_, 0,"),
            Mistake("beta is not checked", replace="if not beta > 0", by="if False"),
        ),
    ),
    Entry(
        "ops.activations.silu",
        lesson=3,
        title="SiLU (swish)",
        inputs=silu_inputs,
        refusals=(WHOLE, BOOLEANS),
        sizes=SIZES,
        mistakes=(
            Mistake("only the gate is returned", replace="np.multiply(x_, s, out=y_)", by="np.copyto(y_, s)"),
            Mistake(
                "relu in place of x",
                replace="np.multiply(x_, s, out=y_)",
                by="np.multiply(np.maximum(x_, 0), s, out=y_)",
            ),
            Mistake("the gate is taken as a constant", replace="slope_ *= y_", by="slope_ *= 0"),
            Mistake("x is taken as a constant", replace="            slope_ += s\n", by=""),
            Mistake("the slope of the gate is 1 - gate", replace="slope_ *= y_", by="slope_ *= x_"),
            Mistake("the sign of the second term", replace="slope_ *= y_", by="slope_ *= -y_"),
            Mistake("dy is forgotten", replace="dy * cache.slope", by="cache.slope.copy()"),
            Mistake(
                "-inf is taken to 0, where PyTorch has NaN",
                replace="np.multiply(x_, s, out=y_)",
                by="np.multiply(np.maximum(x_, -1e30), s, out=y_)",
            ),
        ),
    ),
    Entry(
        "ops.activations.gelu",
        lesson=3,
        title="GELU",
        inputs=gelu_inputs,
        refusals=(
            WHOLE,
            BOOLEANS,
            COMPLEX,
            Refusal(
                "an unknown approximation",
                Case((SCORES,), {"approximate": "sigmoid"}),
                says=("approximate", "'none'", "'tanh'", "'sigmoid'"),
            ),
        ),
        sizes=SIZES,
        mistakes=(
            Mistake(
                "tanh, where the exact form is asked for",
                replace='if approximate == "none" else',
                by='if approximate == "exact" else',
            ),
            Mistake("exact, where tanh is asked for", replace="else _tanh_gate", by="else distribution_of(x.dtype)"),
            Mistake(
                "the sigmoid approximation",
                replace="    gate += 0.5\n",
                by="    gate[...] = 1 / (1 + np.exp(-1.702 * x))\n",
            ),
            Mistake("the factor √(2/π) is missing", replace="math.sqrt(2 / math.pi), 0", by="1.0, 0"),
            Mistake("a rounded constant", replace="0.044715\n    np", by="0.0447\n    np"),
            Mistake(
                "NumPy's square root promotes to float64",
                replace="return y, Cache(slope)",
                by="return y * (np.sqrt(2 / np.pi) / math.sqrt(2 / math.pi)), Cache(slope)",
            ),
            Mistake(
                "the gate is taken as a constant", replace="            slope_ *= x_\n", by="            slope_ *= 0\n"
            ),
            Mistake("the slope of the gate without x", replace="            slope_ *= x_\n", by=""),
            Mistake("x is taken as a constant", replace="            slope_ += y_\n", by=""),
            Mistake("the inner derivative without the 3", replace="square *= 3 * cubic", by="square *= 1 * cubic"),
            Mistake(
                "the inner derivative is missing", replace="    slope *= square\n", by="    slope *= 0.5 * scale\n"
            ),
            Mistake(
                "an unknown approximation is taken for tanh", replace='approximate not in ("none", "tanh")', by="False"
            ),
        ),
    ),
    Entry(
        "ops.activations.softmax",
        lesson=3,
        title="Softmax",
        inputs=scores_and_an_axis,
        refusals=SOFTMAX_REFUSALS,
        sizes=SOFTMAX_SIZES,
        mistakes=(
            Mistake(
                "the maximum is not subtracted", replace="np.subtract(x, largest,", by="np.subtract(x, 0 * largest,"
            ),
            Mistake("the maximum is added", replace="np.subtract(x, largest,", by="np.add(x, largest,"),
            Mistake("always along the last axis", replace="e.sum(axis=dim,", by="e.sum(axis=-1,"),
            Mistake("the maximum of another axis", replace="x.max(axis=dim,", by="x.max(axis=0,"),
            Mistake("the sum over everything", replace="e.sum(axis=dim, keepdims=True)", by="e.sum()"),
            Mistake("the slope of the sigmoid: only the diagonal", replace="y * (dy - mean)", by="dy * y * (1 - y)"),
            Mistake("the mean is not subtracted", replace="y * (dy - mean)", by="y * dy"),
            Mistake("the mean without the probabilities", replace="(dy * y).sum(axis=dim", by="dy.mean(axis=dim"),
            Mistake("the mean along the last axis", replace="(dy * y).sum(axis=dim", by="(dy * y).sum(axis=-1"),
            Mistake("the factor y is missing", replace="= y * (dy - mean)", by="= dy - mean"),
            Mistake("the axis is not checked", replace="    require_axis(x, dim)", by=""),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.log_softmax",
        lesson=3,
        title="Log-softmax",
        inputs=scores_and_an_axis,
        refusals=SOFTMAX_REFUSALS,
        sizes=SOFTMAX_SIZES,
        mistakes=(
            Mistake(
                "the logarithm of softmax, in two steps",
                replace="np.subtract(shifted, log_sum, out=shifted)",
                by="np.log(np.exp(shifted) / np.exp(log_sum))",
            ),
            Mistake(
                "the maximum is not subtracted", replace="np.subtract(x, largest,", by="np.subtract(x, 0 * largest,"
            ),
            Mistake(
                "the maximum is subtracted only inside",
                replace="np.subtract(shifted, log_sum, out=shifted)",
                by="x - log_sum",
            ),
            Mistake(
                "x minus (maximum + log-sum) cancels",
                replace="np.subtract(shifted, log_sum, out=shifted)",
                by="x - (largest + log_sum)",
            ),
            Mistake(
                "the logarithm is forgotten",
                replace="np.log(np.exp(shifted).sum(axis=dim, keepdims=True))",
                by="np.exp(shifted).sum(axis=dim, keepdims=True)",
            ),
            Mistake(
                "always along the last axis", replace="np.exp(shifted).sum(axis=dim", by="np.exp(shifted).sum(axis=-1"
            ),
            Mistake(
                "the gradient of softmax",
                replace="    dx *= dy.sum(axis=dim, keepdims=True)\n    np.subtract(dy, dx, out=dx)\n",
                by="    dx *= dy - (dy * dx).sum(axis=dim, keepdims=True)\n",
            ),
            Mistake("dy is not summed", replace="dy.sum(axis=dim, keepdims=True)", by="dy"),
            Mistake(
                "the sum along the last axis",
                replace="dy.sum(axis=dim, keepdims=True)",
                by="dy.sum(axis=-1, keepdims=True)",
            ),
            Mistake(
                "the logarithm in place of the probability", replace="np.exp(y, out=np.empty_like(y))", by="y.copy()"
            ),
            Mistake("the axis is not checked", replace="    require_axis(x, dim)", by=""),
        ),
    ),
)
