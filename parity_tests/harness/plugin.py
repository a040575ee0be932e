"""pytest, taught about rows: options, fixtures, evidence, and failures that a learner can act on."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from . import candidate, checklist, confined, isolation, own_rows, reporter, single_file
from .diagnosis import explain
from .disagreement import Disagreement
from .entry import CHECKS, Row
from .evidence import Evidence, Vacuous
from .failure import Failure
from .profiles import EXAMPLES

# A learner's components that failed a check, and which: the checks after it can wait. Those before it are run, so that
# what a learner is told does not depend on which process was faster.
WRONG = pytest.StashKey[dict[str, str]]()


class AlreadyWrong(Exception):
    """Another check of this component has failed in this run."""


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
        help="what is judged: a package with the same tree as scratch/, by name or as a folder; or a single file, in "
        "the place of the component of its name (default: scratch)",
    )
    group.addoption("--row", default="", metavar="NAME", help="the component that a single file is")
    group.addoption(
        "--rows",
        default="",
        metavar="NAME,NAME",
        help="these components only, in this order; or FILE.py: rows of your own (docs/custom.md), for the components "
        "in the folder of the file or in --candidate",
    )
    group.addoption(
        "--confined",
        action="store_true",
        help="run the candidate in processes of its own, with limits of time and memory and without PyTorch (not on "
        "Windows)",
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
    config.stash[WRONG] = {}
    _take_own_rows(config)
    if str(config.getoption("--candidate")) != "scratch":  # a learner's warnings are no news beside a verdict
        config.addinivalue_line("filterwarnings", "ignore")
    _prepare_single_file(config)
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("default")
    if not hasattr(config, "workerinput"):  # under pytest-xdist only the controller reports
        config.pluginmanager.register(reporter.Reporter(config), "nn-parity-checklist")


def _take_own_rows(config: pytest.Config) -> None:
    """`--rows FILE`: the rows of the file take the place of the catalogue."""
    option = config.option
    chosen = getattr(option, "own_rows", "") or str(option.rows)  # a worker is given what this has set already
    if not chosen.endswith(".py"):
        return
    file = Path(chosen)
    try:
        rows = own_rows.load(file)
    except own_rows.BadRows as error:
        raise pytest.UsageError(f"--rows: {error}") from None
    except Exception as error:
        raise pytest.UsageError(f"--rows: {file} cannot be run: {isolation.what_and_where(error)}") from None
    checklist.judge_only(rows)
    option.own_rows, option.rows = chosen, ",".join(row.name for row in rows)
    option.judged_file = chosen
    if option.candidate == "scratch":
        option.candidate = str(file.resolve().parent)
    else:
        option.judged_file += f" --candidate={option.candidate}"


def _prepare_single_file(config: pytest.Config) -> None:
    """`--candidate FILE`: a tree around the file, and its row alone."""
    file = Path(str(config.getoption("--candidate")))
    if file.suffix != ".py":
        return
    if not file.is_file():
        raise pytest.UsageError(f"--candidate: there is no file {file}")
    try:
        row = single_file.row_of(file, config.getoption("--row"), [row.name for row in checklist.all_rows()])
    except single_file.NoRow as error:
        raise pytest.UsageError(f"--candidate: {error}") from None
    config.option.judged_file = str(file)
    config.option.candidate = str(single_file.package_around(file, row))
    config.option.rows = row


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """What is imported and collected lives as long as the run: looking through it for garbage takes seconds."""
    if gc.get_freeze_count():  # a run within a run
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--rows`: these rows, in this order."""
    names = [name for name in str(config.getoption("--rows")).split(",") if name]
    if not names:
        return
    unknown = set(names) - {row.name for row in checklist.all_rows()}
    if unknown:
        raise pytest.UsageError(f"--rows: no component is called {', '.join(sorted(unknown))}")
    chosen = [(names.index(row.name), item) for item in items if (row := _row_of(item)) and row.name in names]
    kept = [item for _, item in sorted(chosen, key=lambda pair: pair[0])]
    dropped = [item for item in items if item not in set(kept)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = kept


def _row_of(item: pytest.Item) -> Row | None:
    """The row that a check is about."""
    row = item.callspec.params.get("row") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    return row if isinstance(row, Row) and item.get_closest_marker("check") else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as cores for the whole checklist; one for a choice of rows, and for benchmarks."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and not config.option.keyword
    whole = whole and not config.option.rows
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
    """The name of the package that is judged; its folder where it runs confined, and is not imported here."""
    chosen = str(request.config.getoption("--candidate"))
    if request.config.getoption("--confined"):
        return chosen if Path(chosen).is_dir() else str(candidate.folder_of(chosen))
    return candidate.package_name(chosen)


@pytest.fixture
def module(package: str, row: Row, request: pytest.FixtureRequest) -> ModuleType:
    """The component that is judged."""
    failed, asked = request.config.stash[WRONG].get(row.name), request.node.get_closest_marker("check")
    if failed and asked and CHECKS.index(asked.args[0]) > CHECKS.index(failed):
        raise AlreadyWrong
    if request.config.getoption("--confined"):
        return confined.load(Path(package).resolve(), row.name)
    if package != "scratch":
        own = getattr(request.config.option, "own_rows", "")
        _stands_alone(package, row.name, own_rows.FOREIGN if own else isolation.FOREIGN)
    try:
        return candidate.load(package, row.name)
    except (SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError, SystemExit) as error:
        raise _refused(package, row.name, f"it cannot be imported: {isolation.what_and_where(error)}") from None


def _stands_alone(package: str, name: str, foreign: tuple[str, ...]) -> None:
    """Raise Failure where a component imports what it is compared with, or the shipped solution."""
    found = isolation.foreign_import(candidate.folder_of(package), name, foreign)
    if found:
        raise _refused(package, name, f"{found}: a candidate stands on its own, and imports its own files relatively")


def _refused(package: str, name: str, why: str) -> Failure:
    unseen = ModuleType(f"{package}.{name}")
    unseen.__file__ = str(candidate.folder_of(package).joinpath(*name.split(".")).with_suffix(".py"))
    return Failure(Disagreement(why, "forward", crash=True), unseen, None)


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
    row = _row_of(item)
    if marker is None or row is None:
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
    if isinstance(error, AlreadyWrong):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, f"not run: {row.name} is wrong already")
        return found._replace(outcome="not run", message="another check has failed before")
    if str(item.config.getoption("--candidate")) != "scratch":
        item.config.stash[WRONG].setdefault(row.name, found.check)
    if isinstance(error, Failure):
        judged = getattr(item.config.option, "judged_file", None) or str(item.config.getoption("--candidate"))
        lines = explain(row, found.check, error, judged)
        if report.when != "call":
            report.outcome, found = "failed", found._replace(outcome="failed")
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
