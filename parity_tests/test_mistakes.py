"""`pytest --mistakes`: every known wrong version of every component must be rejected."""

import pytest

from .catalogue import ROWS
from .harness import mistakes
from .harness.entry import Entry, Mistake

PAIRS = [
    pytest.param(row, mistake, id=f"{row.name}-{number}")
    for row in ROWS
    if isinstance(row, Entry)
    for number, mistake in enumerate(row.mistakes)
]


@pytest.mark.parametrize(("row", "mistake"), PAIRS)
@pytest.mark.check("mistakes")
def test_the_mistake_is_rejected(row: Entry, mistake: Mistake, package: str) -> None:
    if mistakes.rejected_by(row, mistake, package) is None:
        pytest.fail(f"{mistake.reason}  ({mistake.replace} → {mistake.by})", pytrace=False)
