"""Random programs through the tape, against PyTorch, to second order. 2,000 in the thorough profile."""

import pytest
from hypothesis import given, settings

from .catalogue.lesson_06_autograd import ROWS
from .harness import candidate, programs
from .harness.entry import Case
from .harness.evidence import Evidence

TENSOR = next(row for row in ROWS if row.name == "autograd.tensor")


EXAMPLES = settings().max_examples


@settings(max_examples=EXAMPLES if EXAMPLES < 1000 else 2 * EXAMPLES)
@given(case=programs.programs())
def test_a_program_agrees_to_second_order(case: Case, package: str, evidence: Evidence) -> None:
    __tracebackhide__ = True
    try:
        module = candidate.load(package, TENSOR.name)
    except candidate.NotWritten as missing:
        pytest.skip(str(missing))
    programs.judge(TENSOR, module, case, evidence)
