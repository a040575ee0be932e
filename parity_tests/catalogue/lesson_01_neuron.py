"""Lesson 1: the dot product, a neuron, and a layer of neurons for one example."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.adapter import LISTS
from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


@cases("smooth", "extreme", dtypes=(np.float64,))
def two_lists(draw: Draw) -> Case:
    length = draw.size()
    return Case((draw.floats((length,)), draw.floats((length,))))


@cases("smooth", "extreme")
def two_vectors(draw: Draw) -> Case:
    length = draw.size()
    return Case((draw.floats((length,)), draw.floats((length,))))


@cases("smooth", "extreme", dtypes=(np.float64,))
def layer_of_lists(draw: Draw) -> Case:
    inputs, outputs = draw.size(), draw.size(1)  # a list without rows could not say how long they are
    return Case((draw.floats((inputs,)), draw.floats((outputs, inputs)), draw.floats((outputs,))))


@cases("smooth", "extreme")
def layer_of_vectors(draw: Draw) -> Case:
    inputs, outputs = draw.size(), draw.size()
    return Case((draw.floats((inputs,)), draw.floats((outputs, inputs)), draw.floats((outputs,))))


@cases("smooth", "extreme")
def one_neuron(draw: Draw) -> Case:
    inputs = draw.size()
    return Case((draw.floats((inputs,)), draw.uniform((inputs,), -1, 1), draw.uniform((), -1, 1)))


def normal(*shapes: tuple[int, ...], dtype: type = np.float32) -> Callable[[np.random.Generator], Case]:
    """A workload of arrays of these shapes. Lists of Python floats are float64."""
    return lambda generator: Case(tuple(generator.standard_normal(shape).astype(dtype) for shape in shapes))


def layer(inputs: int, outputs: int, dtype: type = np.float32) -> Callable[[np.random.Generator], Case]:
    return normal((inputs,), (outputs, inputs), (outputs,), dtype=dtype)


ROWS = (
    Entry(
        "ops.neuron.dot_loops",
        lesson=1,
        title="Dot product in plain Python",
        inputs=two_lists,
        adapter=LISTS,
        refusals=(
            Refusal("the second is longer", Case((zeros(3), zeros(4))), says=("a", "b", "same length", "3", "4")),
            Refusal("the first is longer", Case((zeros(4), zeros(3))), says=("a", "b", "same length", "4", "3")),
        ),
        sizes={
            "small": normal((200,), (200,), dtype=np.float64),
            "medium": normal((5_000,), (5_000,), dtype=np.float64),
            "large": normal((100_000,), (100_000,), dtype=np.float64),
        },
        mistakes=(
            Mistake("the products are not added up", replace="y += a_i * b_i", by="y = a_i * b_i"),
            Mistake("adds where it should multiply", replace="a_i * b_i", by="(a_i + b_i)"),
            Mistake("the first pair is skipped", replace="zip(a, b, strict=True)", by="zip(a[1:], b[1:], strict=True)"),
            Mistake("each factor gets itself", replace="dy * b_i for b_i in cache.b", by="dy * a_i for a_i in cache.a"),
            Mistake("dy is forgotten", replace="[dy * a_i for", by="[a_i for"),
            Mistake("the longer list is cut silently", replace="len(a) != len(b)", by="len(a) < len(b)"),
        ),
    ),
    Entry(
        "ops.neuron.layer_loops",
        lesson=1,
        title="Layer of neurons in plain Python",
        inputs=layer_of_lists,
        adapter=LISTS,
        refusals=(
            Refusal(
                "rows of another length", Case((zeros(3), zeros((2, 4)), zeros(2))), says=("weight", "x", "4", "3")
            ),
            Refusal("bias of another length", Case((zeros(3), zeros((2, 3)), zeros(4))), says=("bias", "4", "2")),
        ),
        sizes={
            "small": layer(16, 8, np.float64),
            "medium": layer(64, 64, np.float64),
            "large": layer(256, 512, np.float64),
        },
        mistakes=(
            Mistake("the bias is forgotten", replace="total = b\n", by="total = 0.0\n"),
            Mistake("every neuron adds the first bias", replace="total = b\n", by="total = bias[0]\n"),
            Mistake("only the last neuron reaches dx", replace="dx[i] += dy_o * w", by="dx[i] = dy_o * w"),
            Mistake("dx misses dy", replace="dx[i] += dy_o * w", by="dx[i] += w"),
            Mistake("dweight holds the weights", replace="[dy_o * x_i for x_i in x]", by="[dy_o * w for w in row]"),
            Mistake("dbias is one: dy is forgotten", replace="dbias = list(dy)", by="dbias = [1.0] * len(dy)"),
            Mistake("a bias too many is ignored", replace="len(bias) != len(weight)", by="len(bias) < len(weight)"),
        ),
    ),
    Entry(
        "ops.neuron.dot",
        lesson=1,
        title="Dot product",
        inputs=two_vectors,
        refusals=(
            Refusal("vectors of two lengths", Case((zeros(3), zeros(4))), says=("a", "b", "(3,)", "(4,)")),
            Refusal("a length that would broadcast", Case((zeros(3), zeros(()))), says=("vectors", "(3,)", "()")),
            Refusal("matrices", Case((zeros((2, 3)), zeros((2, 3)))), says=("vectors", "(2, 3)")),
        ),
        sizes={
            "small": normal((2_000,), (2_000,)),
            "medium": normal((200_000,), (200_000,)),
            "large": normal((5_000_000,), (5_000_000,)),
        },
        mistakes=(
            Mistake("the products are not added up", replace="np.dot(a, b)", by="a * b"),
            Mistake("the mean, not the sum", replace="np.dot(a, b)", by="np.dot(a, b) / max(len(a), 1)"),
            Mistake("float64 leaks in", replace="np.dot(a, b)", by="np.dot(a, b) * np.float64(1)"),
            Mistake("each factor gets itself", replace="da = dy * cache.b", by="da = dy * cache.a"),
            Mistake("dy is forgotten", replace="db = dy * cache.a", by="db = cache.a.copy()"),
            Mistake("anything may come in", replace="a.ndim != 1 or a.shape != b.shape", by="False"),
        ),
    ),
    Entry(
        "ops.neuron.layer",
        lesson=1,
        title="Layer of neurons",
        inputs=layer_of_vectors,
        refusals=(
            Refusal(
                "rows of another length", Case((zeros(3), zeros((2, 4)), zeros(2))), says=("weight", "(2, 4)", "(3,)")
            ),
            Refusal(
                "bias of another length", Case((zeros(3), zeros((2, 3)), zeros(4))), says=("bias", "(4,)", "(2, 3)")
            ),
            Refusal("a batch", Case((zeros((5, 3)), zeros((2, 3)), zeros(2))), says=("x", "(in,)", "(5, 3)")),
        ),
        sizes={"small": layer(64, 64), "medium": layer(512, 512), "large": layer(2_000, 2_000)},
        mistakes=(
            Mistake("the bias is forgotten", replace="weight @ x + bias", by="weight @ x"),
            Mistake("the bias is subtracted", replace="weight @ x + bias", by="weight @ x - bias"),
            Mistake("no transpose on the way back", replace="cache.weight.T @ dy", by="dy @ cache.weight.T"),
            Mistake("dweight is transposed", replace="np.outer(dy, cache.x)", by="np.outer(cache.x, dy)"),
            Mistake("dweight misses dy", replace="np.outer(dy, cache.x)", by="np.outer(dy * 0 + 1, cache.x)"),
            Mistake("dbias is one: dy is forgotten", replace="dbias = dy.copy()", by="dbias = dy * 0 + 1"),
            Mistake("the bias may broadcast", replace="bias.shape != weight.shape[:1]", by="False"),
        ),
    ),
    Entry(
        "ops.neuron.neuron",
        lesson=1,
        title="Neuron",
        inputs=one_neuron,
        refusals=(
            Refusal("a weight too many", Case((zeros(3), zeros(4), zeros(()))), says=("weight", "(3,)", "(4,)")),
            Refusal("a bias for two neurons", Case((zeros(3), zeros(3), zeros(2))), says=("bias", "(2,)", "()")),
        ),
        sizes={
            "small": normal((1_000,), (1_000,), ()),
            "medium": normal((100_000,), (100_000,), ()),
            "large": normal((3_000_000,), (3_000_000,), ()),
        },
        mistakes=(
            Mistake("the bias is forgotten", replace="np.dot(weight, x) + bias", by="np.dot(weight, x)"),
            Mistake("no activation", replace="y: Array = np.where(z >= 0, 1, e) / (1 + e)", by="y = z"),
            Mistake("exp overflows", replace="np.where(z >= 0, 1, e) / (1 + e)", by="np.exp(z) / (1 + np.exp(z))"),
            Mistake("the negative side is forgotten", replace="np.where(z >= 0, 1, e)", by="1"),
            Mistake("float64 leaks in", replace="np.exp(-abs(z))", by="np.exp(-abs(np.float64(z)))"),
            Mistake("the slope of the sigmoid is missing", replace="dz = dy * y * (1 - y)", by="dz = dy"),
            Mistake("half of the slope", replace="dy * y * (1 - y)", by="dy * (1 - y)"),
            Mistake("the bias misses the slope", replace="dbias = dz", by="dbias = dy"),
            Mistake("a bias per input is accepted", replace="bias.shape != ()", by="False"),
        ),
    ),
)
