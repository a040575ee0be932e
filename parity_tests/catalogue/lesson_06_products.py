"""Lesson 6: indexing, products of matrices, einsum."""

from typing import Any

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.tensors import TENSORS, asking, broadcasting, filled, refusing, some_of


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
