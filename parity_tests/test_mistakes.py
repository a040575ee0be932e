"""`pytest --mistakes`: every known wrong version of every component must be rejected."""

import pytest

from .harness import mistakes, projects
from .harness.checklist import all_rows
from .harness.entry import Mistake, Project, Row

pytestmark = pytest.mark.filterwarnings("ignore")  # wrong versions may warn as they like

PAIRS = [
    pytest.param(row, mistake, id=f"{row.name}-{number}")
    for row in all_rows()
    for number, mistake in enumerate(row.mistakes)
]


@pytest.mark.parametrize(("row", "mistake"), PAIRS)
@pytest.mark.check("mistakes")
def test_the_mistake_is_rejected(row: Row, mistake: Mistake, package: str) -> None:
    if isinstance(row, Project):
        rejected_by = projects.rejected_by(row, mistake, package)
    else:
        rejected_by = mistakes.rejected_by(row, mistake, package)
    if rejected_by is None:
        pytest.fail(f"{mistake.reason}  ({mistake.replace} → {mistake.by})", pytrace=False)
