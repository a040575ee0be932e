"""Lesson 6: writes in place, derivatives of functions, ops on the tape."""

import importlib
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.tensors import TENSORS, asking, filled, refusing, some_of
from .lesson_06_autograd import Table

# Writing in place


def added(ag: Any, x: Any, y: Any) -> Any:
    z = x.clone()
    z += y
    z *= 2.0
    return z, x * y


def subtracted(ag: Any, x: Any, y: Any) -> Any:
    z = x * 2
    z -= y
    z /= 4
    return z


def overwritten(ag: Any, x: Any, y: Any) -> Any:
    z = x * y
    z[0] = 3.0
    z[-1:] = y[0] * 2
    return z, z * z


def filled_in(ag: Any, x: Any, y: Any) -> Any:
    z = ag.Tensor(np.zeros(tuple(x.shape))).to(x.dtype)
    z[...] = x
    z[::2] = z[::2] * 2 + y[:1]
    return z


WRITES: Table = {
    "z = x0; z += x1; z *= 2": added,
    "z = 2 x0; z -= x1; z /= 4": subtracted,
    "z = x0 · x1; z[0] = 3; z[-1:] = 2 x1[0]": overwritten,
    "z = 0; z[...] = x0; z[::2] = 2 z[::2] + x1[:1]": filled_in,
}


@cases("smooth", "integers")
def writes(draw: Draw) -> Case:
    shape = filled(draw.shape(min_rank=1, max_rank=2))
    return asking(draw, [draw.floats(shape), draw.floats(shape)], *some_of(draw, WRITES))


# Derivatives of functions


def cubic(x: Any) -> Any:
    return (x * x * x).sum() + (x * 2).sum() * x.sum()


def gradient_of_the_middle(ag: Any, x: Any, y: Any) -> Any:
    middle = x * y
    end = (middle * middle + x).sum()
    return ag.grad(end, [middle, x], create_graph=True)


def the_same_output_twice(ag: Any, x: Any, y: Any) -> Any:
    z = x * y * x
    return ag.grad([z, z], [x, y], [y, x], create_graph=True)


def two_backwards(ag: Any, x: Any, y: Any) -> Any:
    """Gradients add up in .grad, and each leaf has its own."""
    a, b = x.detach().clone(), y.detach().clone()
    a.requires_grad = b.requires_grad = True
    (a + b).backward(x.detach())
    with ag.no_grad():
        a.grad *= 3.0
    (a * b).sum().backward()
    return a.grad, b.grad, x * y


DERIVATIVES: Table = {
    "jacobian(x ↦ x · x0 · 2)": lambda ag, x, y: ag.jacobian(lambda z: z * x * 2, y, create_graph=True),
    "jacobian((x, y) ↦ (x², x·y))": lambda ag, x, y: flat(
        ag.jacobian(lambda a, b: (a * a, a * b), (x, y), create_graph=True)
    ),
    "hessian(Σx³ + 2 (Σx)²)": lambda ag, x, y: ag.hessian(cubic, x, create_graph=True),
    "hvp(Σx³ + 2 (Σx)², v)": lambda ag, x, y: ag.hvp(cubic, x, y, create_graph=True),
    "vjp(x ↦ x²·y)": lambda ag, x, y: flat(ag.vjp(lambda a, b: a * a * b, (x, y), x, create_graph=True)),
    "grad of an intermediate": gradient_of_the_middle,
    "grad([z, z], [x, y])": the_same_output_twice,
}


def flat(nested: Any) -> tuple[Any, ...]:
    return sum((flat(part) for part in nested), ()) if isinstance(nested, tuple) else (nested,)


@cases("smooth", "integers")
def derivatives(draw: Draw) -> Case:
    shape = draw.choice([(2,), (1,), (3,), (2, 2), ()])
    table = DERIVATIVES if draw.mode == "smooth" else {**DERIVATIVES, "backward() twice": two_backwards}
    text, function = some_of(draw, table)
    arrays = [draw.floats(shape), draw.floats(shape)]
    return Case(tuple(arrays), asking(draw, arrays, text, lambda ag, x, y: flat(function(ag, x, y))).options)


# Fused ops


def op(ag: Any, name: str) -> Any:
    """An op of the tree that `ag` belongs to, on tensors."""
    return ag.differentiable(importlib.import_module(f"{ag.__name__.partition('.')[0]}.ops.{name}"))


OPS: Table = {
    "y = softmax(x0); y · x0 + y": lambda ag, x, w, t: (lambda y: y * x + y)(op(ag, "activations.softmax")(x, dim=-1)),
    "linear(x0, x1, None)": lambda ag, x, w, t: op(ag, "linear.linear")(x, w, None),
    "mse_loss(x0, tanh(x0))": lambda ag, x, w, t: op(ag, "losses.mse_loss")(x, ag.tanh(x), reduction="none"),
    "cross_entropy(linear(x0, x1), x2)": lambda ag, x, w, t: op(ag, "losses.cross_entropy")(
        op(ag, "linear.linear")(x, w), t
    ),
    "layer_norm(x0 @ x1.T)": lambda ag, x, w, t: op(ag, "normalization.layer_norm")(
        x @ w.permute(1, 0), normalized_shape=(w.shape[0],)
    ),
}


@cases("smooth")
def ops(draw: Draw) -> Case:
    rows, width, classes = draw.size(1, 4), draw.size(1, 4), draw.size(2, 4)
    x, weight = draw.uniform((rows, width), -2, 2), draw.uniform((classes, width), -2, 2)
    text, function = some_of(draw, OPS)
    case = asking(draw, [x, weight, draw.integers((rows,), 0, classes)], text, function)
    return Case(case.arrays, {**case.options, "order": 1})


# What is refused


def leaf(ag: Any, x: Any) -> Any:
    """A leaf with the values of x, and one step after it."""
    start = x.detach().clone()
    start.requires_grad = True
    return start * 2


def put(ag: Any, x: Any, y: Any) -> None:
    x.clone()[...] = y


def grow(ag: Any, x: Any, y: Any) -> None:
    z = x.clone()
    z += y


def halve(ag: Any, x: Any) -> None:
    z = x.clone()
    z *= 0.5


ROWS: tuple[Entry, ...] = (
    Entry(
        "autograd.inplace",
        lesson=6,
        title="Writes in place",
        inputs=writes,
        adapter=TENSORS,
        refusals=(
            refusing("a value that does not fit", (zeros(3), zeros(2)), put, "(3,)", "(2,)"),
            refusing("a result of another shape", (zeros(3), zeros((2, 3))), grow, "(3,)", "(2, 3)"),
            refusing("a float into whole numbers", (np.arange(3),), halve, "int64", "float"),
        ),
        mistakes=(
            Mistake(
                "what was overwritten still gets a gradient", replace="lambda dy: _erase(dy, where)", by="lambda dy: dy"
            ),
            Mistake(
                "the value gets no gradient",
                replace="dx = dy[where.view][where.arrays]",
                by="dx = 0 * dy[where.view][where.arrays]",
            ),
            Mistake("x -= y is y − x", replace="arithmetic.subtract(x, y)", by="arithmetic.subtract(y, x)"),
            Mistake(
                "the write has no history", replace="        x.become_result_of(written.node)\n", by="        pass\n"
            ),
        ),
    ),
    Entry(
        "autograd.derivatives",
        lesson=6,
        title="Gradients, Jacobians, Hessians",
        inputs=derivatives,
        adapter=TENSORS,
        refusals=(
            refusing(
                "no gradient to start from", (zeros(3),), lambda ag, x: leaf(ag, x).backward(), "(3,)", "gradient"
            ),
            refusing(
                "a gradient of another shape",
                (zeros(3), zeros(2)),
                lambda ag, x, v: leaf(ag, x).backward(v),
                "(3,)",
                "(2,)",
            ),
            refusing(
                "an input that plays no part",
                (zeros(3), zeros(2)),
                lambda ag, x, y: ag.grad(leaf(ag, x).sum(), [leaf(ag, y)]),
                "not used",
                "(2,)",
            ),
            refusing(
                "an input without a gradient",
                (zeros(3),),
                lambda ag, x: ag.grad(leaf(ag, x).sum(), [x.detach()]),
                "input 0",
            ),
            refusing(
                "the Hessian of a vector", (zeros(3),), lambda ag, x: ag.hessian(lambda z: z * z, x), "one element"
            ),
        ),
        mistakes=(
            Mistake(
                "backward replaces .grad", replace="if leaf.grad is None else leaf.grad + dx", by="if True else dx"
            ),
            Mistake(
                "two leaves share one gradient array",
                replace="if memory in taken or",
                by="if",
            ),
            Mistake(
                "of two gradients for one output only the last counts",
                replace="arrived[vertex] + dy if vertex in arrived else dy",
                by="dy",
            ),
            Mistake(
                "the Jacobian is transposed",
                replace="shape = output.shape + x.shape",
                by="shape = x.shape + output.shape",
            ),
            Mistake(
                "a Hessian-vector product forgets the vector",
                replace="(gradients, copies, v, ",
                by="(gradients, copies, [w * 0 + 1 for w in _as_tuple(v)], ",
            ),
        ),
    ),
    Entry(
        "autograd.bridge",
        lesson=6,
        title="Ops on the tape",
        inputs=ops,
        adapter=TENSORS,
        refusals=(
            refusing(
                "what the op refuses",
                (zeros((2, 3)), zeros((4, 5))),
                lambda ag, x, w: op(ag, "linear.linear")(x, w),
                "weight",
                "(4, 5)",
            ),
        ),
        mistakes=(
            Mistake(
                "every argument gets the gradient of the first", replace="dx = gradients[i]", by="dx = gradients[0]"
            ),
            Mistake(
                "the upstream gradient is forgotten",
                replace="arrays = dy if type(dy) is np.ndarray",
                by="arrays = np.ones_like(dy) if type(dy) is np.ndarray",
            ),
            Mistake(
                "the result is no part of the graph",
                replace="return outputs[0].become_result_of(node)",
                by="return outputs[0]",
            ),
            Mistake(
                "the gradient has the wrong sign",
                replace="if Recording.enabled else dx",
                by="if Recording.enabled else -dx",
            ),
        ),
    ),
)
