"""pytest, taught about rows: options, fixtures, evidence, and failures that a learner can act on."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from . import candidate, checklist
from .diagnosis import explain
from .entry import Row
from .evidence import Evidence, Vacuous
from .failure import Failure

EXAMPLES = {"quick": 15, "default": 40, "thorough": 1000}

for _name, _examples in EXAMPLES.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,  # a shared machine may pause anywhere
        derandomize="CI" in os.environ,
        report_multiple_bugs=False,
        print_blob=False,
        # `evidence` counts over all draws of a test, so it must outlive one draw. A case can take long where a
        # project is trained; that is no fault of the strategy.
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the checklist."""
    group = parser.getgroup("nn-parity")
    group.addoption(
        "--candidate",
        default="scratch",
        metavar="PACKAGE",
        help="the package that is judged, a name or a folder, with the same tree as scratch/ (default: scratch)",
    )
    group.addoption(
        "--mistakes",
        action="store_true",
        help="test the harness: run every known mistake and print how many are rejected",
    )
    group.addoption(
        "--checklist-json", type=Path, metavar="FILE", help="write the checklist for machines (format: CONTRIBUTING)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the profile, register the markers and the reporter."""
    config.addinivalue_line("markers", "check(name): the check of a row that a test performs")
    config.addinivalue_line("markers", "slow: takes minutes; run with `pytest -m slow`")
    config.addinivalue_line("markers", "training: slow, and trains a network on real data from beginning to end")
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("default")
    if not hasattr(config, "workerinput"):  # under pytest-xdist only the controller reports
        config.pluginmanager.register(checklist.Reporter(config), "nn-parity-checklist")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as cores for the whole checklist; one for a choice of rows, and for benchmarks."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and not config.option.keyword
    if not whole:
        return 0
    # Each process with threads of its own for every core would be slower than one process; workers inherit this.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    return min(os.cpu_count() or 1, 8)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`--mistakes` runs the mistakes and nothing else; without it they are left out."""
    if collection_path.suffix != ".py":
        return None
    about_mistakes = collection_path.name == "test_mistakes.py"
    return True if about_mistakes != bool(config.getoption("--mistakes")) else None


@pytest.fixture
def package(request: pytest.FixtureRequest) -> str:
    """The name of the package that is judged."""
    return candidate.package_name(str(request.config.getoption("--candidate")))


@pytest.fixture
def module(package: str, row: Row) -> ModuleType:
    """The component that is judged."""
    return candidate.load(package, row.name)


@pytest.fixture
def evidence() -> Evidence:
    """What a test has seen over all its draws; verified after the test."""
    return Evidence()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A check that passed must have shown something."""
    result = yield
    seen = getattr(item, "funcargs", {}).get("evidence")
    if isinstance(seen, Evidence):
        seen.verify()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach what the checklist needs, and replace tracebacks by sentences."""
    report = yield
    marker = item.get_closest_marker("check")
    row = item.callspec.params.get("row") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    if marker is None or not isinstance(row, Row):
        return report
    if report.when == "call" or report.outcome != "passed":
        seen = getattr(item, "funcargs", {}).get("evidence")
        found = checklist.Finding(row.name, marker.args[0], report.outcome, getattr(seen, "worst", 0.0), "")
        if call.excinfo is not None:
            found = _explain(report, found, call.excinfo.value, row, item)
        report.user_properties.append(("nn-parity", tuple(found)))
    return report


def _explain(
    report: pytest.TestReport, found: checklist.Finding, error: BaseException, row: Row, item: pytest.Item
) -> checklist.Finding:
    """Turn an exception into an outcome with a message."""
    if isinstance(error, candidate.NotWritten):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, f"not written yet: {row.name}")
        return found._replace(outcome="not written", message=str(error))
    if isinstance(error, Failure):
        lines = explain(row, found.check, error, str(item.config.getoption("--candidate")))
        report.longrepr = "\n".join(lines)
        return found._replace(message=report.longrepr)
    if isinstance(error, Vacuous):
        report.longrepr = f"{row.name}, {found.check}: the harness proved nothing: {error}"
        return found._replace(message=report.longrepr)
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{row.name}, {found.check}: skipped, and a skipped check proves nothing"
        return found._replace(outcome="failed", message=report.longrepr)
    return found._replace(message=f"{type(error).__name__}: {error}")
