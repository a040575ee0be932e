"""The checklist: pytest's terminal summary, lesson by lesson, one line a component; and the same for machines."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .entry import Row
from .prerequisites import prerequisites

FORMAT = 1
COLUMNS = ("forward", "gradient", "refusals")
OTHERS = {"layout": "forward", "accuracy": "forward", "divergences": "forward", "lockstep": "gradient",
          "target": "forward"}  # fmt: skip
MARKS = {"ticked": "✓", "wrong": "✗", "not written": "○", "waiting": "·", "partly run": "…"}
COLOURS = {"ticked": "green", "wrong": "red", "not written": "yellow", "waiting": "light", "partly run": "light"}


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


class Reporter:
    """Collects findings from test reports and prints the checklist at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.findings: list[Finding] = []
        self.untested: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what the worker or this process found."""
        self.findings += [Finding(*value) for name, value in report.user_properties if name == "nn-parity"]  # type: ignore[misc]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A complete run must have run every check of every row."""
        if self.findings and self._complete(session) and not self.config.getoption("--mistakes"):
            seen = {(finding.row, finding.check) for finding in self.findings}
            self.untested = [f"{row.name}: {check}" for row in _rows() for check in row.checks
                             if (row.name, check) not in seen]  # fmt: skip
            if self.untested and exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _complete(self, session: pytest.Session) -> bool:
        option = self.config.option
        chosen = (
            option.keyword
            or option.deselect
            or option.collectonly
            or getattr(option, "lf", False)
            or option.markexpr != "not slow"
        )
        everything = self.config.args_source is not pytest.Config.ArgsSource.ARGS
        return everything and not chosen and not (session.shouldstop or session.shouldfail)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the checklist, or the kill rate; write the JSON."""
        if not self.findings:
            return
        if self.config.getoption("--mistakes"):
            _print_kill_rate(terminalreporter, self.findings)
            return
        lines = summarise(_rows(), self.findings)
        _print_lines(terminalreporter, lines, verbose=self.config.get_verbosity() >= 0)  # -q is the default
        for missing in self.untested:
            terminalreporter.write_line(f"no test ran {missing}", red=True)
        target: Path | None = self.config.getoption("--checklist-json")
        if target is not None:
            target.write_text(json.dumps(as_json(lines, self.config.getoption("--candidate")), indent=1) + "\n",
                              encoding="utf-8")  # fmt: skip


def _rows() -> tuple[Row, ...]:
    from ..catalogue import ROWS

    return ROWS


def _cell(line: Line, column: str) -> str:
    """✓ where every check of the column passed, ✗ where one failed, – where the row has none."""
    checks = [name for name in line.row.checks if name == column or OTHERS.get(name) == column]
    outcomes = [line.findings[name].outcome for name in checks if name in line.findings]
    if not checks:
        return "–"
    if "failed" in outcomes:
        return "✗"
    if "not written" in outcomes:
        return "○"
    return "✓" if len(outcomes) == len(checks) else "…"


def _print_lines(out: Any, lines: list[Line], *, verbose: bool) -> None:
    wide = out._tw.fullwidth >= 120 or verbose
    lessons = _lesson_titles()
    last = None
    for line in lines:
        if line.row.lesson != last:
            last = line.row.lesson
            out.write_line("")
            out.write_line(
                f"{f'lesson {last} · {lessons[last]}':<43}{'forward  gradient  refusals  noise':>36}", bold=True
            )
        cells = "".join(f"{_cell(line, column):^9}" for column in COLUMNS)
        noise = f"{line.worst:6.1f}" if line.state == "ticked" else ""
        name = f"  {line.row.name}" if wide else ""
        text = f"  {MARKS[line.state]} {line.row.title:<39.39} {cells}{noise:>7}{name}"
        out.write_line(text.rstrip(), **{COLOURS[line.state]: True})
        if line.state == "waiting":
            out.write_line(f"      waits for: {', '.join(line.waits_for)}")
        elif line.state in ("wrong", "not written"):
            out.write_line(f"      {line.row.name}")
            out.write_line(f"      {_headline(line)}")
    _print_progress(out, lines)


def _headline(line: Line) -> str:
    if line.state == "not written":
        return "not written yet"
    failed = [finding for finding in line.findings.values() if finding.outcome == "failed"]
    details = [text.strip() for text in failed[0].message.split("\n") if text.strip().startswith("wrong")]
    detail = details[0].removeprefix("wrong").strip() if details else failed[0].message.split("\n")[0]
    return f"{failed[0].check}: {detail.split('  (')[0]}"


def _print_progress(out: Any, lines: list[Line]) -> None:
    ticked = sum(line.state == "ticked" for line in lines)
    total = len(_rows())
    filled = round(24 * ticked / total) if total else 0
    run = "" if len(lines) == total else f"  ({len(lines)} run)"
    out.write_line("")
    out.write_line(f"{'█' * filled}{'░' * (24 - filled)}  {ticked} of {total} components agree with PyTorch{run}")


def _print_kill_rate(out: Any, findings: list[Finding]) -> None:
    """`--mistakes`: how many of each component's wrong versions the harness rejected."""
    by_row: dict[str, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    rejected = 0
    for row in (row.name for row in _rows() if row.name in by_row):
        found = by_row[row]
        killed = sum(finding.outcome == "passed" for finding in found)
        rejected += killed
        mark = "✓" if killed == len(found) else "✗"
        out.write_line(f"  {mark} {row:<58} {killed:>3} of {len(found):>3}", green=mark == "✓", red=mark == "✗")
        for finding in found:
            if finding.outcome != "passed":
                out.write_line(f"      survives: {finding.message}")
    share = 100 * rejected / len(findings)
    out.write_line("")
    out.write_line(f"{rejected} of {len(findings)} mistakes in {len(by_row)} components rejected: {share:.1f}%")


def _lesson_titles() -> dict[int, str]:
    from ..catalogue import LESSONS

    return LESSONS


def as_json(lines: list[Line], package: str) -> dict[str, Any]:
    """The checklist as data; the format is described in CONTRIBUTING."""
    return {
        "format": FORMAT,
        "candidate": package,
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "torch")},
        "ticked": sum(line.state == "ticked" for line in lines),
        "total": len(_rows()),
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
