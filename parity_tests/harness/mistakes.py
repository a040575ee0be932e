"""The harness is tested too: every known mistake must be rejected, by a verdict and not by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np

from . import candidate, checks
from .disagreement import Disagreement
from .draws import drawn
from .entry import Entry, Mistake
from .evidence import Evidence

DRAWS = 150


def rejected_by(row: Entry, mistake: Mistake, package: str) -> str | None:
    """The check that rejects the wrong version, or None where it survives.

    Raises ValueError for a mistake that does not fit its file, and for one that only ever crashes: an edit that no
    longer runs says nothing about the judge.
    """
    source = candidate.source_file(package, row.name).read_text(encoding="utf-8")
    module = candidate.from_source(mistake.apply(source), package, row.name, label="mistake")
    crash = None
    for name, disagreement in _disagreements(row, module):
        if not disagreement.crash:
            return name
        crash = disagreement
    if crash is not None:
        raise ValueError(f"mistake {mistake.reason!r} only crashes: {crash.message}")
    return None


def _disagreements(row: Entry, module: ModuleType) -> Iterator[tuple[str, Disagreement]]:
    """What the checks of a row say, cheapest first, over the same draws for every mistake of the row."""
    check = checks.gradient if row.gradient else checks.forward
    for refused in row.refusals:
        try:
            checks.refusal(row, module, refused, Evidence())
        except Disagreement as found:
            yield "refusals", found
    for name, run in (("forward", checks.forward), ("gradient", check), ("layout", checks.layout)):
        if name in row.checks:
            for case in drawn(row, DRAWS):
                try:
                    run(row, module, case, Evidence())
                except Disagreement as found:
                    yield name, found
    for size in row.sizes.values():
        case = size(np.random.default_rng(0))
        if case.elements <= checks.ACCURACY_ELEMENTS:
            try:
                checks.accuracy(row, module, case, Evidence())
            except Disagreement as found:
                yield "accuracy", found
