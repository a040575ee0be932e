"""Random programs: whole expression graphs that nobody wrote, run on both sides.

A program is a list of lines. Tensors of both sides have the same methods, so one text serves both, but for the name
of the library. While a program is drawn, PyTorch runs it in float64, so that each line can be chosen to be tame: no
element near a kink, no logarithm of a negative number, nothing huge. Whatever no line uses is an output.

What is printed is what was run: a program is compiled from its text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import hypothesis
import numpy as np
import torch
from hypothesis import strategies as st

from .checks import observation
from .disagreement import Disagreement
from .entry import Case, Entry
from .evidence import Evidence
from .inputs import Draw, cases
from .judge import compare
from .program_lines import KINDS, Kind
from .reference import answer
from .tensors import filled, weights

LINES = 40
MORE = (False, *[True] * 30)  # asked before each line, so that Hypothesis can take any line away
LARGEST = 125  # elements of one value
HIGHEST = 8.0  # the largest number
STEEPEST = 1e6  # the largest first or second derivative


@dataclass(frozen=True)
class Program:
    """Lines over the leaves x0, x1 …, and the names of the results. `ag` stands for the library."""

    leaves: int
    lines: tuple[str, ...]
    outputs: tuple[str, ...]

    def __call__(self, autograd: Any, *tensors: Any) -> tuple[Any, ...]:
        """Run it with PyTorch on its tensors, with the package `autograd` on others."""
        on_torch = isinstance(tensors[0], torch.Tensor)
        names: dict[str, Any] = {"torch": torch, "ag": autograd, "np": np}
        arguments = ", ".join(f"x{i}" for i in range(self.leaves))
        lines = [*(in_torch(line) if on_torch else line for line in self.lines), f"return {', '.join(self.outputs)},"]
        exec(f"def program({arguments}):\n    " + "\n    ".join(lines), names)
        outputs: tuple[Any, ...] = names["program"](*tensors)
        return outputs

    def __repr__(self) -> str:
        return "; ".join([*self.lines, f"return {', '.join(self.outputs)}"])


def in_torch(line: str) -> str:
    """A line as PyTorch has it."""
    line = line.replace("ag.pad", "torch.nn.functional.pad").replace("ag.", "torch.")
    return line.replace("np.array", "torch.tensor")


class Builder:
    """Draws a program line by line, and knows the value of everything so far."""

    def __init__(self, draw: Draw, leaves: Sequence[Any]) -> None:
        self.draw = draw
        self.values = {f"x{i}": torch.from_numpy(leaf).double() for i, leaf in enumerate(leaves)}
        self.lines: list[str] = []
        self.unused = list(self.values)

    def pick(self, fits: Callable[[torch.Tensor], bool] = lambda value: True) -> str:
        """The name of a value so far that fits, more often a late one. The first leaf where none does."""
        names = [name for name, value in self.values.items() if fits(value)] or ["x0"]
        return names[-1 - min(self.draw.choice((0, 0, 1, 2, 4, 7)), len(names) - 1)]

    def append(self, text: str, *operands: str) -> bool:
        """Add a line, unless its value is not tame. In the text, `{out}` is the new name, `{0}` the first operand."""
        name = f"v{len(self.lines)}"
        line = text.format(*operands, out=name) if "{out}" in text else f"{name} = {text.format(*operands)}"
        names: dict[str, Any] = {"torch": torch, **self.values}
        exec(in_torch(line), names)
        value = names[name]
        if not 0 < value.numel() <= LARGEST or not value.abs().max() <= HIGHEST:
            return False
        self.values[name] = value
        self.lines.append(line)
        self.unused = [other for other in self.unused if other not in operands] + [name]
        return True


def programs(most_lines: int = LINES) -> st.SearchStrategy[Case]:
    """Programs of up to so many lines with their leaves, to be judged to second order."""
    return cases("smooth")(partial(_program_case, most_lines))


def _program_case(most_lines: int, draw: Draw) -> Case:
    shapes = [filled(draw.shape(max_rank=3)) for _ in range(draw.integer(1, 3))]
    leaves = tuple(draw.uniform(shape, -2, 2) for shape in shapes)
    program = write_program(draw, leaves, KINDS, most_lines)
    hypothesis.assume(_is_tame(program, leaves))
    return Case(leaves, {"formula": program, "order": 2})


def write_program(draw: Draw, leaves: Sequence[Any], kinds: Sequence[Kind], most_lines: int = LINES) -> Program:
    """A program over these leaves, made of these kinds of line."""
    builder = Builder(draw, leaves)
    while draw.choice(MORE) and len(builder.lines) < most_lines:
        draw.choice(kinds)(builder)
    if not builder.lines:
        builder.append("0.5 * {0}", "x0")
    outputs = [name for name in builder.unused if name.startswith("v")]
    return Program(len(leaves), tuple(builder.lines), tuple(outputs))


def _is_tame(program: Program, leaves: Sequence[Any]) -> bool:
    """Whether derivatives stay within what float32 can hold."""
    tensors = [torch.from_numpy(leaf).double().requires_grad_() for leaf in leaves]
    outputs = [y.sum() for y in program(None, *tensors) if y.requires_grad]
    first = torch.autograd.grad(outputs, tensors, create_graph=True, allow_unused=True)
    found = [dx for dx in first if dx is not None]
    curved = [dx.sum() for dx in found if dx.requires_grad]
    if curved:
        second = torch.autograd.grad(curved, tensors, allow_unused=True)
        found += [dx for dx in second if dx is not None]
    return all(float(dx.detach().abs().max()) <= STEEPEST for dx in found)


@dataclass(frozen=True)
class Side:
    """How one side writes what a script needs beside the lines of the program."""

    start: str
    array: str
    leaf: str
    grad: str
    line: Callable[[str], str]


SCRATCH = Side(
    "import numpy as np\nfrom scratch import autograd as ag",
    "np.array({values}, np.{dtype})",
    "ag.Tensor(np.array({values}, np.{dtype}), requires_grad=True)",
    "ag.grad",
    str,
)
PYTORCH = Side(
    "import torch",
    "torch.tensor({values}, dtype=torch.{dtype})",
    "torch.tensor({values}, dtype=torch.{dtype}, requires_grad=True)",
    "torch.autograd.grad",
    in_torch,
)


def as_code(case: Case, side: Side, upstream: Sequence[Any]) -> str:
    """The program of a case as a script for one side, which prints results, first and second derivatives.

    upstream: the gradients of the results and of their first derivatives, with which second derivatives begin.
    """
    program: Program = case.options["formula"]
    leaves = [f"x{i}" for i in range(program.leaves)]

    def arrays(template: str, values: Sequence[Any]) -> list[str]:
        return [template.format(values=np.asarray(v).tolist(), dtype=case.dtype) for v in values]

    inputs, results = f"[{', '.join(leaves)}]", ", ".join(program.outputs)
    first_weights = [weights(y.shape) for y in upstream[: len(program.outputs)]]
    return "\n".join(
        [
            side.start,
            *(f"{name} = {value}" for name, value in zip(leaves, arrays(side.leaf, case.arrays), strict=True)),
            *map(side.line, program.lines),
            f"weights = [{', '.join(arrays(side.array, first_weights))}]",
            f"first = {side.grad}([{results}], {inputs}, weights, create_graph=True, allow_unused=True)",
            f"weights = [{', '.join(arrays(side.array, upstream))}]",
            f"curved = [(y, w) for y, w in zip([{results}, *first], weights) if y is not None and y.requires_grad]",
            f"second = {side.grad}([y for y, w in curved], {inputs}, [w for y, w in curved], allow_unused=True)",
            f"print({results}, first, second, sep='\\n')",
        ]
    )


class Wrong(AssertionError):
    """A program on which the two sides disagree: what is wrong, and the program as a script for each side."""


def judge(row: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """Values, first and second derivatives of a program agree with PyTorch. Raises Wrong where they do not."""
    evidence.draws += 1
    expected = answer(row, case, gradient=True)
    try:
        observed = observation(row, module, case, expected.upstream)
        for right, got in zip(
            (*expected.outputs, *expected.gradients), (*observed.outputs, *observed.gradients), strict=True
        ):
            if right is not None:
                evidence.saw(compare(right, got, "program", evidence.no_news), right.working.size)
    except Disagreement as wrong:
        scripts = [as_code(case, side, expected.upstream) for side in (SCRATCH, PYTORCH)]
        message = f"{wrong.message}\n{_legend(case)}"
        raise Wrong("\n\n".join([message, *scripts])) from None


def _legend(case: Case) -> str:
    """What the names in the judge's message are."""
    program: Program = case.options["formula"]
    names = [*program.outputs, *(f"first derivative in x{i}" for i in range(program.leaves))]
    return "\n".join(f"y[{i}] is {name}" for i, name in enumerate(names)) + "\ndx0 is second derivatives in x0"
