"""The checklist as data: what was found about each row, what state that makes, and the same for machines."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .entry import Row
from .prerequisites import prerequisites

FORMAT = 1


class Finding(NamedTuple):
    """The outcome of one check of one row."""

    row: str
    check: str
    outcome: str  # "passed", "failed", "not written"
    worst: float  # noise units
    message: str


class Line(NamedTuple):
    """The state of one row."""

    row: Row
    state: str
    findings: dict[str, Finding]
    waits_for: tuple[str, ...]

    @property
    def worst(self) -> float:
        """The largest error that any check saw, in noise units."""
        return max((finding.worst for finding in self.findings.values()), default=0.0)


def summarise(rows: Iterable[Row], findings: Iterable[Finding]) -> list[Line]:
    """One line for each row that anything was found about."""
    by_row: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        known = by_row.setdefault(finding.row, {})
        if finding.check not in known or known[finding.check].outcome == "passed":
            known[finding.check] = finding
    present = [row for row in rows if row.name in by_row]
    states = {row.name: _state(row, by_row[row.name]) for row in present}
    return [_line(row, states, by_row[row.name]) for row in present]


def _line(row: Row, states: Mapping[str, str], findings: dict[str, Finding]) -> Line:
    """A row waits for what it is built from, unless that is built from the row in turn."""
    failing = [name for name in prerequisites(row.name) if states.get(name, "ticked") not in ("ticked", "partly run")]
    waits = tuple(name for name in failing if row.name not in prerequisites(name))
    waiting = states[row.name] != "ticked" and waits
    return Line(row, "waiting" if waiting else states[row.name], findings, waits)


def _state(row: Row, found: dict[str, Finding]) -> str:
    outcomes = {finding.outcome for finding in found.values()}
    if "failed" in outcomes:
        return "wrong"
    if "not written" in outcomes:
        return "not written"
    return "ticked" if set(row.checks) <= set(found) else "partly run"


_own: tuple[Row, ...] = ()


def judge_only(rows: tuple[Row, ...]) -> None:
    """From now on the rows are these, of a user, in the place of the catalogue."""
    global _own
    _own = rows


def all_rows() -> tuple[Row, ...]:
    """The catalogue, or a user's own rows. Imported when asked for: it imports the harness."""
    from ..catalogue import ROWS

    return _own or ROWS


def lesson_titles() -> dict[int, str]:
    """The titles of the lessons by their numbers; 0 is for components outside of this tree."""
    from ..catalogue import LESSONS

    return {0: "Your own", **LESSONS}


def as_json(lines: list[Line], package: str) -> dict[str, Any]:
    """The checklist as data; the format is described in CONTRIBUTING."""
    return {
        "format": FORMAT,
        "candidate": package,
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "torch")},
        "ticked": sum(line.state == "ticked" for line in lines),
        "total": len(all_rows()),
        "rows": [
            {
                "name": line.row.name,
                "lesson": line.row.lesson,
                "title": line.row.title,
                "state": line.state,
                "waits_for": list(line.waits_for),
                "checks": {
                    name: {"outcome": f.outcome, "worst_noise_units": f.worst, "message": f.message}
                    for name, f in line.findings.items()
                },
            }
            for line in lines
        ],
    }
