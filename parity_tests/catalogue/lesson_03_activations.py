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


def normal(*shape: int, **options: object) -> Callable[[np.random.Generator], Case]:
    """A workload of normal numbers."""
    return lambda generator: Case((generator.standard_normal(shape, dtype=np.float32),), options)


SIZES = {"small": normal(32, 64), "medium": normal(512, 1024), "large": normal(4096, 1024)}

WHOLE_NUMBERS = np.arange(6).reshape(2, 3)
WHOLE = Refusal("whole numbers", Case((WHOLE_NUMBERS,)), says=("x", "floating-point", "int64"))
BOOLEANS = Refusal("booleans", Case((WHOLE_NUMBERS > 2,)), says=("x", "floating-point", "bool"))
COMPLEX = Refusal("complex numbers", Case((WHOLE_NUMBERS * 1j,)), says=("x", "floating-point", "complex128"))

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
            Mistake("ones instead of dy", replace="return dy", by="return dy * 0 + 1"),
            Mistake("the gradient is zero", replace="return dy", by="return dy * 0"),
            Mistake("the sign is turned", replace="return dy", by="return -dy"),
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
            Mistake("slope 1 at the kink", replace="positive = x_ > 0", by="positive = x_ >= 0"),
            Mistake(
                "the larger of the two lines: wrong for slopes above 1",
                replace="np.multiply(x_, slope_, out=y_)",
                by="np.maximum(x_, negative_slope * x_, out=y_)",
            ),
            Mistake("a plain relu", replace="np.multiply(x_, slope_, out=y_)", by="np.maximum(x_, 0, out=y_)"),
            Mistake("the gradient does not leak", replace="dy * cache.slope", by="dy * (cache.slope == 1)"),
            Mistake("the gradient of the identity", replace="return dy * cache.slope", by="return dy.copy()"),
            Mistake(
                "the leak is added on both sides", replace="np.logical_not(positive, out=slope_)", by="slope_.fill(1)"
            ),
            Mistake("the square of the slope", replace="slope_ *= negative_slope", by="slope_ *= negative_slope**2"),
            Mistake(
                "the sign of the leak is turned", replace="slope_ *= negative_slope", by="slope_ *= -negative_slope"
            ),
            Mistake("the leak of the other side", replace="slope_ += positive", by="slope_ += 1 - positive"),
            Mistake(
                "the slope as an array of float64",
                replace='y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C")',
                by='y, slope = np.empty_like(x, order="C"), np.empty_like(x, order="C", dtype=float)',
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
            Mistake("eˣ - 1 cancels near 0", replace="np.expm1(y_, out=y_)", by="np.subtract(np.exp(y_), 1, out=y_)"),
            Mistake(
                "the exponential overflows",
                replace="np.expm1(y_, out=y_)",
                by="np.multiply(np.expm1(x_), x_ <= 0, out=y_)",
            ),
            Mistake("the - 1 is forgotten", replace="np.expm1", by="np.exp"),
            Mistake("alpha is forgotten", replace="        y_ *= alpha\n", by=""),
            Mistake("alpha is forgotten in the gradient", replace="        slope *= cache.alpha\n", by=""),
            Mistake(
                "slope 1 at 0, whatever alpha",
                replace="x <= 0\n        slope += x > 0",
                by="x < 0\n        slope += x >= 0",
            ),
            Mistake(
                "the slope from an output that has been rounded",
                replace="np.exp(slope, out=slope)\n        slope *= cache.alpha",
                by="np.expm1(slope, out=slope)\n        slope *= cache.alpha\n        slope += cache.alpha",
            ),
            Mistake("the slope of the left side everywhere", replace="x <= 0\n        slope += x > 0", by="1"),
            Mistake("slope 1 everywhere", replace="        slope += x > 0", by="        slope.fill(1)"),
            Mistake("dy is forgotten", replace="        slope *= dy_\n", by=""),
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
            Mistake(
                "eˣ / (1 + eˣ) overflows",
                replace="np.divide(1, y, out=y)",
                by="np.divide(np.exp(x), 1 + np.exp(x), out=y)",
            ),
            Mistake(
                "from tanh: the left tail cancels",
                replace="np.divide(1, y, out=y)",
                by="y[...] = (1 + np.tanh(x / 2)) / 2",
            ),
            Mistake("1 minus the other tail", replace="np.divide(1, y, out=y)", by="y[...] = 1 - 1 / (1 + np.exp(x))"),
            Mistake("the sign of x is lost", replace="(x, -LOG2_E, out=y)", by="(x, LOG2_E, out=y)"),
            Mistake("a power of 2 and not of e", replace="(x, -LOG2_E, out=y)", by="(x, -1, out=y)"),
            Mistake("saturated too early", replace="    np.exp2(y, out=y)", by="    np.exp2(np.minimum(y, 14), out=y)"),
            Mistake(
                "the slope from x instead of y",
                replace="np.subtract(1, y, out=dx_)\n        dx_ *= y\n",
                by="dx_[...] = np.exp(y) / (1 + np.exp(y)) ** 2\n",
            ),
            Mistake("the factor y is missing", replace="        dx_ *= y\n", by=""),
            Mistake(
                "the slope of tanh",
                replace="np.subtract(1, y, out=dx_)\n        dx_ *= y\n",
                by="np.subtract(1, y * y, out=dx_)\n",
            ),
            Mistake("dy is forgotten", replace="        dx_ *= dy_\n", by=""),
            Mistake(
                "the input is overwritten",
                replace='    y = np.empty_like(x, order="C")',
                by="    y = x if x.ndim else np.empty_like(x)",
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
            Mistake("dy is forgotten", replace="np.multiply(dy_, 1 - y * y", by="np.subtract(1, y * y"),
            Mistake("whole numbers are accepted", replace="    require_floating(x)", by=""),
        ),
    ),
)
