"""Lesson 6: the scalar engine, the tape, and derivatives of functions."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.program_lines import Kind
from ..harness.programs import programs, write_program
from ..harness.tensors import TENSORS, VALUES, Formula, asking, refusing, some_of

Table = Mapping[str, Callable[..., Any]]


# The scalar engine

EXACT_LINES = ("{0} + {1}", "{0} * {1}", "{0} - {1}", "-{0}", "{0} * 2.0 - 1.0", "3.0 - {0}", "{0} ** 2")
CURVED_LINES = (
    "{0}.tanh()", "{0}.exp()", "({0} * {0} + 1.0).log()", "{0} / ({1} * {1} + 1.0)", "2.0 / ({0} * {0} + 1.0)",
    "({0} ** 2 + 0.5) ** -1.5",
)  # fmt: skip


def lines(*texts: str) -> Kind:
    return lambda builder: builder.append(builder.draw.choice(texts), builder.pick(), builder.pick())


@cases("smooth", "integers", dtypes=(np.float64,))
def values(draw: Draw) -> Case:
    kinds = [lines(*EXACT_LINES), lines("{0}.relu()"), lines(*(CURVED_LINES if draw.mode == "smooth" else EXACT_LINES))]
    if draw.mode == "smooth":
        leaves = [draw.uniform((), -2, 2), draw.uniform((), -2, 2)]
    else:
        leaves = [np.asarray(draw.choice([0.0, 2.0, -1.0, 1.0]), draw.dtype) for _ in range(2)]
    program = write_program(draw, leaves, kinds)
    # Each leaf plays a part: to a scalar engine, playing none and having slope 0 is the same.
    formula = Formula(f"{program}, 2 x0 - x1", lambda ag, x, y: (*program(ag, x, y), 2.0 * x - y))
    return Case(tuple(leaves), {"formula": formula})


# The tape


def uneven_paths(ag: Any, x: Any) -> Any:
    """One use of y is three steps from the end, another one step, and y itself has something behind it."""
    y = ag.tanh(x * 0.5)
    return y * ag.exp(ag.tanh(y * y)) + y


def many_uses(ag: Any, x: Any) -> Any:
    y = x * 3
    return y * y + y * x - y


def two_ends(ag: Any, x: Any) -> Any:
    y = ag.tanh(x)
    return y, y * y + x, ag.exp(y)


def no_gradient_inside(ag: Any, x: Any) -> Any:
    with ag.no_grad():
        scale = x * 2
        with ag.enable_grad():
            inner = x * x
    return scale * x + inner


def freed_on_the_way(ag: Any, x: Any) -> Any:
    """An ordinary backward lets go of every operation that it has walked, so none can be walked twice."""
    leaf = x.detach()
    leaf.requires_grad = True
    y = leaf * 3
    (y * (y * y) + y).sum().backward()
    return leaf.grad * x


PATHS: Table = {
    "y = 3x; y² + yx − y": many_uses,
    "y = tanh(x / 2); y · exp(tanh(y²)) + y": uneven_paths,
    "y = tanh(x); y, y² + x, exp(y)": two_ends,
}
# What depends on x in secret has a slope that no finite difference sees: judged on whole numbers, without them.
CONSTANTS: Table = {
    "y = 3x; y² + yx − y": many_uses,
    "with no_grad(): s = 2x; s · x + x²": no_gradient_inside,
    "x.detach() * x": lambda ag, x: x.detach() * x,
    "y = 3x; (y³ + y).sum().backward(); x.grad · x": freed_on_the_way,
}


@cases("smooth", "integers")
def paths(draw: Draw) -> Case:
    shape = draw.shape(max_rank=2)
    if draw.mode == "integers":
        return asking(draw, [draw.floats(shape)], *some_of(draw, CONSTANTS))
    return asking(draw, [draw.uniform(shape, -2, 2)], *some_of(draw, PATHS))


# The walk of a tape that does not wait for gradients that are still to come, and drops them.
WALKED_ONCE = """\
    walked: set[Any] = set()
    while waiting:
        vertex = waiting.pop({place})[1]
        if vertex in walked:
            continue
        walked.add(vertex)
"""


def with_gradient(ag: Any, x: Any) -> None:
    x.requires_grad = True


ROWS: tuple[Entry, ...] = (
    Entry(
        "autograd.value",
        lesson=6,
        title="A scalar engine",
        inputs=values,
        adapter=VALUES,
        mistakes=(
            Mistake(
                "a value that is used twice keeps only its last gradient",
                replace="flowing[operand] += slope * flowing[value]",
                by="flowing[operand] = slope * flowing[value]",
            ),
            Mistake(
                "values are walked in the order in which they are found",
                replace="stack.append((value, True))",
                by="finished.insert(0, value)",
            ),
            Mistake(
                "the slopes of a product are swapped", replace="(other.data, self.data)", by="(self.data, other.data)"
            ),
            Mistake("the exponent is not lowered by one", replace="self.data ** (n - 1)", by="self.data**n"),
            Mistake("tanh is not squared in its slope", replace="1 - y * y", by="1 - y"),
            Mistake("relu lets gradients through at 0", replace="self.data > 0", by="self.data >= 0"),
            Mistake(
                "gradients are not what flows but what flowed last", replace="slope * flowing", by="slope + flowing"
            ),
        ),
    ),
    Entry(
        "autograd.tape",
        lesson=6,
        title="The tape",
        inputs=paths,
        adapter=TENSORS,
        mistakes=(
            Mistake(
                "gradients overwrite each other where a value is used twice",
                replace="arrived[target] = arrived[target] + dx if target in arrived else dx",
                by="arrived[target] = dx",
            ),
            Mistake(
                "an operation passes its gradient on after its first user",
                replace="    while waiting:\n        _, vertex = heappop(waiting)\n",
                by=WALKED_ONCE.format(place="-1"),
            ),
            Mistake(
                "operations are walked in the order in which they are found",
                replace="    while waiting:\n        _, vertex = heappop(waiting)\n",
                by=WALKED_ONCE.format(place="0"),
            ),
            Mistake(
                "what leads to a wanted gradient is looked for from the end",
                replace="key=lambda vertex: vertex.recorded)",
                by="key=lambda vertex: -vertex.recorded)",
            ),
            Mistake("no_grad records", replace="Recording.enabled = self.enabled", by="Recording.enabled = True"),
            Mistake(
                "the result that a rule saved has no history, so second derivatives miss a term",
                replace="self.output.detach().become_result_of(self) if Recording.enabled else self.output",
                by="self.output",
            ),
            Mistake(
                "what a rule saved has no history",
                replace="needs.append(need if Recording.enabled else need.data)",
                by="needs.append(need.detach() if Recording.enabled else need.data)",
            ),
        ),
    ),
    Entry(
        "autograd.tensor",
        lesson=6,
        title="Tensors, in short programs",
        inputs=programs(most_lines=8),
        adapter=TENSORS,
        refusals=(
            refusing("a tensor of text", (zeros(2),), lambda ag, x: x * ag.Tensor(["a"]), "real numbers"),
            refusing("a gradient for whole numbers", (np.arange(3),), with_gradient, "floating-point", "int64"),
            refusing("a vector as a number", (zeros(3),), lambda ag, x: x.item(), "item", "(3,)"),
            refusing("a vector as a condition", (zeros(3),), lambda ag, x: bool(x), "(3,)"),
        ),
        mistakes=(
            Mistake(
                "2 − x is x − 2",
                replace="return arithmetic.subtract(other, self)",
                by="return arithmetic.subtract(self, other)",
            ),
            Mistake(
                "1 / x is x / 1",
                replace="return arithmetic.divide(other, self)",
                by="return arithmetic.divide(self, other)",
            ),
            Mistake(
                "2 to the x is x to the 2", replace="arithmetic.pow(other, self)", by="arithmetic.pow(self, other)"
            ),
            Mistake(
                "no gradient flows through a clone", replace="(self, lambda dy: dy)", by="(self, lambda dy: dy * 0)"
            ),
            Mistake("a clone shares its memory", replace="self.data.copy()", by="self.data"),
        ),
    ),
)
