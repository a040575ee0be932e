"""Lesson 5: gradients by differences, the check of a gradient, and descent along it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

QUADRATICS = (  # for which central differences are exact
    lambda x: (3 * x * x + x).sum(),
    lambda x: x.sum() * x.sum(),
    lambda x: (x * x.sum() - 2 * x).sum(),
    lambda x: (x - x.sum()).sum() * x.sum() / 2,
    lambda x: ((1 - x) * (x + 2)).sum(),
)


@cases("integers")
def quadratic(draw: Draw) -> Case:
    x = draw.floats(draw.shape(max_rank=2))
    return Case((x,), {"function": draw.choice(QUADRATICS), "epsilon": draw.choice([0.5, 0.125, 0.0625])})


CUBE = lambda x: x * x * x  # noqa: E731
SHARE = lambda x: x / x.sum()  # noqa: E731
PRODUCT = lambda x, w: x * w  # noqa: E731
RATIO = lambda x, w: (x * x) / w  # noqa: E731

CLAIMS: tuple[tuple[int, Callable[..., Any], Callable[..., Any]], ...] = (  # arrays, function, derivative
    (1, CUBE, lambda dy, x: 3 * x * x * dy),
    (1, CUBE, lambda dy, x: -3 * x * x * dy),  # the sign
    (1, CUBE, lambda dy, x: x * x * dy),  # the factor
    (1, CUBE, lambda dy, x: 3.01 * x * x * dy),  # a hundredth too much
    (1, CUBE, lambda dy, x: 3 * x * x * dy * (x < 1.25)),  # right for some elements only
    (1, CUBE, lambda dy, x: 3 * x * x * dy * float("nan")),
    (1, SHARE, lambda dy, x: dy / x.sum() - (dy * x).sum() / (x.sum() * x.sum())),
    (1, SHARE, lambda dy, x: dy / x.sum()),  # the sum moves too
    (1, SHARE, lambda dy, x: dy * 0),  # right as long as dy is one everywhere
    (2, PRODUCT, lambda dy, x, w: (dy * w, dy * x)),
    (2, PRODUCT, lambda dy, x, w: (dy * x, dy * w)),  # each factor gets itself
    (2, PRODUCT, lambda dy, x, w: (dy * w, -dy * x)),  # the sign of the second
    (2, PRODUCT, lambda dy, x, w: (dy * w * (x < 1.25), dy * x)),  # right for some elements only
    (2, RATIO, lambda dy, x, w: (2 * x / w * dy, -x * x / (w * w) * dy)),
    (2, RATIO, lambda dy, x, w: (2 * x / w * dy, x * x / (w * w) * dy)),  # the sign of the second
    (2, RATIO, lambda dy, x, w: (x / w * dy, -x * x / (w * w) * dy)),  # the factor of the first
)


@cases("smooth", dtypes=(np.float64,))
def claims(draw: Draw) -> Case:
    count, function, derivative = draw.choice(CLAIMS)
    shape = draw.choice([(5,), (2, 3), (4, 1, 2), (1,), ()])  # gradcheck takes no empty tensors
    arrays = (draw.uniform(shape, 0.5, 2.0), draw.uniform(shape, 3.0, 4.0))
    return Case(arrays[:count], {"function": function, "derivative": derivative})


@cases("smooth")
def regression(draw: Draw) -> Case:
    examples, inputs = draw.size(1), draw.size(0, 3)
    order = [draw.permutation(examples) for _ in range(draw.size(0, 3))]
    return Case(
        (
            draw.uniform((examples, inputs), -1, 1),
            draw.floats((examples,)),
            draw.floats((inputs,)),
            draw.floats(()),
            np.array(order, np.int64).reshape(len(order), examples),
        ),
        {"batch_size": draw.integer(1, examples + 1), "learning_rate": draw.number(0.01, 0.25)},
    )


def differences(length: int) -> Callable[[np.random.Generator], Case]:
    """Whole numbers, for which differences are exact in float32 too."""
    return lambda generator: Case(
        (generator.integers(-3, 4, length).astype(np.float32),),
        {"function": lambda x: (3 * x * x + x).sum(), "epsilon": 0.125},
        exact=True,
    )


def checking(length: int) -> Callable[[np.random.Generator], Case]:
    _, function, derivative = CLAIMS[0]
    return lambda generator: Case(
        (generator.uniform(0.5, 2.0, length),), {"function": function, "derivative": derivative}
    )


def descending(examples: int, inputs: int, batch_size: int) -> Callable[[np.random.Generator], Case]:
    """Two epochs."""

    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((examples, inputs)).astype(np.float32)
        y = (x.sum(axis=1) + generator.standard_normal(examples)).astype(np.float32)
        order = np.stack([generator.permutation(examples) for _ in range(2)])
        weight = np.zeros(inputs, np.float32)
        return Case((x, y, weight, np.zeros((), np.float32), order), {"batch_size": batch_size, "learning_rate": 0.01})

    return build


def regressing(**changed: Any) -> Case:
    """Three examples of two numbers, one epoch; with what makes it wrong."""
    arrays = {"x": zeros((3, 2)), "y": zeros(3), "weight": zeros(2), "bias": zeros(()), "order": np.array([[0, 1, 2]])}
    options = {"batch_size": 2, "learning_rate": 0.1}
    options |= {name: changed.pop(name) for name in tuple(changed) if name in options}
    return Case(tuple((arrays | changed).values()), options)


ROWS = (
    Entry(
        "ops.backpropagation.numerical_gradient",
        lesson=5,
        title="Numerical gradient",
        inputs=quadratic,
        gradient=False,
        refusals=(
            Refusal(
                "more than one number",
                Case((zeros(3),), {"function": lambda x: x * x}),
                says=("function", "single number", "(3,)"),
            ),
            Refusal(
                "integers cannot move a little",
                Case((np.arange(3),), {"function": lambda x: x.sum()}),
                says=("x", "floating-point", "int64"),
            ),
            Refusal(
                "no step", Case((zeros(3),), {"function": lambda x: x.sum(), "epsilon": 0.0}), says=("epsilon", "0.0")
            ),
        ),
        sizes={"small": differences(3), "medium": differences(100), "large": differences(2_000)},
        mistakes=(
            Mistake("the 2 is forgotten", replace="(2 * epsilon)", by="epsilon"),
            Mistake(
                "one-sided difference",
                replace="(above - below) / (2 * epsilon)",
                by="(above - function(x)) / epsilon",
            ),
            Mistake("the sign", replace="(above - below)", by="(below - above)"),
            Mistake("the element is not put back", replace="        probe[index] = x[index]\n", by=""),
            Mistake("x itself is moved", replace="probe = x.copy()", by="probe = x"),
            Mistake(
                "the whole array moves at once", replace="probe[index] = x[index] + epsilon", by="probe = x + epsilon"
            ),
            Mistake("the result is always float64", replace="np.empty_like(x)", by="np.empty(x.shape)"),
            Mistake("epsilon is not checked", replace="if not epsilon > 0:", by="if False:"),
        ),
    ),
    Entry(
        "ops.backpropagation.gradient_check",
        lesson=5,
        title="Gradient check",
        inputs=claims,
        gradient=False,
        refusals=(
            Refusal(
                "float32",
                Case((np.ones(3, np.float32),), {"function": CLAIMS[0][1], "derivative": CLAIMS[0][2]}),
                says=("float64", "float32"),
            ),
        ),
        sizes={"small": checking(3), "medium": checking(50), "large": checking(400)},
        mistakes=(
            Mistake("dy of ones", replace="generator.standard_normal(y.shape)", by="np.ones(y.shape)"),
            Mistake(
                "the sign is not looked at", replace="abs(claimed - numerical)", by="abs(abs(claimed) - abs(numerical))"
            ),
            Mistake(
                "a tolerance too wide to see",
                replace="ABSOLUTE, RELATIVE = 1e-5, 1e-3",
                by="ABSOLUTE, RELATIVE = 1e-5, 1e-1",
            ),
            Mistake(
                "a tolerance too narrow for differences",
                replace="ABSOLUTE, RELATIVE = 1e-5, 1e-3",
                by="ABSOLUTE, RELATIVE = 0, 1e-12",
            ),
            Mistake("one right element is enough", replace="if agrees.all():", by="if agrees.any():"),
            Mistake(
                "NaN agrees with everything",
                replace="agrees = difference <= ABSOLUTE + RELATIVE * abs(numerical)",
                by="agrees = ~(difference > ABSOLUTE + RELATIVE * abs(numerical))",
            ),
            Mistake(
                "a step that drowns in rounding",
                replace="seed: int = 0, epsilon: float = 1e-6",
                by="seed: int = 0, epsilon: float = 1e-15",
            ),
            Mistake(
                "only the first argument is moved",
                replace="op.forward(*wide[:position], moved, *wide[position + 1 :], **options)",
                by="op.forward(moved, *wide[1:], **options)",
            ),
        ),
    ),
    Entry(
        "optim.gradient_descent",
        lesson=5,
        title="Gradient descent, three ways",
        share=0.5,
        inputs=regression,
        gradient=False,
        refusals=(
            Refusal("y of another length", regressing(y=zeros(4)), says=("y", "(4,)", "(3, 2)")),
            Refusal("weight of another width", regressing(weight=zeros(3)), says=("weight", "(3,)", "(2,)")),
            Refusal("a bias per input", regressing(bias=zeros(2)), says=("bias", "(2,)", "()")),
            Refusal(
                "an example that is not there", regressing(order=np.array([[0, 1, 3]])), says=("order", "3", "0 … 2")
            ),
            Refusal("an order of floats", regressing(order=zeros((1, 3))), says=("order", "integer", "float64")),
            Refusal("an empty batch", regressing(batch_size=0), says=("batch_size", "0")),
        ),
        sizes={
            "small": descending(8, 4, batch_size=4),
            "medium": descending(256, 16, batch_size=16),
            "large": descending(4_096, 64, batch_size=32),
        },
        mistakes=(
            Mistake("uphill", replace="current_weight - learning_rate", by="current_weight + learning_rate"),
            Mistake("the sum, not the mean", replace=" / len(batch)", by=""),
            Mistake("a short batch counts for less", replace=" / len(batch)", by=" / batch_size"),
            Mistake("the short batch is dropped", replace="-(-examples // batch_size)", by="examples // batch_size"),
            Mistake(
                "the 2 of the square is forgotten", replace="2 * (prediction - y[batch])", by="(prediction - y[batch])"
            ),
            Mistake(
                "all gradients at the start",
                replace="x[batch] @ current_weight + current_bias",
                by="x[batch] @ weight + bias",
            ),
            Mistake("the bias stays", replace="current_bias - learning_rate * dprediction.sum()", by="current_bias"),
            Mistake(
                "the weight is updated in place",
                replace="current_weight = current_weight - learning_rate * (",
                by="current_weight -= learning_rate * (",
            ),
            Mistake("every epoch in the same order", replace="order[epoch, start", by="order[0, start"),
            Mistake("the data stay unshuffled", replace="y[batch]", by="y[start : start + len(batch)]"),
            Mistake("what is not there is not noticed", replace="<= order.max() < len(x)", by="<= order.max()"),
        ),
    ),
)
