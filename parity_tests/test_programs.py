"""Random programs through the tape, against PyTorch, to second order. 2,000 in the thorough profile."""

from types import ModuleType

import pytest
from hypothesis import given, settings

from .catalogue.lesson_06_autograd import ROWS
from .harness import programs
from .harness.entry import Case, Entry
from .harness.evidence import Evidence

TENSOR = next(row for row in ROWS if row.name == "autograd.tensor")


@pytest.mark.parametrize("row", [pytest.param(TENSOR, id=TENSOR.name)])
@pytest.mark.check("programs")
def test_programs_agree_to_second_order(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    __tracebackhide__ = True
    examples = settings.default.max_examples

    @settings(max_examples=examples if examples < 1000 else 2 * examples)
    @given(programs.programs())
    def run(case: Case) -> None:
        __tracebackhide__ = True
        programs.judge(row, module, case, evidence)

    run()
