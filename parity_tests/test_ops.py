"""Every row with arrays in and arrays out, through every check that the harness knows."""

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings

from .harness import checks
from .harness.checklist import all_rows
from .harness.disagreement import Disagreement
from .harness.entry import Case, Entry
from .harness.evidence import Evidence
from .harness.failure import Failure, judged

ENTRIES = [row for row in all_rows() if isinstance(row, Entry)]


def each_row(check: str) -> pytest.MarkDecorator:
    """Run over the rows that this check belongs to."""
    rows = [pytest.param(row, id=row.name) for row in ENTRIES if check in row.checks]
    return pytest.mark.parametrize("row", rows)


def over_draws(row: Entry, check: Callable[[Case], None]) -> None:
    """Run a check on as many cases as the profile of Hypothesis says, or on the row's share of them."""

    @settings(max_examples=max(1, round(settings.default.max_examples * row.share)))
    @given(row.inputs)
    def run(case: Case) -> None:
        check(case)

    run()


@each_row("forward")
@pytest.mark.check("forward")
def test_forward(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    over_draws(row, lambda case: judged(checks.forward, row, module, case, evidence))


@each_row("gradient")
@pytest.mark.check("gradient")
def test_gradient(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    over_draws(row, lambda case: judged(checks.gradient, row, module, case, evidence))


@each_row("layout")
@pytest.mark.check("layout")
def test_layout(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    over_draws(row, lambda case: judged(checks.layout, row, module, case, evidence))


@each_row("accuracy")
@pytest.mark.check("accuracy")
def test_accuracy(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    for size in row.sizes.values():
        case = size(np.random.default_rng(0))
        if case.elements <= checks.ACCURACY_ELEMENTS:
            judged(checks.accuracy, row, module, case, evidence)


@each_row("refusals")
@pytest.mark.check("refusals")
def test_refusals(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    for refused in row.refusals:
        try:
            checks.refusal(row, module, refused, evidence)
        except Disagreement as disagreement:
            raise Failure(disagreement, module, refused.case) from None


@each_row("divergences")
@pytest.mark.check("divergences")
def test_divergences(row: Entry, module: ModuleType, evidence: Evidence) -> None:
    for divergence in row.divergences:
        checks.divergence(row, module, divergence.case, evidence)
