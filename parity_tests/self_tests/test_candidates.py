"""Candidates of other kinds: a C library, arrays of JAX, a single file, one that has hardly begun."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ..catalogue import ROWS
from ..harness import candidate, checks, single_file
from ..harness.draws import drawn
from ..harness.evidence import Evidence
from . import inner_pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "candidates"
COMPILER = shutil.which("cc")


def judge(name: str) -> None:
    """Every check of a row, a few draws each."""
    row: Any = next(row for row in ROWS if row.name == name)
    source = (EXAMPLES / f"{name.rpartition('.')[2]}.py").read_text(encoding="utf-8")
    module = candidate.from_source(source, "scratch", name, label="example")
    for case in drawn(row, 24):
        for check in (checks.forward, checks.gradient, checks.layout):
            check(row, module, case, Evidence())
    for refused in row.refusals:
        checks.refusal(row, module, refused, Evidence())


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_a_c_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "librelu.so"
    command = [str(COMPILER), "-O2", "-shared", "-fPIC", "-o", str(library), str(EXAMPLES / "relu.c")]
    subprocess.run(command, check=True)
    monkeypatch.setenv("RELU_LIBRARY", str(library))
    judge("ops.activations.relu")


@pytest.mark.slow  # JAX compiles every operation for every shape; it is in the extra `peers`, which the nightly run has
@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
@pytest.mark.filterwarnings("ignore")
def test_arrays_of_jax() -> None:
    judge("ops.activations.softmax")


def test_programs_of_a_package_without_a_tape_are_not_written(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    (tmp_path / "my_nn").mkdir()
    (tmp_path / "my_nn" / "__init__.py").touch()
    result = inner_pytest.run(
        pytestconfig, tmp_path, inner_pytest.PROGRAMS, "--candidate=my_nn", "--checklist-json", str(tmp_path / "found")
    )
    assert result.returncode == 0
    (row,) = json.loads((tmp_path / "found").read_text(encoding="utf-8"))["rows"]
    assert row["state"] == row["checks"]["programs"]["outcome"] == "not written"


def test_a_single_file_is_judged_in_its_place_and_its_own_line_is_named(
    pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    source = candidate.source_file("scratch", "ops.activations.relu").read_text(encoding="utf-8")
    file = tmp_path / "relu.py"
    file.write_text(source.replace("dy * (cache.y != 0)", "2 * dy * (cache.y != 0)"), encoding="utf-8")
    result = inner_pytest.run(pytestconfig, tmp_path, inner_pytest.OPS, f"--candidate={file}")
    assert result.returncode == 1
    assert "a factor: every value is 2 times PyTorch's" in result.stdout
    assert "relu.py:" in result.stdout
    assert single_file.PACKAGE not in result.stdout
