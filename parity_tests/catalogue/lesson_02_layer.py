"""Lesson 2: the dense layer on a batch, by loops, by dot products, by a matrix product; and a hidden layer."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


@cases("smooth", "extreme")
def batch_of_vectors(draw: Draw) -> Case:
    examples, inputs, outputs = draw.size(), draw.size(), draw.size()
    return Case((draw.floats((examples, inputs)), draw.floats((outputs, inputs)), draw.floats((outputs,))))


@cases("smooth", "extreme")
def any_leading_axes(draw: Draw) -> Case:
    inputs, outputs = draw.size(), draw.size()
    x = draw.floats((*draw.shape(max_rank=3), inputs))
    bias = draw.floats((outputs,)) if draw.boolean() else None
    return Case((x, draw.floats((outputs, inputs)), bias))


@cases("smooth", "extreme")
def two_layers(draw: Draw) -> Case:
    inputs, hidden, outputs = draw.size(), draw.size(1), draw.size(1)
    x = draw.floats((*draw.shape(max_rank=2), inputs))
    weight1 = draw.uniform((hidden, inputs), -1, 1)  # tame, so that tanh is not flat in most draws
    return Case((x, weight1, draw.uniform((hidden,), -1, 1), draw.floats((outputs, hidden)), draw.floats((outputs,))))


def dense(*leading: int, inputs: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    """A workload of one layer, initialized as PyTorch does."""

    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((*leading, inputs)).astype(np.float32)
        return Case((x, *parameters(generator, inputs, outputs)))

    return build


def parameters(generator: np.random.Generator, inputs: int, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    bound = inputs**-0.5
    weight = generator.uniform(-bound, bound, (outputs, inputs)).astype(np.float32)
    return weight, generator.uniform(-bound, bound, outputs).astype(np.float32)


def network(examples: int, inputs: int, hidden: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    """A workload of two layers."""

    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((examples, inputs)).astype(np.float32)
        return Case((x, *parameters(generator, inputs, hidden), *parameters(generator, hidden, outputs)))

    return build


BATCH_REFUSALS = (
    Refusal(
        "weight for another number of inputs",
        Case((zeros((2, 3)), zeros((5, 4)), zeros(5))),
        says=("weight", "(5, 4)", "x", "(2, 3)"),
    ),
    Refusal(
        "bias for another number of outputs",
        Case((zeros((2, 3)), zeros((5, 3)), zeros(6))),
        says=("bias", "(6,)", "weight", "(5, 3)"),
    ),
    Refusal(
        "weight not transposed", Case((zeros((2, 3)), zeros((3, 5)), zeros(5))), says=("weight", "(3, 5)", "(out, in)")
    ),
)

ROWS = (
    Entry(
        "ops.linear.linear_loops",
        lesson=2,
        title="Dense layer by loops",
        inputs=batch_of_vectors,
        refusals=BATCH_REFUSALS,
        sizes={
            "small": dense(2, inputs=4, outputs=3),
            "medium": dense(8, inputs=16, outputs=8),
            "large": dense(16, inputs=32, outputs=32),
        },
        mistakes=(
            Mistake("the bias is added once per input", replace="y[n, o] += bias[o]", by="    y[n, o] += bias[o]"),
            Mistake("the bias is forgotten", replace="y[n, o] += bias[o]", by="pass"),
            Mistake("the products are not added up", replace="y[n, o] += weight", by="y[n, o] = weight"),
            Mistake(
                "the result is always float64",
                replace="np.zeros_like(x, shape=(examples, outputs))",
                by="np.zeros((examples, outputs))",
            ),
            Mistake("only the last output reaches dx", replace="dx[n, i] += dy", by="dx[n, i] = dy"),
            Mistake(
                "only the last example reaches dweight",
                replace="dweight[o, i] += dy[n, o] *",
                by="dweight[o, i] = dy[n, o] *",
            ),
            Mistake(
                "dbias is a mean over the batch", replace="dbias[o] += dy[n, o]", by="dbias[o] += dy[n, o] / len(x)"
            ),
            Mistake("a bias too many is ignored", replace=" or bias.shape != weight.shape[:1]", by=""),
        ),
    ),
    Entry(
        "ops.linear.linear_dot",
        lesson=2,
        title="Dense layer by dot products",
        inputs=batch_of_vectors,
        refusals=BATCH_REFUSALS,
        sizes={
            "small": dense(2, inputs=4, outputs=3),
            "medium": dense(16, inputs=32, outputs=16),
            "large": dense(64, inputs=64, outputs=64),
        },
        mistakes=(
            Mistake("the bias is forgotten", replace="np.dot(weight[o], x[n]) + bias[o]", by="np.dot(weight[o], x[n])"),
            Mistake("every neuron adds the first bias", replace="x[n]) + bias[o]", by="x[n]) + bias[0]"),
            Mistake(
                "x decides, the outputs do not", replace="np.dot(dy[n], weight[:, i])", by="np.dot(x[n], weight[0])"
            ),
            Mistake(
                "only the first example reaches dweight", replace="np.dot(dy[:, o], x[:, i])", by="dy[0, o] * x[0, i]"
            ),
            Mistake("the batch is averaged", replace="dbias = dy.sum(axis=0)", by="dbias = dy.mean(axis=0)"),
            Mistake("sum over the wrong axis", replace="dbias = dy.sum(axis=0)", by="dbias = dy.sum(axis=1)"),
            Mistake("a bias too many is ignored", replace=" or bias.shape != weight.shape[:1]", by=""),
        ),
    ),
    Entry(
        "ops.linear.linear",
        lesson=2,
        title="Dense layer",
        inputs=any_leading_axes,
        refusals=(
            *BATCH_REFUSALS[:2],
            Refusal("no bias, wrong weight", Case((zeros((2, 3)), zeros((5, 4)), None)), says=("weight", "(5, 4)")),
            Refusal("x without an axis", Case((zeros(()), zeros((5, 3)), None)), says=("weight", "()")),
        ),
        sizes={
            "small": dense(8, inputs=64, outputs=64),
            "medium": dense(64, inputs=512, outputs=512),
            "large": dense(8, 128, inputs=512, outputs=1024),
        },
        mistakes=(
            Mistake("weight is not transposed", replace="fold(x) @ weight.T", by="fold(x) @ weight"),
            Mistake("the bias is forgotten", replace="y += bias", by="pass"),
            Mistake("dweight is transposed", replace="dy.T @ fold(x)", by="fold(x).T @ dy"),
            Mistake(
                "dweight is a mean over the batch", replace="dy.T @ fold(x)", by="dy.T @ fold(x) / max(len(dy), 1)"
            ),
            Mistake("dbias is not summed over the batch", replace="dy.sum(axis=0) if", by="dy if"),
            Mistake("a gradient for no bias", replace="has_bias and 2 in needed", by="2 in needed"),
            Mistake("dx only where the weight's is needed", replace="if 0 in needed", by="if 1 in needed"),
            Mistake("dweight only where x's is needed", replace="if 1 in needed", by="if 0 in needed"),
            Mistake("dx keeps the rows folded", replace="(dy @ weight).reshape(x.shape)", by="dy @ weight"),
            Mistake("bias is not checked", replace="bias.shape != weight.shape[:1]", by="False"),
        ),
    ),
    Entry(
        "ops.linear.hidden_layer",
        lesson=2,
        title="Hidden layer",
        inputs=two_layers,
        refusals=(
            Refusal(
                "the layers do not meet",
                Case((zeros((2, 3)), zeros((4, 3)), zeros(4), zeros((1, 5)), zeros(1))),
                says=("weight", "(1, 5)", "(2, 4)"),
            ),
            Refusal(
                "x of another width",
                Case((zeros((2, 6)), zeros((4, 3)), zeros(4), zeros((1, 4)), zeros(1))),
                says=("weight", "(4, 3)", "(2, 6)"),
            ),
        ),
        sizes={
            "small": network(8, 16, 32, 8),
            "medium": network(64, 128, 256, 64),
            "large": network(1024, 256, 1024, 64),
        },
        mistakes=(
            Mistake("no activation: the layers collapse", replace="hidden = np.tanh(z)", by="hidden = z"),
            Mistake("the slope of tanh is missing", replace="dhidden * (1 - hidden**2)", by="dhidden"),
            Mistake("tanh' = 1 - tanh", replace="1 - hidden**2", by="1 - hidden"),
            Mistake("tanh is taken twice", replace="1 - hidden**2", by="1 - np.tanh(hidden) ** 2"),
            Mistake("1 + tanh²", replace="1 - hidden**2", by="1 + hidden**2"),
            Mistake(
                "the tanh is left out on the way back",
                replace="linear.backward(dz, first)",
                by="linear.backward(dhidden, first)",
            ),
            Mistake(
                "gradients in the order of computation",
                replace="return dx, dweight1, dbias1, dweight2, dbias2",
                by="return dx, dweight2, dbias2, dweight1, dbias1",
            ),
        ),
    ),
)
