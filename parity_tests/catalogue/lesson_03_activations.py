"""Lesson 3: activations, from the step that cannot be trained to softmax."""

from collections.abc import Callable

import numpy as np

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def one_array(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape()),))


smooth = cases("smooth", "extreme")(one_array)
kinked = cases("smooth", "extreme", "integers")(one_array)


@cases("smooth", "extreme", "integers")
def leaky_relu_inputs(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape()),), {"negative_slope": draw.choice([0.01, 0.2, 0.0, 1.0, 1.5, -0.5])})


@cases("smooth", "extreme", "integers")
def elu_inputs(draw: Draw) -> Case:
    # PyTorch has two gradients at NaN: see the divergence.
    x = np.nan_to_num(draw.floats(draw.shape()), nan=-1.0, posinf=np.inf, neginf=-np.inf)
    return Case((x,), {"alpha": draw.choice([1.0, 0.5, 2.0, -1.5])})


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
    return Case((draw.floats(shape),), {"dim": draw.axis(len(shape))})


def normal(*shape: int, **options: object) -> Callable[[np.random.Generator], Case]:
    """A workload of normal numbers."""
    return lambda generator: Case((generator.standard_normal(shape, dtype=np.float32),), options)


SIZES = {"small": normal(32, 64), "medium": normal(512, 1024), "large": normal(4096, 1024)}
SOFTMAX_SIZES = {
    "small": normal(32, 64, dim=-1),
    "medium": normal(512, 1024, dim=-1),
    "large": normal(4096, 1024, dim=-1),
}

WHOLE_NUMBERS = np.arange(6).reshape(2, 3)
WHOLE = Refusal("whole numbers", Case((WHOLE_NUMBERS,)), says=("x", "floating-point", "int64"))
BOOLEANS = Refusal("booleans", Case((WHOLE_NUMBERS > 2,)), says=("x", "floating-point", "bool"))
COMPLEX = Refusal("complex numbers", Case((WHOLE_NUMBERS * 1j,)), says=("x", "floating-point", "complex128"))

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
        "ops.activations.step",
        lesson=3,
        title="Step",
        inputs=kinked,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        gradient=False,
        mistakes=(
            Mistake("0 does not fire", replace="(x >= 0)", by="(x > 0)"),
            Mistake("the negative fire", replace="(x >= 0)", by="(x <= 0)"),
            Mistake("the answer is a boolean", replace=".astype(x.dtype)", by=""),
            Mistake("the result is always float64", replace=".astype(x.dtype)", by=".astype(float)"),
            Mistake("-1 instead of 0", replace="(x >= 0).astype(x.dtype)", by="(2 * (x >= 0) - 1).astype(x.dtype)"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.identity",
        lesson=3,
        title="Identity",
        inputs=kinked,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        mistakes=(
            Mistake("ones instead of dy", replace="return dy.copy()", by="return dy * 0 + 1"),
            Mistake("the gradient is zero", replace="return dy.copy()", by="return dy * 0"),
            Mistake("the sign is turned", replace="return dy.copy()", by="return -dy"),
            Mistake("everything becomes positive", replace="x.copy(), None", by="abs(x), None"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.relu",
        lesson=3,
        title="ReLU",
        inputs=kinked,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        mistakes=(
            Mistake("slope 1 at the kink", replace="cache.y != 0", by="cache.y >= 0"),
            Mistake(
                "slope ½ at the kink",
                replace="(cache.y != 0)",
                by="((cache.y != 0) + (0.5 * (cache.y == 0)).astype(dy.dtype))",
            ),
            Mistake("NaN stops the gradient", replace="cache.y != 0", by="cache.y > 0"),
            Mistake(
                "the upstream gradient is clipped, not the slope", replace="dy * (cache.y != 0)", by="np.maximum(dy, 0)"
            ),
            Mistake("the gradient passes everywhere", replace="dy * (cache.y != 0)", by="dy * 1"),
            Mistake("dy is forgotten", replace="dy * (cache.y != 0)", by="(cache.y != 0).astype(dy.dtype)"),
            Mistake("the input is overwritten", replace="np.maximum(x, 0)", by="np.maximum(x, 0, out=x)"),
            Mistake("the absolute value", replace="np.maximum(x, 0)", by="np.abs(x)"),
            Mistake("a product with the mask: -inf · 0 is NaN", replace="np.maximum(x, 0)", by="x * (x > 0)"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.leaky_relu",
        lesson=3,
        title="Leaky ReLU",
        inputs=leaky_relu_inputs,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        mistakes=(
            Mistake("slope 1 at the kink", replace="Cache(x > 0,", by="Cache(x >= 0,"),
            Mistake(
                "the larger of the two lines: wrong for slopes above 1",
                replace="np.maximum(x, 0) + negative_slope * np.minimum(x, 0)",
                by="np.maximum(x, negative_slope * x)",
            ),
            Mistake("a plain relu", replace=" + negative_slope * np.minimum(x, 0)", by=""),
            Mistake("the gradient does not leak", replace=" + negative_slope * dy * ~positive", by=""),
            Mistake(
                "the leak is added on both sides", replace="negative_slope * dy * ~positive", by="negative_slope * dy"
            ),
            Mistake(
                "divided by the slope",
                replace="negative_slope * np.minimum(x, 0)",
                by="np.minimum(x, 0) * negative_slope**2",
            ),
            Mistake("the sign of the leak is turned", replace=") + negative_slope * np", by=") - negative_slope * np"),
            Mistake(
                "the slope as an array of float64",
                replace="* dy * ~positive",
                by="* (dy * np.where(positive, 0.0, np.ones(1)))",
            ),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.elu",
        lesson=3,
        title="ELU",
        inputs=elu_inputs,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        divergences=(
            Divergence(
                "At NaN, PyTorch's vector code gives the gradient NaN, its scalar code (short arrays, remainders) dy: "
                "pytorch/pytorch#195075. Here it is NaN, as the formula has it.",
                case=Case((np.array([np.nan]),)),
            ),
        ),
        mistakes=(
            Mistake("eˣ - 1 cancels near 0", replace="np.expm1(np.minimum(x, 0))", by="(np.exp(np.minimum(x, 0)) - 1)"),
            Mistake("the exponential overflows", replace="np.expm1(np.minimum(x, 0))", by="np.expm1(x) * (x <= 0)"),
            Mistake("the - 1 is forgotten", replace="np.expm1", by="np.exp"),
            Mistake("alpha is forgotten", replace="alpha * np.expm1", by="np.expm1"),
            Mistake("alpha is forgotten in the gradient", replace="(alpha * np.exp(", by="(np.exp("),
            Mistake("slope 1 at 0, whatever alpha", replace="positive = x > 0", by="positive = x >= 0"),
            Mistake(
                "the slope from an output that has been rounded",
                replace="alpha * np.exp(np.minimum(x, 0))",
                by="alpha * np.expm1(np.minimum(x, 0)) + alpha",
            ),
            Mistake("the slope of the left side everywhere", replace="positive + ~positive * ", by="1 * "),
            Mistake("slope 1 everywhere", replace="return dy * slope", by="return dy * (slope * 0 + 1)"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.sigmoid",
        lesson=3,
        title="Sigmoid",
        inputs=smooth,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        mistakes=(
            Mistake("eˣ overflows", replace="np.minimum(x, SATURATED, out", by="np.minimum(x, np.inf, out"),
            Mistake(
                "from tanh: the left tail cancels", replace="np.divide(e, 1 + e, out=e)", by="(1 + np.tanh(x / 2)) / 2"
            ),
            Mistake("1 minus the other tail", replace="np.divide(e, 1 + e, out=e)", by="1 - 1 / (1 + e)"),
            Mistake("the sign of x is lost", replace="np.divide(e, 1 + e, out=e)", by="1 / (1 + e)"),
            Mistake("saturated too early", replace="SATURATED = 40.0", by="SATURATED = 10.0"),
            Mistake(
                "the slope from x instead of y", replace="1 - y\n    dx *= y\n", by="np.exp(y) / (1 + np.exp(y)) ** 2\n"
            ),
            Mistake("the factor y is missing", replace="dx *= y\n", by="pass\n"),
            Mistake("the slope of tanh", replace="1 - y\n    dx *= y\n", by="1 - y * y\n"),
            Mistake("dy is forgotten", replace="dx *= dy", by="pass"),
            Mistake(
                "the input is overwritten", replace="out=np.empty_like(x)", by="out=x if x.ndim else np.empty_like(x)"
            ),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
    Entry(
        "ops.activations.tanh",
        lesson=3,
        title="Tanh",
        inputs=smooth,
        refusals=(WHOLE, BOOLEANS, COMPLEX),
        sizes=SIZES,
        mistakes=(
            Mistake(
                "from exponentials that overflow",
                replace="np.tanh(x)",
                by="(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))",
            ),
            Mistake("from a sigmoid: cancels near 0", replace="np.tanh(x)", by="2 / (1 + np.exp(-2 * x)) - 1"),
            Mistake("the factor 2 in front of x is missing", replace="np.tanh(x)", by="2 / (1 + np.exp(-x)) - 1"),
            Mistake("1 - y", replace="1 - y * y", by="1 - y"),
            Mistake("1 + y²", replace="1 - y * y", by="1 + y * y"),
            Mistake("the slope of the sigmoid", replace="1 - y * y", by="y - y * y"),
            Mistake("tanh is taken twice", replace="1 - y * y", by="1 - np.tanh(y) ** 2"),
            Mistake("dy is forgotten", replace="dy * (1 - y * y)", by="1 - y * y"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
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
            Mistake("log(1 + e) loses a small e", replace="np.log1p(e) / beta", by="np.log(1 + e) / beta"),
            Mistake("the threshold is forgotten", replace="linear = scaled > threshold", by="linear = scaled > 100"),
            Mistake(
                "the threshold is compared with x", replace="linear = scaled > threshold", by="linear = x > threshold"
            ),
            Mistake("no division by beta", replace="np.log1p(e) / beta", by="np.log1p(e)"),
            Mistake("the scaled x is returned", replace="np.where(linear, x,", by="np.where(linear, scaled,"),
            Mistake(
                "the slope is the relu's",
                replace="np.where(linear, 1, e / (1 + e))",
                by="np.where(x > 0, x * 0 + 1, x * 0)",
            ),
            Mistake(
                "beta in the slope",
                replace="np.where(linear, 1, e / (1 + e))",
                by="np.where(linear, 1, beta * e / (1 + e))",
            ),
            Mistake(
                "the slope is 1 / (1 + e)",
                replace="np.where(linear, 1, e / (1 + e))",
                by="np.where(linear, 1, 1 / (1 + e))",
            ),
            Mistake("no slope beyond the threshold", replace="np.where(linear, 1, e", by="np.where(linear, 0, e"),
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
            Mistake("only the gate is returned", replace="y = x * gate", by="y = 1 * gate"),
            Mistake("relu in place of x", replace="y = x * gate", by="y = np.maximum(x, 0) * gate"),
            Mistake("the gate is taken as a constant", replace="gate * (1 + x * (1 - gate))", by="gate * 1"),
            Mistake("x is taken as a constant", replace="gate * (1 + x * (1 - gate))", by="x * gate * (1 - gate)"),
            Mistake(
                "the slope of the gate is 1 - gate", replace="gate * (1 + x * (1 - gate))", by="gate + x * (1 - gate)"
            ),
            Mistake("the sign of the second term", replace="(1 + x * (1 - gate))", by="(1 - x * (1 - gate))"),
            Mistake("dy is forgotten", replace="= dy * slope", by="= slope"),
            Mistake(
                "-inf is taken to 0, where PyTorch has NaN",
                replace="y = x * gate",
                by="y = np.maximum(x, -1e30) * gate",
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
            Mistake("exact, where tanh is asked for", replace="else _tanh_gate(x)", by="else distribution(x)"),
            Mistake(
                "the sigmoid approximation",
                replace="        gate += 0.5\n",
                by="        gate = 1 / (1 + np.exp(-1.702 * x))\n",
            ),
            Mistake("the factor √(2/π) is missing", replace="        t *= scale\n", by=""),
            Mistake("a rounded constant", replace="0.044715\n    with", by="0.0447\n    with"),
            Mistake(
                "NumPy's square root promotes to float64",
                replace="y = x * gate",
                by="y = x * gate * (np.sqrt(2 / np.pi) / math.sqrt(2 / math.pi))",
            ),
            Mistake(
                "the gate is taken as a constant", replace="np.multiply(x, slope, out=np.empty_like(x))", by="0 * x"
            ),
            Mistake(
                "the slope of the gate without x",
                replace="np.multiply(x, slope, out=np.empty_like(x))",
                by="slope.copy()",
            ),
            Mistake("the inner derivative without the 3", replace="square *= 3 * cubic ", by="square *= 1 * cubic "),
            Mistake(
                "the inner derivative is missing",
                replace="        t *= square\n    return",
                by="        t *= 0.5 * scale\n    return",
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
                replace="dy - probabilities * dy.sum(axis=dim, keepdims=True)",
                by="probabilities * (dy - (dy * probabilities).sum(axis=dim, keepdims=True))",
            ),
            Mistake("dy is not summed", replace="dy.sum(axis=dim, keepdims=True)", by="dy"),
            Mistake(
                "the sum along the last axis",
                replace="dy.sum(axis=dim, keepdims=True)",
                by="dy.sum(axis=-1, keepdims=True)",
            ),
            Mistake("the logarithm in place of the probability", replace="np.exp(y)", by="y"),
            Mistake("the axis is not checked", replace="    require_axis(x, dim)", by=""),
        ),
    ),
)
