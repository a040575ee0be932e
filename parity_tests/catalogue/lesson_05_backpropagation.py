"""Lesson 5: the chain rule through whole networks, checking a gradient, and what the gradient is for."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


@cases("smooth")
def classifier(draw: Draw) -> Case:
    # One class, no example and saturated layers leave every gradient zero: seldom, so that most draws show something.
    examples, inputs, hidden, classes = *draw.shape(1, 1), draw.size(), draw.size(2), draw.choice([2, 3, 5, 4, 1])
    return Case(
        (
            draw.floats((examples, inputs)),
            draw.uniform((hidden, inputs), -1, 1),
            draw.uniform((hidden,), -1, 1),
            draw.uniform((classes, hidden), -1, 1),
            draw.uniform((classes,), -1, 1),
            draw.integers((examples,), 0, classes),
        )
    )


@cases("smooth", "integers")
def any_depth(draw: Draw) -> Case:
    widths = [draw.size(2, 6) for _ in range(draw.integer(2, 4))]
    arrays = [weights(draw, (*draw.shape(max_rank=2), widths[0]))]
    for inputs, outputs in pairwise(widths):
        arrays += [weights(draw, (outputs, inputs)), weights(draw, (outputs,))]
    activation = "relu" if draw.mode == "integers" else draw.choice(["tanh", "relu"])  # tanh of integers rounds
    return Case(tuple(arrays), {"activation": activation})


def weights(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Integers where the mode asks for them; else small enough that tanh is not flat after a few layers."""
    return draw.floats(shape) if draw.mode == "integers" else draw.uniform(shape, -1, 1)


def network(*widths: int, examples: int) -> tuple[Callable[[np.random.Generator], list[Any]], int]:
    """x and the parameters of a network, initialized as PyTorch does."""

    def build(generator: np.random.Generator) -> list[Any]:
        arrays = [generator.standard_normal((examples, widths[0])).astype(np.float32)]
        for inputs, outputs in pairwise(widths):
            shapes = ((outputs, inputs), (outputs,))
            arrays += [generator.uniform(-(inputs**-0.5), inputs**-0.5, shape).astype(np.float32) for shape in shapes]
        return arrays

    return build, widths[-1]


def classifying(*widths: int, examples: int) -> Callable[[np.random.Generator], Case]:
    build, classes = network(*widths, examples=examples)
    return lambda generator: Case((*build(generator), generator.integers(0, classes, examples)))


def deep(*widths: int, examples: int) -> Callable[[np.random.Generator], Case]:
    build, _ = network(*widths, examples=examples)
    return lambda generator: Case(tuple(build(generator)), {"activation": "relu"})


def classifying_wrongly(**changed: Any) -> Case:
    """Two examples of three numbers, four hidden neurons, five classes; with what makes it wrong."""
    arrays = {
        "x": zeros((2, 3)),
        "weight1": zeros((4, 3)),
        "bias1": zeros(4),
        "weight2": zeros((5, 4)),
        "bias2": zeros(5),
        "target": np.array([0, 4]),
    }
    return Case(tuple((arrays | changed).values()))


ROWS = (
    Entry(
        "ops.backpropagation.two_layer_network",
        lesson=5,
        title="Two-layer network, by hand",
        inputs=classifier,
        refusals=(
            Refusal(
                "a class that is not there", classifying_wrongly(target=np.array([0, 5])), says=("target", "5", "0 … 4")
            ),
            Refusal("a negative class", classifying_wrongly(target=np.array([-1, 4])), says=("target", "-1", "0 … 4")),
            Refusal("classes as floats", classifying_wrongly(target=zeros(2)), says=("target", "integer", "float64")),
            Refusal(
                "a target too many", classifying_wrongly(target=np.array([0, 1, 2])), says=("target", "(3,)", "(2, 3)")
            ),
            Refusal("first layer", classifying_wrongly(weight1=zeros((4, 2))), says=("weight1", "(4, 2)", "(2, 3)")),
            Refusal("second layer", classifying_wrongly(weight2=zeros((5, 3))), says=("weight2", "(5, 3)", "4")),
            Refusal("a bias", classifying_wrongly(bias1=zeros(3)), says=("bias1", "(3,)", "(4,)")),
        ),
        sizes={
            "small": classifying(16, 32, 10, examples=8),
            "medium": classifying(128, 256, 10, examples=64),
            "large": classifying(784, 512, 10, examples=512),
        },
        mistakes=(
            Mistake("the maximum is not subtracted", replace="logits - logits.max(axis=1, keepdims=True)", by="logits"),
            Mistake("log of a p that is 0", replace="shifted - np.log(totals)", by="np.log(probabilities)"),
            Mistake("softmax over the batch", replace="exponentials.sum(axis=1,", by="exponentials.sum(axis=0,"),
            Mistake("the loss is a sum", replace=".sum() / len(x)", by=".sum() / min(len(x), 1)"),
            Mistake("no ReLU", replace="np.maximum(z, 0)", by="z"),
            Mistake("p instead of p - one_hot", replace="(probabilities - one_hot)", by="probabilities"),
            Mistake(
                "p - one_hot has the wrong sign", replace="(probabilities - one_hot)", by="(one_hot - probabilities)"
            ),
            Mistake("dloss is forgotten", replace="(probabilities - one_hot) * dloss", by="probabilities - one_hot"),
            Mistake("the 1/N of the mean is forgotten", replace="dlogits /= len(x)", by="pass"),
            Mistake("ReLU forgotten on the way back", replace="np.where(hidden > 0, dhidden, 0)", by="dhidden"),
            Mistake("ReLU judged by dhidden", replace="np.where(hidden > 0", by="np.where(dhidden > 0"),
            Mistake(
                "the first layer sees the hidden values", replace="dweight1 = dz.T @ x", by="dweight1 = dhidden.T @ x"
            ),
            Mistake("a bias without the ReLU", replace="dbias1 = dz.sum(axis=0)", by="dbias1 = dhidden.sum(axis=0)"),
            Mistake("any class is accepted", replace="0 <= target.min() <=", by="-1 <= target.min() <="),
        ),
    ),
    Entry(
        "ops.backpropagation.deep_network",
        lesson=5,
        title="Network of any depth",
        inputs=any_depth,
        refusals=(
            Refusal("no layer", Case((zeros((2, 3)),)), says=("parameters", "0")),
            Refusal("a bias is missing", Case((zeros((2, 3)), zeros((4, 3)))), says=("parameters", "1")),
            Refusal(
                "an activation nobody knows",
                Case((zeros((2, 3)), zeros((4, 3)), zeros(4)), {"activation": "step"}),
                says=("activation", "step", "tanh", "relu"),
            ),
            Refusal(
                "layers that do not meet",
                Case((zeros((2, 3)), zeros((4, 3)), zeros(4), zeros((2, 5)), zeros(2))),
                says=("weight", "(2, 5)", "(2, 4)"),
            ),
        ),
        sizes={
            "small": deep(16, 32, 32, 8, examples=8),
            "medium": deep(64, 128, 128, 128, 128, 16, examples=64),
            "large": deep(256, 512, 512, 512, 512, 512, 64, examples=512),
        },
        mistakes=(
            Mistake("an activation after the last layer too", replace="if k + 2 < len(parameters):", by="if True:"),
            Mistake("the activation is linear", replace="h, bend = ACTIVATIONS[activation].forward(h)", by="pass"),
            Mistake("always tanh", replace="h, bend = ACTIVATIONS[activation]", by="h, bend = tanh"),
            Mistake(
                "backward runs forward", replace="reversed(range(len(cache.layers)))", by="range(len(cache.layers))"
            ),
            Mistake(
                "the slopes are left out",
                replace="dh if bend is None else cache.activation.backward(dh, bend)",
                by="dh",
            ),
            Mistake(
                "gradients in the order of computation",
                replace="[dweight, dbias, *gradients]",
                by="[*gradients, dweight, dbias]",
            ),
            Mistake("bias before weight", replace="[dweight, dbias, *gradients]", by="[dbias, dweight, *gradients]"),
            Mistake(
                "what x need not have, the first layer's parameters do not get",
                replace="if k > 0 or dx_needed else (1, 2)",
                by="if k > 0 or dx_needed else ()",
            ),
            Mistake("every layer starts from dlogits", replace="backward(dh, bend)", by="backward(dlogits, bend)"),
            Mistake(
                "dx is the gradient of the logits", replace="return (dh, *gradients)", by="return (dlogits, *gradients)"
            ),
            Mistake(
                "an unpaired parameter is accepted",
                replace="not parameters or len(parameters) % 2",
                by="not parameters",
            ),
        ),
    ),
)
