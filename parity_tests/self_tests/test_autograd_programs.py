"""Random programs find planted bugs, shrink them to a few lines, and print scripts that run."""

import contextlib
import io
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from ..catalogue.lesson_06_autograd import ROWS
from ..harness import candidate
from ..harness.entry import Case
from ..harness.evidence import Evidence
from ..harness.programs import PYTORCH, SCRATCH, Wrong, as_code, judge, programs
from ..harness.reference import answer

TENSOR = next(row for row in ROWS if row.name == "autograd.tensor")
QUIET = settings(
    max_examples=400, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

# The file of a primitive, its right rule and a wrong one.
PLANTED = {
    "tanh": ("autograd.functions", "dy * (1 - y * y)", "dy * (1 - y)"),
    "second derivative of exp": ("autograd.functions", "(x, mul, OUTPUT)", "(x, lambda dy, y: dy * plain(y), OUTPUT)"),
    "division": ("autograd.arithmetic", "-dy * (x / y / y)", "-dy * (x / y)"),
    "getitem with repeated indices": ("autograd.indexing", "np.add.at(dx, index, dy)", "dx[index] = dy"),
    "broadcasting": ("autograd.shapes", "np.sum(dy, axis=repeated", "np.mean(dy, axis=repeated"),
    "fan-out": ("autograd.tape", "arrived[target] + dx if target in arrived else dx", "dx"),
    "matrix product": ("autograd.linear_algebra", "dy @ np.swapaxes(y, -2, -1)", "0 * dy @ np.swapaxes(y, -2, -1)"),
}


def mutant(name: str, right: str, wrong: str) -> Any:
    source = candidate.source_file("scratch", name).read_text(encoding="utf-8")
    assert source.count(right) == 1
    source = source.replace("import as_tensor, floating, silent", "import as_tensor, floating, plain, silent")
    return candidate.from_source(source.replace(right, wrong), "scratch", name, label="planted")


BUGS = [pytest.param(bug, marks=() if bug == "fan-out" else pytest.mark.slow) for bug in PLANTED]


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_shrinks_to_a_program_of_at_most_three_lines(bug: str) -> None:
    module = mutant(*PLANTED[bug])

    def fails(case: Case) -> bool:
        try:
            judge(TENSOR, module, case, Evidence())
        except Wrong:
            return True
        return False

    case = find(programs(), fails, settings=QUIET)
    with pytest.raises(Wrong) as caught:
        judge(TENSOR, module, case, Evidence())
    print(caught.value)
    assert len(case.options["formula"].lines) <= 3


@settings(QUIET, max_examples=10)
@given(case=programs())
def test_the_printed_scripts_run_and_print_the_same(case: Case) -> None:
    upstream = answer(TENSOR, case, gradient=True).upstream
    printed = []
    for side in (SCRATCH, PYTORCH):
        code = as_code(case, side, upstream)
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, names)
        assert out.getvalue()
        results = [names[name] for name in case.options["formula"].outputs]
        gradients = [dx for dx in (*names["first"], *names["second"]) if dx is not None]
        printed.append([np.asarray(x.detach().numpy()) for x in (*results, *gradients)])
    for ours, theirs in zip(*printed, strict=True):
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype


def test_programs_are_long_and_different_and_use_everything() -> None:
    seen: list[Any] = []

    @settings(QUIET, max_examples=200, phases=[Phase.generate])
    @given(case=programs())
    def collect(case: Case) -> None:
        seen.append(case.options["formula"])

    collect()
    lines = [line for program in seen for line in program.lines]
    words = ["tanh", "exp", "log", "sqrt", "abs", "clip", "maximum", "minimum", "where", "sum", "mean", "var", "amax",
             "max(", "amin", "cumsum", "reshape", "transpose", "permute", "expand", "concatenate", "stack", "pad",
             "einsum", " @ ", "[[", "None", "clone", "+=", "**"]  # fmt: skip
    missing = [word for word in words if not any(word in line for line in lines)]
    assert not missing
    assert len({program.lines for program in seen}) > len(seen) / 2
    assert Counter(len(program.lines) >= 10 for program in seen)[True] > len(seen) / 4
