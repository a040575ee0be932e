"""Lesson 6: what the tape can do with whole arrays, judged to second order."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.tensors import TENSORS, asking, broadcasting, filled, refusing, some_of

Table = Mapping[str, Callable[..., Any]]


@cases("smooth", "integers", "extreme")
def reductions(draw: Draw) -> Case:
    shape = filled(draw.shape(min_rank=draw.choice([2, 1, 0]), max_rank=3))
    axis = draw.axis(len(shape))
    several = tuple(range(len(shape)))[draw.integer(0, 1) :][:2]
    dim, keep = draw.choice([axis, several or axis]), {"keepdim": draw.boolean()}
    exact: Table = {
        f"sum(x0, {dim})": lambda ag, x: ag.sum(x, dim=dim, **keep),
        f"max(x0, {axis})": lambda ag, x: values_and_indices(ag.max(x, dim=axis, **keep)),
        f"x0.min({axis})": lambda ag, x: values_and_indices(x.min(dim=axis, **keep)),
        f"cumsum(x0, {axis})": lambda ag, x: ag.cumsum(x, dim=axis),
        "x0.sum()": lambda ag, x: x.sum(),
    }
    shared: Table = {  # of which one at a time: thirds of several could cancel
        f"amax(x0, {dim})": lambda ag, x: ag.amax(x, dim=dim, **keep),
        f"x0.amin({dim})": lambda ag, x: x.amin(dim=dim, **keep),
        "max(x0)": lambda ag, x: ag.max(x),
        "x0.min()": lambda ag, x: x.min(),
    }
    rounded: dict[str, Callable[..., Any]] = {
        "mean(x0)": lambda ag, x: ag.mean(x),
        f"x0.mean({dim})": lambda ag, x: x.mean(dim=dim, **keep),
        f"cumsum(x0, {axis})": lambda ag, x: ag.cumsum(x, dim=axis),
        f"amax(x0, {dim})": lambda ag, x: ag.amax(x, dim=dim, **keep),
    }
    if draw.mode == "smooth" and shape and shape[axis] > 1:  # of one element it is NaN, with a warning
        rounded[f"var(x0, {axis})"] = lambda ag, x: ag.var(x, dim=axis, **keep)
        rounded[f"x0.var({axis}, correction=0)"] = lambda ag, x: x.var(dim=axis, correction=0, **keep)
    if draw.mode == "smooth":
        return asking(draw, [draw.floats(shape)], *some_of(draw, rounded, count=4))
    (one, first), (others, rest) = some_of(draw, shared, count=1), some_of(draw, exact, count=3)
    return asking(draw, [draw.floats(shape)], f"{one}, {others}", lambda ag, x: (*first(ag, x), *rest(ag, x)))


def values_and_indices(found: Any) -> tuple[Any, Any]:
    return found.values, found.indices.to(found.values.dtype)


@cases("smooth", "integers")
def shapes(draw: Draw) -> Case:
    shape = filled(draw.shape(max_rank=3))
    rank = len(shape)
    turned = [*range(rank)][draw.integer(0, rank) :] + [*range(rank)][: draw.integer(0, rank)]
    order = tuple(turned) if sorted(turned) == [*range(rank)] else (*range(1, rank), *range(min(rank, 1)))
    first, second = draw.axis(rank), draw.axis(rank)
    border = tuple(draw.choice([1, 0, 2, -1]) for _ in range(2 * draw.integer(0, rank)))
    border = tuple(max(width, 0) if i % 2 else width for i, width in enumerate(border))
    table: dict[str, Callable[..., Any]] = {
        "reshape(x0, -1)": lambda ag, x, y, thin: ag.reshape(x, (-1,)),
        f"x0.reshape{(*shape, 1)}": lambda ag, x, y, thin: x.reshape(*shape, 1),
        f"permute(x0, {order})": lambda ag, x, y, thin: ag.permute(x, order),
        f"expand(x0, {(2, *shape)})": lambda ag, x, y, thin: ag.expand(x, (2, *shape)),
        f"x2.expand({shape})": lambda ag, x, y, thin: thin.expand(shape),
        f"stack([x0, x1, x0], {first})": lambda ag, x, y, thin: ag.stack([x, y, x], first),
        f"pad(x0, {border}, value=1.5)": lambda ag, x, y, thin: ag.pad(x, border, value=1.5),
    }
    if rank:
        table[f"transpose(x0, {first}, {second})"] = lambda ag, x, y, thin: ag.transpose(x, first, second)
        table[f"concatenate([x0, x1, x0], {first})"] = lambda ag, x, y, thin: ag.concatenate([x, y, x], first)
    text, function = some_of(draw, table, count=3)
    arrays = [draw.floats(shape), draw.floats(shape), draw.floats(broadcasting(draw, shape))]
    return asking(draw, arrays, f"{text}, x0 * x1 * x2", lambda ag, x, y, z: (*function(ag, x, y, z), x * y * z))


ROWS: tuple[Entry, ...] = (
    Entry(
        "autograd.reductions",
        lesson=6,
        title="Reductions",
        inputs=reductions,
        adapter=TENSORS,
        refusals=(
            refusing("no such axis", (zeros((2, 3)),), lambda ag, x: ag.sum(x, dim=2), "sum", "dim", "2"),
            refusing("the largest of nothing", (zeros((2, 0)),), lambda ag, x: ag.amax(x, dim=1), "amax", "(2, 0)"),
            refusing("the mean of whole numbers", (np.arange(3),), lambda ag, x: ag.mean(x), "mean", "int64"),
        ),
        mistakes=(
            Mistake(
                "amax gives the whole gradient to each of several equal elements",
                replace="(winners / winners.sum(axis=dims, keepdims=True))",
                by="winners",
            ),
            Mistake(
                "max() gives the whole gradient to each of several equal elements",
                replace="dy / winners.sum().item()",
                by="dy",
            ),
            Mistake(
                "max(dim) takes the last of equal elements",
                replace='getattr(x.data, f"arg{operation}")(axis=axis, keepdims=True)',
                by='x.shape[axis] - 1 - getattr(np.flip(x.data, axis), f"arg{operation}")(axis=axis, keepdims=True)',
            ),
            Mistake(
                "the mean divides by the number of all elements",
                replace="count, kept, shape = _count(x.shape, dims)",
                by="count, kept, shape = x.size",
            ),
            Mistake("the variance forgets its correction", replace="count - correction", by="count"),
            Mistake(
                "the slope of the variance lacks the 2",
                replace="dy.reshape(kept) * 2 / freedom",
                by="dy.reshape(kept) / freedom",
            ),
            Mistake(
                "the gradient of a running sum runs forwards",
                replace="np.cumsum(dy[backwards], axis=axis)[backwards]",
                by="np.cumsum(dy, axis=axis)",
            ),
        ),
    ),
    Entry(
        "autograd.shapes",
        lesson=6,
        title="Changes of shape",
        inputs=shapes,
        adapter=TENSORS,
        refusals=(
            refusing("another size", (zeros((2, 3)),), lambda ag, x: ag.reshape(x, (4,)), "reshape", "(2, 3)", "(4,)"),
            refusing("2 made 4", (zeros((2, 3)),), lambda ag, x: ag.expand(x, (4, 3)), "expand", "(2, 3)", "(4, 3)"),
            refusing("an axis named twice", (zeros((2, 3)),), lambda ag, x: ag.permute(x, (0, 0)), "permute", "(0, 0)"),
            refusing(
                "parts that differ on another axis",
                (zeros((2, 3)), zeros((2, 4))),
                lambda ag, x, y: ag.concatenate([x, y], 0),
                "concatenate",
                "(2, 3)",
                "(2, 4)",
            ),
            refusing(
                "different shapes to stack", (zeros(2), zeros(3)), lambda ag, x, y: ag.stack([x, y]), "stack", "(3,)"
            ),
            refusing("half a border", (zeros(2),), lambda ag, x: ag.pad(x, (1,)), "pad", "(1,)"),
        ),
        mistakes=(
            Mistake(
                "broadcasting is undone by a mean instead of a sum",
                replace="np.sum(dy, axis=repeated, keepdims=True)",
                by="np.mean(dy, axis=repeated, keepdims=True)",
            ),
            Mistake(
                "broadcasting is not undone: the gradient of the first repetition is taken for all",
                replace="np.sum(dy, axis=repeated, keepdims=True)",
                by="dy[tuple(slice(0, 1) if i in repeated else slice(None) for i in range(dy.ndim))]",
            ),
            Mistake(
                "the gradient is permuted the same way again",
                replace="np.transpose(dy, back)",
                by="np.transpose(dy, order)",
            ),
            Mistake(
                "every part of a concatenation gets the first slice",
                replace="        start = stop\n",
                by="        start = 0\n",
            ),
            Mistake(
                "the border of pad is cut off at the end only",
                replace="slice(a, a + n) for n, (a, _)",
                by="slice(0, n) for n, (a, _)",
            ),
        ),
    ),
)
