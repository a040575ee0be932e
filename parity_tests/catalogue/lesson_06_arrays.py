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


@cases("smooth", "integers")
def indexing(draw: Draw) -> Case:
    shape = filled(draw.shape(min_rank=1, max_rank=3))
    if draw.choice([False, False, True]):
        mask = draw.booleans(shape[: draw.integer(1, len(shape))])
        return asking(draw, [draw.floats(shape), mask], "x0[x1]", lambda ag, x, mask: x[mask])
    length = draw.size(1, 3)
    parts: list[Any] = []
    for n in shape:
        start, several = draw.integer(-n, n - 1), draw.integers((length,), -n, n).tolist()
        parts.append(draw.choice([slice(None), start, slice(start, None), slice(None, None, 2), several, several]))
    if draw.boolean():
        parts.insert(draw.integer(0, len(parts)), None)
    if draw.boolean():
        parts = [*parts[: draw.integer(0, len(parts))], ...]
    index = tuple(parts)
    return asking(draw, [draw.floats(shape)], f"x0[{index}]", lambda ag, x: x[index])


@cases("smooth", "integers")
def matmul(draw: Draw) -> Case:
    n, k, m = draw.size(), draw.size(), draw.size()
    batch = draw.shape(max_rank=2)
    thin = broadcasting(draw, batch)
    left, right = draw.choice(
        [
            ((n, k), (k, m)),
            ((k,), (k, m)),
            ((n, k), (k,)),
            ((k,), (k,)),
            ((*batch, n, k), (k, m)),
            ((*batch, n, k), (*thin, k, m)),
            ((*thin, n, k), (*batch, k, m)),
            ((k,), (*batch, k, m)),
            ((*batch, n, k), (k,)),
        ]
    )
    return asking(draw, [draw.floats(left), draw.floats(right)], "x0 @ x1", lambda ag, x, y: ag.matmul(x, y))


EQUATIONS = (
    ("ij", "ij->ji", "ij->", "ij->j", "ij"),
    ("ij", "ji", "i...->...i", "ji->j"),
    ("ij,jk", "ij,jk->ik", "ij,jk", "ij,jk->", "ij,jk->ijk"),
    ("bij,bjk", "bij,bjk->bik", "bij,bjk->ki", "...ij,...jk->...ik"),
    ("ii", "ii->i", "ii", "ii->"),
    ("iij", "iij->ij", "iij->j", "iij"),
    ("aba", "aba->b", "aba->ab"),
    ("ij,j,jk", "ij,j,jk->ik", "ij,j,jk->j"),
    ("i,i,i", "i,i,i->i", "i,i,i->"),
    ("ij,kl", "ij,kl->jl", "ij,kl->ijkl"),
)  # the shapes of the operands, and equations for them


@cases("smooth", "integers")
def einsum(draw: Draw) -> Case:
    shapes, *equations = draw.choice(EQUATIONS)
    length = {letter: draw.size(1, 4) for letter in "abijkl"}
    thin = draw.choice([None, None, *shapes.partition(",")[0]]) if "," in shapes else None
    arrays = []
    for i, term in enumerate(shapes.split(",")):
        arrays.append(draw.floats(tuple(1 if x == thin and not i else length[x] for x in term)))
    operands = ", ".join(f"x{i}" for i in range(len(arrays)))
    table = {f'einsum("{e}", {operands})': lambda ag, *xs, e=e: ag.einsum(e, *xs) for e in equations}
    return asking(draw, arrays, *some_of(draw, table, count=6))


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
    Entry(
        "autograd.indexing",
        lesson=6,
        title="Indexing",
        inputs=indexing,
        adapter=TENSORS,
        mistakes=(
            Mistake(
                "a repeated index assigns instead of adding", replace="np.add.at(dx, index, dy)", by="dx[index] = dy"
            ),
            Mistake(
                "the gradient of a read goes to the first places",
                replace="        dx[index] = dy  #",
                by="        dx.reshape(-1)[: dy.size] = dy.reshape(-1)  #",
            ),
            Mistake(
                "integers are read together with arrays, as NumPy does",
                replace="            view.append(part)\n            arrays += [] if isinstance(part, int) else [slice(None)]\n",
                by="            view.append(slice(None) if isinstance(part, int) else part)\n"
                "            arrays += [np.array([part])] if isinstance(part, int) else [slice(None)]\n",
            ),
            Mistake(
                "a slice is read without its step",
                replace="            view.append(part)\n",
                by="            view.append(slice(part.start, part.stop) if isinstance(part, slice) else part)\n",
            ),
        ),
    ),
    Entry(
        "autograd.linear_algebra",
        lesson=6,
        title="Matrix product",
        inputs=matmul,
        adapter=TENSORS,
        refusals=(
            refusing("inner axes differ", (zeros((2, 3)), zeros((4, 5))), lambda ag, x, y: x @ y, "(2, 3)", "(4, 5)"),
            refusing("a number as a factor", (zeros((2, 3)), zeros(())), lambda ag, x, y: x @ y, "matmul", "()"),
            refusing("batches differ", (zeros((2, 3, 4)), zeros((3, 4, 5))), lambda ag, x, y: x @ y, "(2,)", "(3,)"),
        ),
        mistakes=(
            Mistake(
                "the right factor is not transposed but made to fit",
                replace="dy @ np.swapaxes(y, -2, -1)",
                by="dy @ y.reshape(*y.shape[:-2], y.shape[-1], y.shape[-2])",
            ),
            Mistake(
                "the left factor is not transposed but made to fit",
                replace="np.swapaxes(x, -2, -1) @ dy",
                by="x.reshape(*x.shape[:-2], x.shape[-1], x.shape[-2]) @ dy",
            ),
            Mistake(
                "the gradients of the factors are swapped in sign", replace="lambda dy, x: np", by="lambda dy, x: -np"
            ),
            Mistake(
                "a batch of rows is folded in the wrong order",
                replace="x.reshape(math.prod(rows), x.shape[-1])",
                by="x.permute(*range(x.ndim - 1)[::-1], x.ndim - 1).reshape(math.prod(rows), x.shape[-1])",
            ),
        ),
    ),
    Entry(
        "autograd.einsum",
        lesson=6,
        title="Einstein summation",
        inputs=einsum,
        adapter=TENSORS,
        refusals=(
            refusing(
                "a letter of two lengths",
                (zeros((2, 3)), zeros((4, 5))),
                lambda ag, x, y: ag.einsum("ij,jk->ik", x, y),
                "'j'",
                "3",
                "4",
            ),
            refusing("too few letters", (zeros((2, 3)),), lambda ag, x: ag.einsum("i->i", x), "'i'", "(2, 3)"),
            refusing("an output from nowhere", (zeros((2, 3)),), lambda ag, x: ag.einsum("ij->k", x), "output"),
            refusing("too few operands", (zeros((2, 3)),), lambda ag, x: ag.einsum("ij,jk->ik", x), "2", "1"),
        ),
        mistakes=(
            Mistake(
                "the gradient forgets the other operands",
                replace="dy, *saved, opt",
                by="dy, *(s * 0 + 1 for s in saved), opt",
            ),
            Mistake(
                "a diagonal is read as its first row",
                replace="(diagonal,) * len(places)",
                by="(*[diagonal] * (len(places) - 1), diagonal * 0)",
            ),
            Mistake(
                "the implied output is not in alphabetical order", replace="sorted(once)", by="reversed(sorted(once))"
            ),
            Mistake(
                "letters that stand alone are halved", replace="sum(x, lone) if lone", by="sum(x, lone) / 2 if lone"
            ),
        ),
    ),
)
