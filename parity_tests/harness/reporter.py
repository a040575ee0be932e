"""What pytest tells at the end of a run: the checklist, and how far a learner has come."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from nn_parity.course import package, progress
from nn_parity.course.text import readable

from .checklist import Finding, Line, all_rows, as_json, summarise
from .checklist_text import Plain, print_checklist, print_kill_rate
from .entry import CHECKS


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
            self.untested = [f"{row.name}: {check}" for row in all_rows() for check in row.checks
                             if (row.name, check) not in seen]  # fmt: skip
            if self.untested and exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _complete(self, session: pytest.Session) -> bool:
        option = self.config.option
        chosen = (
            option.keyword
            or option.deselect
            or option.rows
            or option.collectonly
            or getattr(option, "lf", False)
            or option.markexpr != "not slow"
        )
        everything = self.config.args_source is not pytest.Config.ArgsSource.ARGS
        return everything and not chosen and not (session.shouldstop or session.shouldfail)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, None, None]:
        """Show the failures that a person should read first; then the checklist, or the kill rate."""
        lines = [] if self.config.getoption("--mistakes") else summarise(all_rows(), self.findings)
        hidden = _hide_what_follows(terminalreporter, lines)
        yield
        if not self.findings:
            return
        out = Plain(terminalreporter)
        if self.config.getoption("--mistakes"):
            print_kill_rate(out, self.findings)
            return
        print_checklist(out, lines, verbose=self.config.get_verbosity() >= 0)  # -q is the default
        if hidden:
            more = "1 more check" if hidden == 1 else f"{hidden} more checks"
            out.write_line(f"{more} failed, of the same components or of what is built from them")
        for missing in self.untested:
            out.write_line(f"no test ran {missing}", red=True)
        target: Path | None = self.config.getoption("--checklist-json")
        chosen = str(self.config.getoption("--candidate"))
        if target is not None:
            target.write_text(json.dumps(as_json(lines, chosen), indent=1) + "\n", encoding="utf-8")
        self._keep_progress(out, lines, chosen)

    def _keep_progress(self, out: Any, lines: list[Line], chosen: str) -> None:
        """Take a learner's run into their progress file, and say what has changed."""
        of_a_learner = chosen != "scratch" and Path(chosen).is_dir() and not self.config.getoption("--confined")
        if not of_a_learner or hasattr(self.config.option, "judged_file"):
            return
        seen = {line.row.name: {"state": line.state, "noise": round(line.worst, 2)} for line in lines}
        try:
            change = progress.update(Path(chosen), seen)
        except OSError as error:
            out.write_line(f"progress is not kept: {error}")
            return
        if str(change):
            out.write_line(str(change), bold=True)
        for name in package.exercises(Path(chosen), change.gained)[:3]:
            out.write_line(f"  {name}: compare with the shipped version: nn-parity diff {name}")


SHOWN = 3  # failures in full


def _hide_what_follows(terminalreporter: Any, lines: list[Line]) -> int:
    """Of the failed checks leave the first of each wrong component, and not of those that wait for another one.

    The first in the order of the checks: several processes may finish them in any other. Only for the eye: what failed
    has failed, in the checklist, in the JSON and in the exit status.
    """
    wrong = [line.row.name for line in lines if line.state == "wrong"][:SHOWN]
    known = {line.row.name for line in lines}
    hidden = 0
    seen: set[str] = set()
    for outcome in ("failed", "error"):
        kept = []
        for report in sorted(terminalreporter.stats.get(outcome, []), key=_place):
            name = _finding(report).row
            if name in known and (name not in wrong or name in seen):
                hidden += 1
                continue
            seen.add(name)
            if isinstance(report.longrepr, str):
                report.longrepr = readable(report.longrepr, getattr(terminalreporter._tw._file, "encoding", None))
            kept.append(report)
        if outcome in terminalreporter.stats:
            terminalreporter.stats[outcome] = kept
    return hidden


NOTHING = Finding("", "", "", 0.0, "")


def _finding(report: Any) -> Finding:
    """What a report says about a row."""
    found = [Finding(*value) for key, value in getattr(report, "user_properties", ()) if key == "nn-parity"]
    return found[0] if found else NOTHING


def _place(report: Any) -> int:
    """What is no check of a row comes before all that is."""
    check = _finding(report).check
    return CHECKS.index(check) if check else -1
