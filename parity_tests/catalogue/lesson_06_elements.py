"""Lesson 6: what the tape can do with single elements, judged to second order."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.tensors import TENSORS, asking, broadcasting, refusing, some_of

Table = Mapping[str, Callable[..., Any]]

EXACT: Table = {  # on whole numbers
    "x0 + x1": lambda ag, x, y: x + y,
    "x0 - x1": lambda ag, x, y: x - y,
    "x0 * x1": lambda ag, x, y: x * y,
    "-x0 * 2 + 0.5 - x1": lambda ag, x, y: -x * 2 + 0.5 - y,
    "x0 ** 3 - 2.0 * x1": lambda ag, x, y: x**3 - 2.0 * y,
    "x0 ** 1 + x1 ** 0 * x1 ** 2": lambda ag, x, y: x**1 + y**0 * y**2,
}
ROUNDED: Table = {
    "x0 / x1": lambda ag, x, y: x / y,
    "x0 ** x1": lambda ag, x, y: x**y,
    "x0 ** -1 + x1 ** 2.5": lambda ag, x, y: x**-1 + y**2.5,
    "1.5 / x0 + x1 / 3": lambda ag, x, y: 1.5 / x + y / 3,
    "2.0 ** x0 * x1 ** 0.5": lambda ag, x, y: 2.0**x * y**0.5,
}


@cases("smooth", "integers", "extreme")
def arithmetic(draw: Draw) -> Case:
    shape = draw.shape(max_rank=3)
    shapes = (shape, broadcasting(draw, shape))
    text, function = some_of(draw, EXACT if draw.mode == "integers" else {**EXACT, **ROUNDED})
    arrays = [draw.uniform(s, 0.25, 3.0) if draw.mode == "smooth" else draw.floats(s) for s in shapes]
    if draw.mode == "extreme" and draw.integer(0, 3) == 0:
        arrays[0] = np.zeros_like(arrays[0])  # to some power
    return asking(draw, arrays, text, function)


FUNCTIONS: Table = {
    "exp(x0)": lambda ag, x: ag.exp(x),
    "log(x0)": lambda ag, x: ag.log(x),
    "sqrt(x0)": lambda ag, x: ag.sqrt(x),
    "tanh(x0)": lambda ag, x: ag.tanh(x),
    "abs(x0)": lambda ag, x: ag.abs(x),
}


@cases("smooth", "integers", "extreme")
def functions(draw: Draw) -> Case:
    kinked: Table = {"abs(x0)": FUNCTIONS["abs(x0)"]}
    text, function = some_of(draw, kinked if draw.mode == "integers" else FUNCTIONS)
    shape = draw.shape(max_rank=3)
    positive = draw.mode == "smooth" and ("log" in text or "sqrt" in text)
    return asking(draw, [draw.uniform(shape, 0.25, 3.0) if positive else draw.floats(shape)], text, function)


CHOICES: Table = {
    "maximum(x0, x1)": lambda ag, x, y: ag.maximum(x, y),
    "minimum(x0, x1)": lambda ag, x, y: ag.minimum(x, y),
    "where(x0 < x1, x0, x1)": lambda ag, x, y: ag.where(x < y, x, y),
    "where(x0 >= x1, x1, 2.0)": lambda ag, x, y: ag.where(x >= y, y, 2.0),
    "x0 <= x1, x0 > x1": lambda ag, x, y: ((x <= y).to(x.dtype), (x > y).to(x.dtype)),
    "x0 == x1, x0 != x1": lambda ag, x, y: ((x == y).to(x.dtype), (x != y).to(x.dtype)),
    "clip(x0, -1.0, 2.0)": lambda ag, x, y: ag.clip(x, -1.0, 2.0),
    "clip(x0, max=1.0) + clip(x1, min=0)": lambda ag, x, y: ag.clip(x, max=1.0) + ag.clip(y, min=0),
}


@cases("integers", "smooth", "extreme")
def choices(draw: Draw) -> Case:
    text, function = some_of(draw, CHOICES, count=3)
    shape = draw.shape(max_rank=3)
    arrays = [draw.floats(shape), draw.floats(broadcasting(draw, shape))]
    return asking(draw, arrays, f"{text}, x0 * x1", lambda ag, x, y: (*function(ag, x, y), x * y))


ROWS: tuple[Entry, ...] = (
    Entry(
        "autograd.arithmetic",
        lesson=6,
        title="Arithmetic",
        inputs=arithmetic,
        adapter=TENSORS,
        refusals=(
            refusing("do not broadcast", (zeros((2, 3)), zeros(4)), lambda ag, x, y: x + y, "add", "(2, 3)", "(4,)"),
            refusing("a factor that is text", (zeros(2),), lambda ag, x: x * "2", "multiply", "str"),
        ),
        mistakes=(
            Mistake("the denominator is not squared in the slope of x / y", replace="(x / y / y)", by="(x / y)"),
            Mistake(
                "the sign of a difference is forgotten", replace="(x, _same), (y, neg)", by="(x, _same), (y, _same)"
            ),
            Mistake("each factor scales its own gradient", replace="(x, mul, y), (y, mul", by="(x, mul, x), (y, mul"),
            Mistake("the exponent is not lowered by one", replace="_raise(x, n - 1)", by="_raise(x, n)"),
            Mistake(
                "0 to a power has slope 0 · log 0 = NaN",
                replace="np.where(x == 0, np.where(y >= 0, 0.0, slope), slope)",
                by="slope",
            ),
            Mistake("the slope in the exponent lacks the logarithm", replace="(power * np.log(x))", by="power"),
        ),
    ),
    Entry(
        "autograd.functions",
        lesson=6,
        title="Functions of one number",
        inputs=functions,
        adapter=TENSORS,
        refusals=(refusing("the logarithm of text", (zeros(2),), lambda ag, x: ag.log("2"), "log", "str"),),
        mistakes=(
            Mistake("tanh is not squared in its slope", replace="(1 - y * y)", by="(1 - y)"),
            Mistake("abs has a slope at 0", replace="np.where(x < 0, -dy, 0.0)", by="-dy"),
            Mistake("the slope of sqrt lacks the 2", replace="dy / (2 * y)", by="dy / y"),
            Mistake("the gradient of exp is scaled by the operand", replace="(x, mul, OUTPUT)", by="(x, mul, x)"),
            Mistake("the gradient of log is multiplied by the operand", replace="(x, truediv, x)", by="(x, mul, x)"),
        ),
    ),
    Entry(
        "autograd.choices",
        lesson=6,
        title="Choices and comparisons",
        inputs=choices,
        adapter=TENSORS,
        refusals=(
            refusing("no mask", (zeros(3),), lambda ag, x: ag.where(x, x, 0.0), "where", "boolean", "float64"),
            refusing("clip without bounds", (zeros(3),), lambda ag, x: ag.clip(x), "clip", "min", "max"),
            refusing(
                "shapes that do not broadcast",
                (zeros((2, 3)), zeros(4)),
                lambda ag, x, y: ag.maximum(x, y),
                "maximum",
                "(2, 3)",
                "(4,)",
            ),
        ),
        mistakes=(
            Mistake(
                "both of two equal operands of maximum get the whole gradient",
                replace="np.where(x < y, 0.0, np.where(x == y, dy / 2, dy))",
                by="np.where(x < y, 0.0, dy)",
            ),
            Mistake(
                "the first of two equal operands of maximum gets nothing",
                replace="np.where(x < y, 0.0,",
                by="np.where(x <= y, 0.0,",
            ),
            Mistake(
                "the gradient of minimum goes to the larger operand",
                replace="np.where(x > y, 0.0,",
                by="np.where(x < y, 0.0,",
            ),
            Mistake("at the bound, clip lets nothing pass", replace="np.where(x >= low,", by="np.where(x > low,"),
            Mistake("both branches of where get the gradient", replace="np.where(condition, 0.0, dy)", by="dy"),
            Mistake("less is less or equal", replace="x.data < y.data", by="x.data <= y.data"),
        ),
    ),
)
