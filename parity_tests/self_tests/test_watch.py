"""`nn-parity watch` decides what to check, and when; the checks themselves are left out here."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from nn_parity.commands import watch
from nn_parity.course import progress

BUILT_FROM = {"linear": ["checks"], "relu": [], "network": ["linear", "relu"], "project": ["network"]}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """What is started, in the place of processes; `end` is the end of one."""
    started: list[SimpleNamespace] = []

    def start(folder: Path, names: list[str]) -> SimpleNamespace:
        run = SimpleNamespace(names=names, returncode=None, ended=False, wait=lambda: 0)
        run.poll = lambda: run.returncode
        run.terminate = lambda: setattr(run, "ended", True)
        started.append(run)
        return run

    monkeypatch.setattr(watch, "_pytest", start)
    return started


def end(checks: watch.Checks, run: SimpleNamespace, state: str) -> None:
    progress.update(checks.folder, {name: {"state": state} for name in run.names})
    run.returncode = int(state == "wrong")
    checks.go_on()


def test_what_is_built_from_a_component_is_checked_once_that_agrees(
    tmp_path: Path, runs: list[SimpleNamespace]
) -> None:
    checks = watch.Checks(tmp_path, BUILT_FROM)
    checks.saved(["linear"])
    end(checks, runs[0], "wrong")
    assert [run.names for run in runs] == [["linear"]]
    checks.saved(["linear"])
    checks.go_on()  # it is still at work
    end(checks, runs[1], "ticked")
    assert [run.names for run in runs[1:]] == [["linear"], ["network", "project"]]
    end(checks, runs[2], "ticked")
    assert len(runs) == 3
    assert not checks.open


def test_a_component_that_is_not_written_holds_up_what_is_built_from_it(
    tmp_path: Path, runs: list[SimpleNamespace]
) -> None:
    checks = watch.Checks(tmp_path, BUILT_FROM)
    checks.saved(["linear"])
    end(checks, runs[0], "not written")
    assert len(runs) == 1


def test_a_save_ends_the_run_and_loses_nothing_of_it(tmp_path: Path, runs: list[SimpleNamespace]) -> None:
    checks = watch.Checks(tmp_path, BUILT_FROM)
    checks.saved(["linear"])
    checks.saved(["relu"])
    assert runs[0].ended
    end(checks, runs[1], "ticked")
    assert [run.names for run in runs[1:]] == [["relu"], ["linear", "network", "project"]]


def test_a_file_that_nothing_is_built_from_disturbs_nothing(tmp_path: Path, runs: list[SimpleNamespace]) -> None:
    checks = watch.Checks(tmp_path, BUILT_FROM)
    checks.saved(["notes"])
    assert not runs
    checks.saved(["relu"])
    checks.saved(["notes"])
    assert not runs[0].ended
    checks.saved(["checks"])  # a helper has no row: all that is built from it
    assert runs[1].names == ["linear", "relu", "network", "project"]


def test_ctrl_c_ends_the_run(tmp_path: Path, runs: list[SimpleNamespace]) -> None:
    checks = watch.Checks(tmp_path, BUILT_FROM)
    checks.stop()
    checks.saved(["relu"])
    checks.stop()
    assert runs[0].ended
