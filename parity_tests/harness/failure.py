"""A disagreement together with the case on which it was found."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from .disagreement import Disagreement
from .entry import Case, Entry
from .evidence import Evidence

Check = Callable[[Entry, ModuleType, Case, Evidence], None]


class Failure(AssertionError):
    """What the checklist reports: the disagreement, and what it was found on."""

    def __init__(self, disagreement: Disagreement, module: ModuleType, case: Any) -> None:
        super().__init__(disagreement.message)
        self.disagreement = disagreement
        self.module = module
        self.case = case


def judged(check: Check, row: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """Run a check on a case; a disagreement leaves as a Failure that knows the case."""
    try:
        check(row, module, case, evidence)
    except Disagreement as disagreement:
        raise Failure(disagreement, module, case) from None
